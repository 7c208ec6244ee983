SELECT t.division,
  SUM(t.f_number),
  COUNT(CASE WHEN (t.f_number IS NOT NULL) THEN 1 END),
  COUNT(CASE WHEN (t.f_number IS NULL) THEN 1 END)
FROM r_slot t
WHERE t.book = ?1 AND t.record >= 0 AND t.vfrom <= ?2 AND t.vto > ?2
GROUP BY t.division;
-- 1 = 511000000000
-- 2 = 20221231
