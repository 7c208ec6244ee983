SELECT t.division,
  COUNT(CASE WHEN (t.f_person IS NOT NULL) AND CASE WHEN j1.f_birth <= CAST($1 AS BIGINT) THEN j1.f_birth > CAST($2 AS BIGINT) END THEN 1 END),
  COUNT(CASE WHEN (t.f_person IS NOT NULL) AND (j1.f_birth IS NULL OR j1.f_birth > CAST($1 AS BIGINT)) THEN 1 END),
  COUNT(CASE WHEN (t.f_person IS NOT NULL) AND CASE WHEN j1.f_birth <= CAST($1 AS BIGINT) THEN (j1.f_birth > CAST($3 AS BIGINT) AND j1.f_birth <= CAST($2 AS BIGINT)) END THEN 1 END),
  COUNT(CASE WHEN (t.f_person IS NOT NULL) AND CASE WHEN j1.f_birth <= CAST($1 AS BIGINT) THEN j1.f_birth <= CAST($3 AS BIGINT) END THEN 1 END)
FROM r_seat t
LEFT JOIN r_person j1 ON j1.book = CAST($4 AS BIGINT) AND j1.record = t.f_person AND j1.vfrom <= CAST($1 AS BIGINT) AND j1.vto > CAST($1 AS BIGINT)
WHERE t.book = CAST($4 AS BIGINT) AND t.record >= 0 AND t.vfrom <= CAST($1 AS BIGINT) AND t.vto > CAST($1 AS BIGINT)
GROUP BY t.division;
-- 1 = 20221231
-- 2 = 19811231
-- 3 = 19711231
-- 4 = 511000000000
