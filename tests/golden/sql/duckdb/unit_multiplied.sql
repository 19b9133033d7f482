-- credit line of at least 50,000, stored in 万
WITH base AS (
  SELECT
    c.one_id,
    c.credit_wan
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
  NOT b.credit_wan IS NULL AND b.credit_wan * 10000 >= 50000
