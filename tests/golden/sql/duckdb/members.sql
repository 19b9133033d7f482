-- the first 100 of them by id
WITH base AS (
  SELECT
    c.one_id,
    c.demand
  FROM small_bank.main.tags AS c
  WHERE
    c.snapshot_date = CAST('2026-09-24' AS DATE)
    AND c.home_org IN ('31', '3101')
    AND NOT c.status IS NULL
    AND c.status IN ('active', 'frozen')
), candidates AS (
  SELECT
    b.one_id,
    b.demand
  FROM base AS b
  WHERE
    COALESCE(b.demand, 0) > 50000
)
SELECT
  b.one_id
FROM candidates AS b
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
        AND EXISTS(
          SELECT
            1
          FROM candidates AS n
          WHERE
            n.one_id = e.one_id
        )
      GROUP BY
        e.one_id
      HAVING
        COUNT(*) > 3
    ) AS k
    WHERE
      k.one_id = b.one_id
  )
ORDER BY
  b.one_id ASC
LIMIT 100
