-- a login, and a transfer within 7 days of it
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
    FROM small_bank.main.record_login AS f
    WHERE
      f.one_id = b.one_id
      AND f.day >= CAST('2026-08-26' AS DATE)
      AND f.day <= CAST('2026-09-24' AS DATE)
      AND EXISTS(
        SELECT
          1
        FROM small_bank.main.record_transfer AS t
        WHERE
          t.one_id = f.one_id
          AND t.day >= f.day
          AND DATE_DIFF('DAY', f.day, t.day) <= 7
          AND t.day >= CAST('2026-08-26' AS DATE)
          AND t.day <= CAST('2026-09-24' AS DATE)
      )
  )
