-- the top 10 % by AUM among those who logged in
WITH base AS (
  SELECT
    c.one_id,
    c.aum
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
          r.one_id AS customer,
          ROW_NUMBER() OVER (ORDER BY COALESCE(r.aum, 0) DESC, r.one_id ASC) AS place,
          COUNT(*) OVER () AS known
        FROM base AS r
        WHERE
          EXISTS(
            SELECT
              1
            FROM small_bank.main.record_login AS e
            WHERE
              e.one_id = r.one_id
              AND e.day >= CAST('2026-08-26' AS DATE)
              AND e.day <= CAST('2026-09-24' AS DATE)
          )
      ) AS w
      WHERE
        (
          w.place - 1
        ) * 100 < w.known * 10
    ) AS k
    WHERE
      k.customer = b.one_id
  )
