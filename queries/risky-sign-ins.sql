-- title: Risky sign-ins that succeeded
-- question: Which sign-ins did Microsoft rate as risky and still allow?
-- topic: sign-ins
-- graph: the Management Activity API has no risk of a sign-in
-- attack: T1078.004 Valid Accounts: Cloud Accounts
-- rule: risky-sign-in-allowed; risk-detected
-- column: tenant_name = Tenant
-- column: actor_upn = Who signed in
-- column: risk_level_during_sign_in = Highest risk: medium or high
-- column: source_ip = Address
-- column: country = Country
-- column: app_name = Application
-- column: risk_state = atRisk, remediated, dismissed, ...
-- column: sign_ins = How many
-- column: last_time = The last one
SELECT tenant_name, actor_upn, risk_level_during_sign_in, source_ip, country, app_name, risk_state, count(DISTINCT record_id) AS sign_ins,
  max(event_time) AS last_time
FROM msft_azure_ad_raw
WHERE event_time >= {{since}} AND event_time < {{until}}
  AND outcome = 'success' AND risk_level_during_sign_in IN ('medium', 'high')
GROUP BY tenant_name, actor_upn, risk_level_during_sign_in, source_ip, country, app_name, risk_state
ORDER BY risk_level_during_sign_in, last_time DESC, actor_upn
