-- logged in within the last 30 days
WITH base AS (
  SELECT
    c.one_id
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
  EXISTS(
    SELECT
      1
    FROM small_bank.main.record_login AS e
    WHERE
      e.one_id = b.one_id
      AND e.day >= CAST('2026-08-26' AS DATE)
      AND e.day <= CAST('2026-09-24' AS DATE)
  )
