-- logged in on 2 or more weekend days in the last 30
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
    FROM (
      SELECT
        e.one_id
      FROM small_bank.main.record_login AS e
      WHERE
        e.day >= CAST('2026-08-26' AS DATE)
        AND e.day <= CAST('2026-09-24' AS DATE)
        AND e.day IN (
          CAST('2026-08-29' AS DATE),
          CAST('2026-08-30' AS DATE),
          CAST('2026-09-05' AS DATE),
          CAST('2026-09-06' AS DATE),
          CAST('2026-09-12' AS DATE),
          CAST('2026-09-13' AS DATE),
          CAST('2026-09-19' AS DATE)
        )
      GROUP BY
        e.one_id
      HAVING
        COUNT(DISTINCT e.day) >= 2
    ) AS k
    WHERE
      k.one_id = b.one_id
  )
