-- title: Applications from new addresses
-- question: Which service principals signed in from an address in the last day that they had not used before?
-- topic: sign-ins
-- graph: the Management Activity API has no sign-ins of service principals
-- attack: T1078.004 Valid Accounts: Cloud Accounts
-- rule: application-new-address
-- parameter: new_hours = 24: what counts as new, in hours before the end of the window
-- column: tenant_name = Tenant
-- column: actor_id = Service principal
-- column: actor_upn = Its name
-- column: source_ip = The new address
-- column: credential = Kind of credential that was used
-- column: first_time = First sign-in from there
-- column: sign_ins = How many since
WITH used AS (
  SELECT tenant_name, actor_id, max(actor_upn) AS actor_upn, source_ip, max(client_credential_type) AS credential, min(event_time) AS first_time,
    count(DISTINCT record_id) AS sign_ins
  FROM msft_azure_ad_raw
  WHERE event_time >= {{since}} AND event_time < {{until}}
    AND log_type = 'sign-ins-service-principal' AND outcome = 'success' AND source_ip IS NOT NULL
  GROUP BY tenant_name, actor_id, source_ip
)
SELECT fresh.tenant_name, fresh.actor_id, fresh.actor_upn, fresh.source_ip, fresh.credential, fresh.first_time, fresh.sign_ins
FROM used fresh
WHERE date_diff('millisecond', fresh.first_time, {{until}}) <= {{new_hours}} * 3600000
  AND EXISTS (
    SELECT 1 FROM used old
    WHERE old.tenant_name = fresh.tenant_name AND old.actor_id = fresh.actor_id AND date_diff('millisecond', old.first_time, {{until}}) > {{new_hours}} * 3600000
  )
ORDER BY fresh.first_time DESC, fresh.actor_id, fresh.source_ip
