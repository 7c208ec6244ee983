SELECT t.division,
  COUNT(CASE WHEN (t.f_person IS NOT NULL) THEN 1 END),
  COUNT(CASE WHEN (t.f_person IS NOT NULL) AND (t.f_post = ?1) THEN 1 END),
  COUNT(CASE WHEN (t.f_person IS NOT NULL) AND (t.f_post IS NULL) THEN 1 END),
  COUNT(CASE WHEN (t.f_person IS NOT NULL) AND (CASE j1.f_education WHEN ?2 THEN ?3 WHEN ?4 THEN ?3 WHEN ?5 THEN ?6 END = ?3) THEN 1 END),
  COUNT(CASE WHEN (t.f_person IS NOT NULL) AND (CASE j1.f_education WHEN ?2 THEN ?3 WHEN ?4 THEN ?3 WHEN ?5 THEN ?6 END IS NULL) THEN 1 END)
FROM r_seat t
LEFT JOIN r_person j1 ON j1.book = ?7 AND j1.record = t.f_person AND j1.vfrom <= ?8 AND j1.vto > ?8
WHERE t.book = ?7 AND t.record >= 0 AND t.vfrom <= ?8 AND t.vto > ?8
GROUP BY t.division;
-- 1 = head
-- 2 = 10
-- 3 = high
-- 4 = 21
-- 5 = 31
-- 6 = low
-- 7 = 511000000000
-- 8 = 20221231
