-- the segment and the base by tier
WITH base AS (
  SELECT
    c.one_id,
    c.tier,
    c.demand
  FROM small_bank.main.tags AS c
  WHERE
    c.snapshot_date = CAST('2026-09-24' AS DATE)
    AND c.home_org IN ('31', '3101')
    AND NOT c.status IS NULL
    AND c.status IN ('active', 'frozen')
)
SELECT
  b.tier AS value,
  COALESCE(
    SUM(
      CASE WHEN COALESCE(b.demand, 0) > 50000 AND NOT k0.one_id IS NULL THEN 1 ELSE 0 END
    ),
    0
  ) AS n,
  COUNT(*) AS base_n
FROM base AS b
LEFT JOIN (
  SELECT
    e.one_id
  FROM small_bank.main.record_login AS e
  WHERE
    e.day >= CAST('2026-08-26' AS DATE) AND e.day <= CAST('2026-09-24' AS DATE)
  GROUP BY
    e.one_id
  HAVING
    COUNT(*) > 3
) AS k0
  ON k0.one_id = b.one_id
GROUP BY
  b.tier
ORDER BY
  b.tier ASC
