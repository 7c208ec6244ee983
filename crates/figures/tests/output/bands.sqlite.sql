SELECT t.division,
  COUNT(CASE WHEN (t.f_person IS NOT NULL) AND CASE WHEN j1.f_birth <= ?1 THEN j1.f_birth > ?2 END THEN 1 END),
  COUNT(CASE WHEN (t.f_person IS NOT NULL) AND (j1.f_birth IS NULL OR j1.f_birth > ?1) THEN 1 END),
  COUNT(CASE WHEN (t.f_person IS NOT NULL) AND CASE WHEN j1.f_birth <= ?1 THEN (j1.f_birth > ?3 AND j1.f_birth <= ?2) END THEN 1 END),
  COUNT(CASE WHEN (t.f_person IS NOT NULL) AND CASE WHEN j1.f_birth <= ?1 THEN j1.f_birth <= ?3 END THEN 1 END)
FROM r_seat t
LEFT JOIN r_person j1 ON j1.book = ?4 AND j1.record = t.f_person AND j1.vfrom <= ?1 AND j1.vto > ?1
WHERE t.book = ?4 AND t.record >= 0 AND t.vfrom <= ?1 AND t.vto > ?1
GROUP BY t.division;
-- 1 = 20221231
-- 2 = 19811231
-- 3 = 19711231
-- 4 = 511000000000
