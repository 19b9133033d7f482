-- transfers of more than 10,000 in all last month
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
      FROM small_bank.main.record_transfer AS e
      WHERE
        e.day >= CAST('2026-08-01' AS DATE) AND e.day <= CAST('2026-08-31' AS DATE)
      GROUP BY
        e.one_id
      HAVING
        COALESCE(SUM(e.amount), 0) > 10000
    ) AS k
    WHERE
      k.one_id = b.one_id
  )
