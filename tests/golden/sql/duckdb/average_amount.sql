-- transfers of 200 or more on average
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
        e.day <= CAST('2026-09-24' AS DATE)
      GROUP BY
        e.one_id
      HAVING
        COUNT(e.amount) > 0 AND SUM(e.amount) >= 200 * COUNT(e.amount)
    ) AS k
    WHERE
      k.one_id = b.one_id
  )
