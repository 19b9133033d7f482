-- tier T2 or higher
WITH base AS (
  SELECT
    c.one_id,
    c.tier
  FROM small_bank.main.tags AS c
  WHERE
    c.snapshot_date = CAST('2026-09-24' AS DATE)
    AND NOT c.status IS NULL
    AND c.status IN ('active', 'frozen')
)
SELECT
  COUNT(*) AS n
FROM base AS b
WHERE
  NOT b.tier IS NULL AND b.tier IN ('T2', 'T3')
