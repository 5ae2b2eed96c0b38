-- title: MFA bypassed by trusted addresses
-- question: Who changed the addresses that need no second factor?
-- topic: directory
-- attack: T1556.006 Modify Authentication Process: Multi-Factor Authentication
-- column: tenant_name = Tenant
-- column: event_time = When
-- column: operation = What was done
-- column: actor_upn = Who did it
-- column: before = Policy before, with its addresses
-- column: after = Policy after
-- column: source_ip = From which address
-- column: outcome = success or failure
SELECT tenant_name, event_time, operation, actor_upn, strong_authentication_before AS before, strong_authentication_after AS after, source_ip, outcome
FROM {{directory changes}}
WHERE lower(operation) = 'set company information' AND coalesce(strong_authentication_before, strong_authentication_after) IS NOT NULL
ORDER BY event_time DESC, actor_upn
