-- title: DLP matches
-- question: Which DLP policies match most often, and for whom?
-- topic: data protection
-- rule: dlp-mass-matches
-- column: tenant_name = Tenant
-- column: policy_name = The policy
-- column: service = Exchange, SharePoint, OneDrive, Endpoint, ...
-- column: matches = How often it matched
-- column: users = How many users
-- column: most_findings = Most findings in one record
-- column: last_time = The last match
SELECT tenant_name, policy_name, service, count(DISTINCT record_key) AS matches, count(DISTINCT user_name) AS users,
  max(sensitive_count) AS most_findings, max(event_time) AS last_time
FROM (
  SELECT tenant_name, service, record_key, coalesce(sender, actor_upn) AS user_name, sensitive_count, event_time, policy_names
  FROM msft_o365_dlp_raw
  WHERE event_time >= {{since}} AND event_time < {{until}}
    AND lower(operation) = 'dlprulematch'
) AS matched
CROSS JOIN UNNEST(policy_names) AS names (policy_name)
GROUP BY tenant_name, policy_name, service
ORDER BY matches DESC, policy_name, service
