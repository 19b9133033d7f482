-- the last transfer was above 100
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
        w.customer
      FROM (
        SELECT
          e.one_id AS customer,
          e.amount AS value,
          ROW_NUMBER() OVER (
            PARTITION BY e.one_id
            ORDER BY e.day DESC, CASE WHEN NOT e.amount IS NULL THEN 0 ELSE 1 END ASC, e.amount DESC
          ) AS place
        FROM small_bank.main.record_transfer AS e
        WHERE
          e.day <= CAST('2026-09-24' AS DATE)
      ) AS w
      WHERE
        w.place = 1 AND NOT w.value IS NULL AND w.value > 100
    ) AS k
    WHERE
      k.customer = b.one_id
  )
