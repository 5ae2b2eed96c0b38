-- title: Device code sign-ins
-- question: Who signed in by a device code, for which application and from where? Where a tenant has no Graph: who was asked to confirm a sign-in that began elsewhere?
-- topic: sign-ins
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
SELECT tenant_name, actor_upn, app_name, target_name, source_ip, country, outcome, count(DISTINCT record_id) AS sign_ins,
  min(event_time) AS first_time, max(event_time) AS last_time
FROM {{sign-ins}}
WHERE is_device_code
GROUP BY tenant_name, actor_upn, app_name, target_name, source_ip, country, outcome
ORDER BY last_time DESC, actor_upn
