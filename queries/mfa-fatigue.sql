-- title: MFA fatigue
-- question: Who denied or missed many MFA prompts within an hour, and was one approved in the end?
-- topic: sign-ins
-- attack: T1621 Multi-Factor Authentication Request Generation
-- rule: mfa-fatigue
-- parameter: prompts = 5: how many within an hour
-- column: tenant_name = Tenant
-- column: actor_upn = Who was asked
-- column: hour_of = The hour
-- column: prompts = MFA prompts denied or missed
-- column: addresses = Addresses the sign-ins came from
-- column: successes = Sign-ins with an approved second factor in that hour
-- column: last_refused = The last denied prompt
SELECT tenant_name, actor_upn, date_trunc('hour', event_time) AS hour_of,
  count(DISTINCT record_id) FILTER (WHERE error_code = 500121) AS prompts,
  array_agg(DISTINCT source_ip ORDER BY source_ip) FILTER (WHERE error_code = 500121 AND source_ip IS NOT NULL) AS addresses,
  count(DISTINCT record_id) FILTER (WHERE outcome = 'success' AND is_mfa) AS successes,
  max(event_time) FILTER (WHERE error_code = 500121) AS last_refused
FROM {{sign-ins}}
WHERE (error_code = 500121 OR outcome = 'success')
GROUP BY tenant_name, actor_upn, date_trunc('hour', event_time)
HAVING count(DISTINCT record_id) FILTER (WHERE error_code = 500121) >= {{prompts}}
ORDER BY prompts DESC, actor_upn, hour_of
