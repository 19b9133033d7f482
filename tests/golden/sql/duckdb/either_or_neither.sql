-- app users or over 60, but not both female and active
WITH base AS (
  SELECT
    c.one_id,
    c.app,
    c.age,
    c.gender
  FROM small_bank.main.tags AS c
  WHERE
    c.snapshot_date = CAST('2026-09-24' AS DATE)
    AND NOT c.status IS NULL
    AND c.status IN ('active', 'frozen')
), candidates AS (
  SELECT
    b.one_id,
    b.app,
    b.age,
    b.gender
  FROM base AS b
  WHERE
    COALESCE(b.app, FALSE) = TRUE OR (
      NOT b.age IS NULL AND b.age > 60
    )
)
SELECT
  COUNT(*) AS n
FROM candidates AS b
WHERE
  NOT (
    NOT b.gender IS NULL
    AND b.gender IN ('F')
    AND EXISTS(
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
  )
