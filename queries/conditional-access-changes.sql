-- title: Conditional access changed
-- question: Who added, changed or deleted conditional access policies and named locations?
-- topic: directory
-- attack: T1556.009 Modify Authentication Process: Conditional Access Policies
-- rule: conditional-access-weakened
-- column: tenant_name = Tenant
-- column: event_time = When
-- column: operation = What was done
-- column: actor_upn = Who did it
-- column: policy = Which policy or location
-- column: source_ip = From which address
-- column: outcome = success or failure
SELECT tenant_name, event_time, operation, actor_upn, target_name AS policy, source_ip, outcome
FROM {{directory changes}}
WHERE (lower(operation) LIKE '%conditional access policy%' OR lower(operation) LIKE '%named location%')
ORDER BY event_time DESC, operation, policy
