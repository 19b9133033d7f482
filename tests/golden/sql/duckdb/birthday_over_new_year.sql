-- birthday between 20 December and 10 January
WITH base AS (
  SELECT
    c.one_id,
    c.birthday
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
  NOT b.birthday IS NULL AND (
    b.birthday >= '12-20' OR b.birthday <= '01-10'
  )
