-- title: Password guessing
-- question: Which accounts had many wrong passwords within an hour?
-- topic: sign-ins
-- attack: T1110.001 Brute Force: Password Guessing
-- rule: password-guessing
-- parameter: failures = 20: how many within an hour
-- column: tenant_name = Tenant
-- column: actor_upn = Account
-- column: hour_of = The hour
-- column: failures = Wrong passwords
-- column: addresses = Addresses they came from
-- column: applications = Applications that were tried
SELECT tenant_name, actor_upn, date_trunc('hour', event_time) AS hour_of, count(DISTINCT record_id) AS failures,
  count(DISTINCT source_ip) AS addresses, array_agg(DISTINCT app_name ORDER BY app_name) FILTER (WHERE app_name IS NOT NULL) AS applications
FROM {{sign-ins}}
WHERE error_code IN (50126, 50053, 50055, 50056)
GROUP BY tenant_name, actor_upn, date_trunc('hour', event_time)
HAVING count(DISTINCT record_id) >= {{failures}}
ORDER BY failures DESC, actor_upn, hour_of
