SELECT t.record, t.division, t.tx, j2.f_name, j2.f_name, NULL, j2.record, 0
FROM r_seat t
LEFT JOIN r_person j1 ON j1.book = CAST($1 AS BIGINT) AND j1.record = t.f_person AND j1.vfrom <= CAST($2 AS BIGINT) AND j1.vto > CAST($2 AS BIGINT)
LEFT JOIN r_unit j2 ON j2.book = CAST($1 AS BIGINT) AND j2.record = j1.f_unit AND j2.vfrom <= CAST($2 AS BIGINT) AND j2.vto > CAST($2 AS BIGINT)
WHERE t.book = CAST($1 AS BIGINT) AND t.record >= 0 AND t.vfrom <= CAST($2 AS BIGINT) AND t.vto > CAST($2 AS BIGINT)
  AND ((j2.f_name IS NOT NULL))
ORDER BY t.record;
-- 1 = 511000000000
-- 2 = 20221231
