-- home branch Shanghai with all its outlets
WITH base AS (
  SELECT
    c.one_id,
    c.home_org
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
  NOT b.home_org IS NULL AND b.home_org IN ('31', '3101')
