-- opened in the last 30 days
WITH base AS (
  SELECT
    c.one_id,
    c.opened
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
  NOT b.opened IS NULL
  AND b.opened >= CAST('2026-08-26' AS DATE)
  AND b.opened <= CAST('2026-09-24' AS DATE)
