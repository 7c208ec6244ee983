SELECT t.division,
  CAST(SUM(t.f_number) AS BIGINT),
  COUNT(CASE WHEN (t.f_number IS NOT NULL) THEN 1 END),
  COUNT(CASE WHEN (t.f_number IS NULL) THEN 1 END)
FROM r_slot t
WHERE t.book = CAST($1 AS BIGINT) AND t.record >= 0 AND t.vfrom <= CAST($2 AS BIGINT) AND t.vto > CAST($2 AS BIGINT)
GROUP BY t.division;
-- 1 = 511000000000
-- 2 = 20221231
