-- age from 30 to under 45; an unknown age is in no range
WITH base AS (
  SELECT
    c.one_id,
    c.age
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
  NOT b.age IS NULL AND b.age >= 30 AND b.age < 45
