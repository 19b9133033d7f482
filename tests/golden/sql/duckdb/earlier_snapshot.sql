-- AUM above 100,000 at the last month end
WITH base AS (
  SELECT
    c.one_id,
    s20260831.aum AS aum__20260831
  FROM small_bank.main.tags AS c
  LEFT JOIN small_bank.main.tags AS s20260831
    ON s20260831.one_id = c.one_id
    AND s20260831.snapshot_date = CAST('2026-08-31' AS DATE)
  WHERE
    c.snapshot_date = CAST('2026-09-24' AS DATE)
    AND NOT c.status IS NULL
    AND c.status IN ('active', 'frozen')
)
SELECT
  COUNT(*) AS n
FROM base AS b
WHERE
  COALESCE(b.aum__20260831, 0) > 100000
