SELECT t.division,
  COUNT(CASE WHEN (t.f_person IS NOT NULL) AND (t.f_post = ?1) THEN 1 END),
  COUNT(CASE WHEN (t.f_person IS NOT NULL) AND (t.f_post IS NULL) THEN 1 END),
  COUNT(CASE WHEN (t.f_person IS NOT NULL) AND CASE WHEN j1.f_birth <= ?2 THEN j1.f_birth > ?3 END THEN 1 END),
  COUNT(CASE WHEN (t.f_person IS NOT NULL) AND (j1.f_birth IS NULL OR j1.f_birth > ?2) THEN 1 END)
FROM (SELECT book, record, division, vfrom, vto, tx, f_person, f_post, f_start FROM r_seat WHERE book = ?4 AND tx <= ?5 UNION ALL SELECT book, record, division, vfrom, vto, tx, f_person, f_post, f_start FROM h_seat WHERE book = ?4 AND tx <= ?5 AND tx_to > ?5) t
LEFT JOIN (SELECT book, record, division, vfrom, vto, tx, f_name, f_birth, f_sex, f_education, f_unit FROM r_person WHERE book = ?4 AND tx <= ?5 UNION ALL SELECT book, record, division, vfrom, vto, tx, f_name, f_birth, f_sex, f_education, f_unit FROM h_person WHERE book = ?4 AND tx <= ?5 AND tx_to > ?5) j1 ON j1.book = ?4 AND j1.record = t.f_person AND j1.vfrom <= ?2 AND j1.vto > ?2
WHERE t.book = ?4 AND t.record >= 0 AND t.vfrom <= ?2 AND t.vto > ?2
GROUP BY t.division;
-- 1 = head
-- 2 = 20221231
-- 3 = 19811231
-- 4 = 511000000000
-- 5 = 7
