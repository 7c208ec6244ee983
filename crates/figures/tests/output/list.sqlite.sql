SELECT t.record, t.division, t.tx, CASE t.f_post WHEN ?1 THEN ?2 WHEN ?3 THEN ?4 WHEN ?5 THEN ?6 END, CASE t.f_post WHEN ?1 THEN ?2 WHEN ?3 THEN ?4 WHEN ?5 THEN ?6 END, t.f_post, t.record, 0
FROM r_seat t
WHERE t.book = ?7 AND t.record >= 0 AND t.vfrom <= ?8 AND t.vto > ?8
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
