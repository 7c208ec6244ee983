SELECT t.record, t.division, t.tx, CASE t.f_post WHEN CAST($1 AS TEXT) THEN CAST($2 AS TEXT) WHEN CAST($3 AS TEXT) THEN CAST($4 AS TEXT) WHEN CAST($5 AS TEXT) THEN CAST($6 AS TEXT) END, CASE t.f_post WHEN CAST($1 AS TEXT) THEN CAST($2 AS TEXT) WHEN CAST($3 AS TEXT) THEN CAST($4 AS TEXT) WHEN CAST($5 AS TEXT) THEN CAST($6 AS TEXT) END, t.f_post, t.record, 0
FROM r_seat t
WHERE t.book = CAST($7 AS BIGINT) AND t.record >= 0 AND t.vfrom <= CAST($8 AS BIGINT) AND t.vto > CAST($8 AS BIGINT)
  AND ((t.f_person IS NULL))
ORDER BY t.record;
-- 1 = head
-- 2 = 主任
-- 3 = deputy
-- 4 = 副主任
-- 5 = member
-- 6 = 委员
-- 7 = 511000000000
-- 8 = 20221231
