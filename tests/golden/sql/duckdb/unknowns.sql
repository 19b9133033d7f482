-- how many have no age to compare
WITH base AS (
  SELECT
    c.one_id,
    c.age
  FROM small_bank.main.tags AS c
  WHERE
    c.snapshot_date = CAST('2026-09-24' AS DATE)
    AND NOT c.status IS NULL
    AND c.status IN ('active', 'frozen')
)
SELECT
  COUNT(*) AS n,
  COALESCE(SUM(CASE WHEN b.age IS NULL THEN 1 ELSE 0 END), 0) AS unknown_0
FROM base AS b
