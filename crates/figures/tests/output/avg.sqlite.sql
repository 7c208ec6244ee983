SELECT t.division,
  SUM(CASE WHEN (t.f_person IS NOT NULL) THEN CASE WHEN ?1 >= CASE WHEN j1.f_birth % 100 > 0 THEN j1.f_birth WHEN j1.f_birth % 10000 > 0 THEN j1.f_birth + 1 ELSE j1.f_birth + 101 END THEN (?1 - CASE WHEN j1.f_birth % 100 > 0 THEN j1.f_birth WHEN j1.f_birth % 10000 > 0 THEN j1.f_birth + 1 ELSE j1.f_birth + 101 END) / 10000 END END),
  COUNT(CASE WHEN (t.f_person IS NOT NULL) AND (j1.f_birth IS NOT NULL AND j1.f_birth <= ?1) THEN 1 END),
  COUNT(CASE WHEN (t.f_person IS NOT NULL) AND (j1.f_birth IS NULL OR j1.f_birth > ?1) THEN 1 END)
FROM r_seat t
LEFT JOIN r_person j1 ON j1.book = ?2 AND j1.record = t.f_person AND j1.vfrom <= ?1 AND j1.vto > ?1
WHERE t.book = ?2 AND t.record >= 0 AND t.vfrom <= ?1 AND t.vto > ?1
GROUP BY t.division;
-- 1 = 20221231
-- 2 = 511000000000
