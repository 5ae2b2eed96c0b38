-- title: Passwords reset by others
-- question: Who reset whose password?
-- topic: directory
-- attack: T1098 Account Manipulation
-- rule: many-passwords-reset
-- column: tenant_name = Tenant
-- column: event_time = When
-- column: operation = What was done
-- column: actor_upn = Who did it
-- column: account = Whose password
-- column: source_ip = From which address
-- column: outcome = success or failure
SELECT tenant_name, event_time, operation, actor_upn, account, source_ip, outcome
FROM {{directory changes}}
WHERE operation IN ('Reset password (by admin)', 'Reset user password')
ORDER BY event_time DESC, account
