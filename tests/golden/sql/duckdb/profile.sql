-- the segment and the rest of the base by age, gender, app and opening date
WITH base AS (
  SELECT
    c.one_id,
    c.demand,
    c.age,
    c.gender,
    c.app,
    c.opened
  FROM small_bank.main.tags AS c
  WHERE
    c.snapshot_date = CAST('2026-09-24' AS DATE)
    AND c.home_org IN ('31', '3101')
    AND NOT c.status IS NULL
    AND c.status IN ('active', 'frozen')
)
SELECT
  CASE
    WHEN NOT g.bucket_0 IS NULL
    THEN 'age'
    WHEN NOT g.bucket_1 IS NULL
    THEN 'gender'
    WHEN NOT g.bucket_2 IS NULL
    THEN 'app'
    WHEN NOT g.bucket_3 IS NULL
    THEN 'opened'
  END AS tag,
  COALESCE(
    NULLIF(CAST(COALESCE(g.bucket_0) AS TEXT), '-1'),
    NULLIF(COALESCE(g.bucket_1), ''),
    CASE
      WHEN COALESCE(g.bucket_2) = 0
      THEN 'false'
      WHEN COALESCE(g.bucket_2) = 1
      THEN 'true'
    END,
    CASE
      WHEN COALESCE(g.bucket_3) = 0
      THEN 'ahead'
      WHEN COALESCE(g.bucket_3) = 1
      THEN 'd30'
      WHEN COALESCE(g.bucket_3) = 2
      THEN 'd90'
      WHEN COALESCE(g.bucket_3) = 3
      THEN 'd180'
      WHEN COALESCE(g.bucket_3) = 4
      THEN 'd365'
      WHEN COALESCE(g.bucket_3) = 5
      THEN 'd1095'
      WHEN COALESCE(g.bucket_3) = 6
      THEN 'older'
    END
  ) AS bucket,
  g.n,
  g.rest_n
FROM (
  SELECT
    p.bucket_0,
    p.bucket_1,
    p.bucket_2,
    p.bucket_3,
    SUM(p.in_segment) AS n,
    SUM(p.in_rest) AS rest_n
  FROM (
    SELECT
      CASE WHEN COALESCE(b.demand, 0) > 50000 AND NOT k0.one_id IS NULL THEN 1 ELSE 0 END AS in_segment,
      CASE
        WHEN NOT (
          COALESCE(b.demand, 0) > 50000 AND NOT k0.one_id IS NULL
        )
        THEN 1
        ELSE 0
      END AS in_rest,
      CASE WHEN b.age IS NULL THEN -1 WHEN b.age < 30 THEN 0 WHEN b.age < 45 THEN 1 ELSE 2 END AS bucket_0,
      COALESCE(b.gender, '') AS bucket_1,
      CASE WHEN COALESCE(b.app, FALSE) THEN 1 ELSE 0 END AS bucket_2,
      CASE
        WHEN b.opened IS NULL
        THEN -1
        WHEN b.opened > CAST('2026-09-24' AS DATE)
        THEN 0
        WHEN b.opened > CAST('2026-08-25' AS DATE)
        THEN 1
        WHEN b.opened > CAST('2026-06-26' AS DATE)
        THEN 2
        WHEN b.opened > CAST('2026-03-28' AS DATE)
        THEN 3
        WHEN b.opened > CAST('2025-09-24' AS DATE)
        THEN 4
        WHEN b.opened > CAST('2023-09-25' AS DATE)
        THEN 5
        ELSE 6
      END AS bucket_3
    FROM base AS b
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
    ) AS k0
      ON k0.one_id = b.one_id
  ) AS p
  WHERE
    p.in_segment + p.in_rest > 0
  GROUP BY
    GROUPING SETS (
      (
        p.bucket_0
      ),
      (
        p.bucket_1
      ),
      (
        p.bucket_2
      ),
      (
        p.bucket_3
      )
    )
) AS g
