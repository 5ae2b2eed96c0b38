-- title: Sign-ins with a single factor
-- question: Who signed in interactively with a single factor, on an unmanaged device?
-- topic: sign-ins
-- graph: the Management Activity API does not tell how many factors were asked for
-- attack: T1078.004 Valid Accounts: Cloud Accounts
-- rule: new-network-for-user
-- column: tenant_name = Tenant
-- column: actor_upn = Who signed in
-- column: app_name = Application
-- column: sign_ins = How many
-- column: addresses = Addresses they came from
-- column: countries = Countries they came from
-- column: last_time = The last one
SELECT tenant_name, actor_upn, app_name, count(DISTINCT record_id) AS sign_ins, count(DISTINCT source_ip) AS addresses,
  array_agg(DISTINCT country ORDER BY country) FILTER (WHERE country IS NOT NULL) AS countries, max(event_time) AS last_time
FROM msft_azure_ad_raw
WHERE event_time >= {{since}} AND event_time < {{until}}
  AND log_type = 'sign-ins-interactive' AND outcome = 'success' AND authentication_requirement = 'singleFactorAuthentication'
  AND coalesce(is_managed, false) = false AND coalesce(is_compliant, false) = false
GROUP BY tenant_name, actor_upn, app_name
ORDER BY sign_ins DESC, actor_upn, app_name
