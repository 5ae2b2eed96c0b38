-- title: Guessing that succeeded
-- question: Which accounts were signed in to from an address that had failed on them many times before?
-- topic: sign-ins
-- attack: T1110 Brute Force
-- parameter: failures = 5: how many wrong passwords before
-- column: tenant_name = Tenant
-- column: actor_upn = Account
-- column: source_ip = Address
-- column: failures = Wrong passwords before the sign-in
-- column: first_failure = The first of them
-- column: entered_at = The first sign-in after them
WITH attempts AS (
  SELECT tenant_name, actor_upn, source_ip, event_time, outcome, error_code,
    count(CASE WHEN error_code IN (50126, 50053) THEN 1 END) OVER before AS failures_before,
    min(CASE WHEN error_code IN (50126, 50053) THEN event_time END) OVER before AS first_failure
  FROM (
    SELECT DISTINCT tenant_name, actor_upn, source_ip, event_time, record_id, outcome, error_code
    FROM {{sign-ins}}
    WHERE source_ip IS NOT NULL AND (error_code IN (50126, 50053) OR outcome = 'success')
  ) tries
  WINDOW before AS (PARTITION BY tenant_name, actor_upn, source_ip ORDER BY event_time ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
)
SELECT tenant_name, actor_upn, source_ip, min(failures_before) AS failures, min(first_failure) AS first_failure, min(event_time) AS entered_at
FROM attempts
WHERE outcome = 'success' AND failures_before >= {{failures}}
GROUP BY tenant_name, actor_upn, source_ip
ORDER BY entered_at DESC, actor_upn
