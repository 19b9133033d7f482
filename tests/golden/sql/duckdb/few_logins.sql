-- at most 3 logins in the last 30 days, none included
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
  NOT EXISTS(
    SELECT
      1
    FROM (
      SELECT
        e.one_id
      FROM small_bank.main.record_login AS e
      WHERE
        e.day >= CAST('2026-08-26' AS DATE) AND e.day <= CAST('2026-09-24' AS DATE)
      GROUP BY
        e.one_id
      HAVING
        NOT (
          COUNT(*) <= 3
        )
    ) AS k
    WHERE
      k.one_id = b.one_id
  )
