SELECT t.division,
  COUNT(CASE WHEN (t.f_done <> 0) AND (t.f_day > ?1 AND CASE WHEN t.f_day % 100 > 0 THEN t.f_day WHEN t.f_day % 10000 > 0 THEN t.f_day + 32 ELSE t.f_day + 1332 END < ?3) THEN 1 END),
  COUNT(CASE WHEN (t.f_done <> 0) IS NULL AND (t.f_day > ?1 AND CASE WHEN t.f_day % 100 > 0 THEN t.f_day WHEN t.f_day % 10000 > 0 THEN t.f_day + 32 ELSE t.f_day + 1332 END < ?3) THEN 1 END),
  COUNT(CASE WHEN (t.f_done <> 0) AND t.f_day IS NULL THEN 1 END),
  COUNT(CASE WHEN (t.f_done <> 0) AND (t.f_day <= ?2 AND CASE WHEN t.f_day % 100 > 0 THEN t.f_day WHEN t.f_day % 10000 > 0 THEN t.f_day + 32 ELSE t.f_day + 1332 END > ?1 AND NOT (t.f_day > ?1 AND CASE WHEN t.f_day % 100 > 0 THEN t.f_day WHEN t.f_day % 10000 > 0 THEN t.f_day + 32 ELSE t.f_day + 1332 END < ?3)) THEN 1 END),
  SUM(CASE WHEN (t.f_day > ?1 AND CASE WHEN t.f_day % 100 > 0 THEN t.f_day WHEN t.f_day % 10000 > 0 THEN t.f_day + 32 ELSE t.f_day + 1332 END < ?3) THEN t.f_cost END),
  COUNT(CASE WHEN (t.f_day > ?1 AND CASE WHEN t.f_day % 100 > 0 THEN t.f_day WHEN t.f_day % 10000 > 0 THEN t.f_day + 32 ELSE t.f_day + 1332 END < ?3) AND (t.f_cost IS NOT NULL) THEN 1 END),
  COUNT(CASE WHEN (t.f_day > ?1 AND CASE WHEN t.f_day % 100 > 0 THEN t.f_day WHEN t.f_day % 10000 > 0 THEN t.f_day + 32 ELSE t.f_day + 1332 END < ?3) AND (t.f_cost IS NULL) THEN 1 END),
  COUNT(CASE WHEN t.f_day IS NULL THEN 1 END),
  COUNT(CASE WHEN (t.f_day <= ?2 AND CASE WHEN t.f_day % 100 > 0 THEN t.f_day WHEN t.f_day % 10000 > 0 THEN t.f_day + 32 ELSE t.f_day + 1332 END > ?1 AND NOT (t.f_day > ?1 AND CASE WHEN t.f_day % 100 > 0 THEN t.f_day WHEN t.f_day % 10000 > 0 THEN t.f_day + 32 ELSE t.f_day + 1332 END < ?3)) THEN 1 END)
FROM r_visit t
WHERE t.book = ?4 AND t.record >= 0 AND t.vfrom <= ?2 AND NOT EXISTS (SELECT 1 FROM r_visit u WHERE u.book = ?4 AND u.record = t.record AND ((t.vfrom <= ?2 AND u.vfrom <= ?2 AND u.vfrom > t.vfrom) OR (t.vfrom > ?2 AND u.vfrom < t.vfrom)))
GROUP BY t.division;
-- 1 = 20211231
-- 2 = 20221231
-- 3 = 20230101
-- 4 = 511000000000
