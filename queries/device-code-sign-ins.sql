-- title: Device code sign-ins
-- question: Who signed in by a device code, for which application and from where?
-- topic: sign-ins
-- management: the Management Activity API names no device code; found is who was asked to confirm a sign-in that began elsewhere (error 50199), and the success of the same request. Microsoft hunts for device codes by that pair. Applications that open a browser of the system ask the same, and a sign-in that nobody had to confirm is missed
-- attack: T1528 Steal Application Access Token
-- rule: device-code-sign-in
-- column: tenant_name = Tenant
-- column: actor_upn = Who signed in
-- column: app_name = Application that asked for the code
-- column: target_name = Resource the token is for
-- column: source_ip = Address of the device
-- column: country = Its country
-- column: outcome = success or failure
-- column: sign_ins = How many
-- column: first_time = The first one
-- column: last_time = The last one
WITH tries AS (
  SELECT *, max(CASE WHEN error_code = 50199 AND log_type = 'audit-azure-active-directory' THEN 1 ELSE 0 END) OVER (PARTITION BY tenant_name, correlation_id) AS was_confirmed
  FROM {{sign-ins}}
  WHERE is_device_code OR (outcome = 'success' AND log_type = 'audit-azure-active-directory')
)
SELECT tenant_name, actor_upn, app_name, target_name, source_ip, country, outcome, count(DISTINCT record_id) AS sign_ins,
  min(event_time) AS first_time, max(event_time) AS last_time
FROM tries
WHERE is_device_code OR (was_confirmed = 1 AND correlation_id IS NOT NULL)
GROUP BY tenant_name, actor_upn, app_name, target_name, source_ip, country, outcome
ORDER BY last_time DESC, actor_upn
