-- average, median and total AUM of the segment
WITH base AS (
  SELECT
    c.one_id,
    c.aum,
    c.demand
  FROM small_bank.main.tags AS c
  WHERE
    c.snapshot_date = CAST('2026-09-24' AS DATE)
    AND c.home_org IN ('31', '3101')
    AND NOT c.status IS NULL
    AND c.status IN ('active', 'frozen')
)
SELECT
  COUNT(*) AS n,
  COUNT(COALESCE(b.aum, 0)) AS known,
  AVG(COALESCE(b.aum, 0)) AS avg,
  MEDIAN(COALESCE(b.aum, 0)) AS median,
  SUM(COALESCE(b.aum, 0)) AS sum
FROM base AS b
WHERE
  COALESCE(b.demand, 0) > 50000
  AND EXISTS(
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
        COUNT(*) > 3
    ) AS k
    WHERE
      k.one_id = b.one_id
  )
