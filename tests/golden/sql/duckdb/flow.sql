-- the segment at the last month end and now, tags and behaviour apart
WITH base_then AS (
  SELECT
    c.one_id,
    c.demand
  FROM small_bank.main.tags AS c
  WHERE
    c.snapshot_date = CAST('2026-08-31' AS DATE)
    AND NOT c.status IS NULL
    AND c.status IN ('active', 'frozen')
), base_now AS (
  SELECT
    c.one_id,
    c.demand
  FROM small_bank.main.tags AS c
  WHERE
    c.snapshot_date = CAST('2026-09-24' AS DATE)
    AND NOT c.status IS NULL
    AND c.status IN ('active', 'frozen')
), base AS (
  SELECT
    COALESCE(n.one_id, t.one_id) AS one_id,
    t.one_id AS one_id__then,
    t.demand AS demand__then,
    n.one_id AS one_id__now,
    n.demand AS demand__now
  FROM base_now AS n
  FULL JOIN base_then AS t
    ON t.one_id = n.one_id
)
SELECT
  m.mask,
  COUNT(*) AS n
FROM (
  SELECT
    CAST(CASE WHEN NOT b.one_id__then IS NULL THEN 1 ELSE 0 END + CASE WHEN NOT b.one_id__now IS NULL THEN 2 ELSE 0 END + CASE
      WHEN NOT b.one_id__then IS NULL
      AND COALESCE(b.demand__then, 0) > 50000
      AND NOT k0.one_id IS NULL
      THEN 4
      ELSE 0
    END + CASE
      WHEN NOT b.one_id__now IS NULL
      AND COALESCE(b.demand__now, 0) > 50000
      AND NOT k1.one_id IS NULL
      THEN 8
      ELSE 0
    END + CASE
      WHEN NOT b.one_id__then IS NULL
      AND COALESCE(b.demand__then, 0) > 50000
      AND NOT k1.one_id IS NULL
      THEN 16
      ELSE 0
    END + CASE
      WHEN NOT b.one_id__now IS NULL
      AND COALESCE(b.demand__now, 0) > 50000
      AND NOT k0.one_id IS NULL
      THEN 32
      ELSE 0
    END AS BIGINT) AS mask
  FROM base AS b
  LEFT JOIN (
    SELECT
      e.one_id
    FROM small_bank.main.record_login AS e
    WHERE
      e.day >= CAST('2026-08-02' AS DATE) AND e.day <= CAST('2026-08-31' AS DATE)
    GROUP BY
      e.one_id
    HAVING
      COUNT(*) > 3
  ) AS k0
    ON k0.one_id = b.one_id
  LEFT JOIN (
    SELECT
      e.one_id
    FROM small_bank.main.record_login AS e
    WHERE
      e.day >= CAST('2026-08-26' AS DATE) AND e.day <= CAST('2026-09-24' AS DATE)
    GROUP BY
      e.one_id
    HAVING
      COUNT(*) > 3
  ) AS k1
    ON k1.one_id = b.one_id
) AS m
GROUP BY
  m.mask
ORDER BY
  m.mask ASC
