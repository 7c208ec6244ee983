SELECT t.record, t.division, t.tx, j2.f_name, j2.f_name, NULL, j2.record, 0
FROM r_seat t
LEFT JOIN r_person j1 ON j1.book = ?1 AND j1.record = t.f_person AND j1.vfrom <= ?2 AND j1.vto > ?2
LEFT JOIN r_unit j2 ON j2.book = ?1 AND j2.record = j1.f_unit AND j2.vfrom <= ?2 AND j2.vto > ?2
WHERE t.book = ?1 AND t.record >= 0 AND t.vfrom <= ?2 AND t.vto > ?2
  AND ((j2.f_name IS NOT NULL))
ORDER BY t.record;
-- 1 = 511000000000
-- 2 = 20221231
