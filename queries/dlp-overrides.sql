-- title: DLP policies overridden
-- question: Who overrode a DLP policy, and with what justification?
-- topic: data protection
-- attack: T1567 Exfiltration Over Web Service
-- rule: dlp-override
-- column: tenant_name = Tenant
-- column: event_time = When
-- column: actor_upn = Who did it
-- column: target_name = File or subject
-- column: policy_names = Policies
-- column: sensitive_types = Sensitive information found
-- column: exception_reason = Override or FalsePositive
-- column: exception_justification = The user's justification
SELECT DISTINCT tenant_name, event_time, actor_upn, target_name, policy_names, sensitive_types, exception_reason, exception_justification
FROM msft_o365_dlp_raw
WHERE event_time >= {{since}} AND event_time < {{until}}
  AND (exception_reason IS NOT NULL OR exception_justification IS NOT NULL)
ORDER BY event_time DESC, actor_upn, target_name
