SELECT t.division,
  COUNT(CASE WHEN (t.f_person IS NOT NULL) THEN 1 END)
FROM r_seat t
JOIN division_tree w ON w.book = CAST($1 AS BIGINT) AND w.ancestor = CAST($2 AS BIGINT) AND w.division = t.division
WHERE t.book = CAST($1 AS BIGINT) AND t.record >= 0 AND t.vfrom <= CAST($3 AS BIGINT) AND t.vto > CAST($3 AS BIGINT)
GROUP BY t.division;
-- 1 = 511000000000
-- 2 = 511000000101
-- 3 = 20221231
