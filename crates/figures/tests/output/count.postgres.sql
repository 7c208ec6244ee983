SELECT t.division,
  COUNT(CASE WHEN (t.f_person IS NOT NULL) THEN 1 END)
FROM r_seat t
WHERE t.book = CAST($1 AS BIGINT) AND t.record >= 0 AND t.vfrom <= CAST($2 AS BIGINT) AND t.vto > CAST($2 AS BIGINT)
GROUP BY t.division;
-- 1 = 511000000000
-- 2 = 20221231
