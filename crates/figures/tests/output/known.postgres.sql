SELECT t.division,
  COUNT(CASE WHEN (t.f_person IS NOT NULL) AND (t.f_post = CAST($1 AS TEXT)) THEN 1 END),
  COUNT(CASE WHEN (t.f_person IS NOT NULL) AND (t.f_post IS NULL) THEN 1 END),
  COUNT(CASE WHEN (t.f_person IS NOT NULL) AND CASE WHEN j1.f_birth <= CAST($2 AS BIGINT) THEN j1.f_birth > CAST($3 AS BIGINT) END THEN 1 END),
  COUNT(CASE WHEN (t.f_person IS NOT NULL) AND (j1.f_birth IS NULL OR j1.f_birth > CAST($2 AS BIGINT)) THEN 1 END)
FROM (SELECT book, record, division, vfrom, vto, tx, f_person, f_post, f_start FROM r_seat WHERE book = CAST($4 AS BIGINT) AND tx <= CAST($5 AS BIGINT) UNION ALL SELECT book, record, division, vfrom, vto, tx, f_person, f_post, f_start FROM h_seat WHERE book = CAST($4 AS BIGINT) AND tx <= CAST($5 AS BIGINT) AND tx_to > CAST($5 AS BIGINT)) t
LEFT JOIN (SELECT book, record, division, vfrom, vto, tx, f_name, f_birth, f_sex, f_education, f_unit FROM r_person WHERE book = CAST($4 AS BIGINT) AND tx <= CAST($5 AS BIGINT) UNION ALL SELECT book, record, division, vfrom, vto, tx, f_name, f_birth, f_sex, f_education, f_unit FROM h_person WHERE book = CAST($4 AS BIGINT) AND tx <= CAST($5 AS BIGINT) AND tx_to > CAST($5 AS BIGINT)) j1 ON j1.book = CAST($4 AS BIGINT) AND j1.record = t.f_person AND j1.vfrom <= CAST($2 AS BIGINT) AND j1.vto > CAST($2 AS BIGINT)
WHERE t.book = CAST($4 AS BIGINT) AND t.record >= 0 AND t.vfrom <= CAST($2 AS BIGINT) AND t.vto > CAST($2 AS BIGINT)
GROUP BY t.division;
-- 1 = head
-- 2 = 20221231
-- 3 = 19811231
-- 4 = 511000000000
-- 5 = 7
