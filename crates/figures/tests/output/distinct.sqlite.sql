SELECT t.record, t.division, t.tx, (COALESCE(CAST(j1.f_name AS TEXT), '') || COALESCE(CAST(CASE t.f_post WHEN ?1 THEN ?2 WHEN ?3 THEN ?4 WHEN ?5 THEN ?6 END AS TEXT), '')), t.f_person, NULL, t.record, 0
FROM r_seat t
LEFT JOIN r_person j1 ON j1.book = ?7 AND j1.record = t.f_person AND j1.vfrom <= ?8 AND j1.vto > ?8
WHERE t.book = ?7 AND t.record >= 0 AND t.vfrom <= ?8 AND t.vto > ?8
  AND ((t.f_person IS NOT NULL))
ORDER BY t.record;
-- 1 = head
-- 2 = 主任
-- 3 = deputy
-- 4 = 副主任
-- 5 = member
-- 6 = 委员
-- 7 = 511000000000
-- 8 = 20221231
