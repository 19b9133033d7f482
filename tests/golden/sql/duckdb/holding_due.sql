-- one wealth product of more than 100,000 that matures within 7 days
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
    FROM small_bank.main.record_holding AS e
    WHERE
      e.one_id = b.one_id
      AND (
        e.valid_from IS NULL OR e.valid_from <= CAST('2026-09-24' AS DATE)
      )
      AND (
        e.valid_to IS NULL OR e.valid_to >= CAST('2026-09-24' AS DATE)
      )
      AND NOT e.product IS NULL
      AND e.product IN ('wealth', 'fixed', 'cash')
      AND COALESCE(e.amount, 0) > 100000
      AND NOT e.due IS NULL
      AND e.due >= CAST('2026-09-25' AS DATE)
      AND e.due <= CAST('2026-10-01' AS DATE)
  )
