SELECT t.division,
  COUNT(CASE WHEN (t.f_done <> 0) AND (t.f_day > CAST($1 AS BIGINT) AND CASE WHEN t.f_day % 100 > 0 THEN t.f_day WHEN t.f_day % 10000 > 0 THEN t.f_day + 32 ELSE t.f_day + 1332 END < CAST($3 AS BIGINT)) THEN 1 END),
  COUNT(CASE WHEN (t.f_done <> 0) IS NULL AND (t.f_day > CAST($1 AS BIGINT) AND CASE WHEN t.f_day % 100 > 0 THEN t.f_day WHEN t.f_day % 10000 > 0 THEN t.f_day + 32 ELSE t.f_day + 1332 END < CAST($3 AS BIGINT)) THEN 1 END),
  COUNT(CASE WHEN (t.f_done <> 0) AND t.f_day IS NULL THEN 1 END),
  COUNT(CASE WHEN (t.f_done <> 0) AND (t.f_day <= CAST($2 AS BIGINT) AND CASE WHEN t.f_day % 100 > 0 THEN t.f_day WHEN t.f_day % 10000 > 0 THEN t.f_day + 32 ELSE t.f_day + 1332 END > CAST($1 AS BIGINT) AND NOT (t.f_day > CAST($1 AS BIGINT) AND CASE WHEN t.f_day % 100 > 0 THEN t.f_day WHEN t.f_day % 10000 > 0 THEN t.f_day + 32 ELSE t.f_day + 1332 END < CAST($3 AS BIGINT))) THEN 1 END),
  CAST(SUM(CASE WHEN (t.f_day > CAST($1 AS BIGINT) AND CASE WHEN t.f_day % 100 > 0 THEN t.f_day WHEN t.f_day % 10000 > 0 THEN t.f_day + 32 ELSE t.f_day + 1332 END < CAST($3 AS BIGINT)) THEN t.f_cost END) AS BIGINT),
  COUNT(CASE WHEN (t.f_day > CAST($1 AS BIGINT) AND CASE WHEN t.f_day % 100 > 0 THEN t.f_day WHEN t.f_day % 10000 > 0 THEN t.f_day + 32 ELSE t.f_day + 1332 END < CAST($3 AS BIGINT)) AND (t.f_cost IS NOT NULL) THEN 1 END),
  COUNT(CASE WHEN (t.f_day > CAST($1 AS BIGINT) AND CASE WHEN t.f_day % 100 > 0 THEN t.f_day WHEN t.f_day % 10000 > 0 THEN t.f_day + 32 ELSE t.f_day + 1332 END < CAST($3 AS BIGINT)) AND (t.f_cost IS NULL) THEN 1 END),
  COUNT(CASE WHEN t.f_day IS NULL THEN 1 END),
  COUNT(CASE WHEN (t.f_day <= CAST($2 AS BIGINT) AND CASE WHEN t.f_day % 100 > 0 THEN t.f_day WHEN t.f_day % 10000 > 0 THEN t.f_day + 32 ELSE t.f_day + 1332 END > CAST($1 AS BIGINT) AND NOT (t.f_day > CAST($1 AS BIGINT) AND CASE WHEN t.f_day % 100 > 0 THEN t.f_day WHEN t.f_day % 10000 > 0 THEN t.f_day + 32 ELSE t.f_day + 1332 END < CAST($3 AS BIGINT))) THEN 1 END)
FROM r_visit t
WHERE t.book = CAST($4 AS BIGINT) AND t.record >= 0 AND t.vfrom <= CAST($2 AS BIGINT) AND NOT EXISTS (SELECT 1 FROM r_visit u WHERE u.book = CAST($4 AS BIGINT) AND u.record = t.record AND ((t.vfrom <= CAST($2 AS BIGINT) AND u.vfrom <= CAST($2 AS BIGINT) AND u.vfrom > t.vfrom) OR (t.vfrom > CAST($2 AS BIGINT) AND u.vfrom < t.vfrom)))
GROUP BY t.division;
-- 1 = 20211231
-- 2 = 20221231
-- 3 = 20230101
-- 4 = 511000000000
