-- title: Sign-ins to disabled accounts
-- question: Who still tries to use accounts that are disabled?
-- topic: sign-ins
-- attack: T1078.004 Valid Accounts: Cloud Accounts
-- rule: disabled-account-probed
-- column: tenant_name = Tenant
-- column: actor_upn = The disabled account
-- column: attempts = How often
-- column: addresses = From which addresses
-- column: applications = For which applications
-- column: last_time = The last attempt
SELECT tenant_name, actor_upn, count(DISTINCT record_id) AS attempts,
  array_agg(DISTINCT source_ip ORDER BY source_ip) FILTER (WHERE source_ip IS NOT NULL) AS addresses,
  array_agg(DISTINCT app_name ORDER BY app_name) FILTER (WHERE app_name IS NOT NULL) AS applications, max(event_time) AS last_time
FROM {{sign-ins}}
WHERE error_code = 50057
GROUP BY tenant_name, actor_upn
ORDER BY attempts DESC, actor_upn
