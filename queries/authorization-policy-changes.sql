-- title: Authorization policy changed
-- question: Who changed what users and guests may do by default: consent to applications, invite, register?
-- topic: directory
-- attack: T1556 Modify Authentication Process; T1098 Account Manipulation
-- rule: authorization-policy-changed
-- column: tenant_name = Tenant
-- column: event_time = When
-- column: operation = What was done
-- column: actor_upn = Who did it
-- column: changed = Which properties
-- column: source_ip = From which address
-- column: outcome = success or failure
SELECT tenant_name, event_time, operation, actor_upn, replace(changed_properties, '"', '') AS changed, source_ip, outcome
FROM {{directory changes}}
WHERE operation IN ('Update authorization policy', 'Update authentication methods policy')
ORDER BY event_time DESC, operation, actor_upn
