SELECT t.division,
  COUNT(CASE WHEN (t.f_person IS NOT NULL) THEN 1 END)
FROM r_seat t
JOIN division_tree w ON w.book = ?1 AND w.ancestor = ?2 AND w.division = t.division
WHERE t.book = ?1 AND t.record >= 0 AND t.vfrom <= ?3 AND t.vto > ?3
GROUP BY t.division;
-- 1 = 511000000000
-- 2 = 511000000101
-- 3 = 20221231
