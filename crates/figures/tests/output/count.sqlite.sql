SELECT t.division,
  COUNT(CASE WHEN (t.f_person IS NOT NULL) THEN 1 END)
FROM r_seat t
WHERE t.book = ?1 AND t.record >= 0 AND t.vfrom <= ?2 AND t.vto > ?2
GROUP BY t.division;
-- 1 = 511000000000
-- 2 = 20221231
