-- title: Strong authentication changed
-- question: For whom were second factors required, no longer required, or exchanged in the directory itself?
-- topic: directory
-- attack: T1556.006 Modify Authentication Process: Multi-Factor Authentication
-- rule: strong-authentication-disabled
-- column: tenant_name = Tenant
-- column: event_time = When
-- column: operation = What was done
-- column: actor_upn = Who did it
-- column: account = Whose
-- column: before = Requirement or methods before, as the record has them
-- column: after = After
-- column: source_ip = From which address
-- column: outcome = success or failure
SELECT tenant_name, event_time, operation, actor_upn, account, strong_authentication_before AS before, strong_authentication_after AS after, source_ip, outcome
FROM {{directory changes}}
WHERE operation IN ('Disable Strong Authentication', 'Enable Strong Authentication', 'Update user')
  AND coalesce(strong_authentication_before, strong_authentication_after) IS NOT NULL
ORDER BY event_time DESC, operation, account
