-- title: Accounts created
-- question: Who created which accounts?
-- topic: directory
-- attack: T1136.003 Create Account: Cloud Account
-- rule: account-restored
-- column: tenant_name = Tenant
-- column: event_time = When
-- column: actor_upn = Who did it
-- column: account = The account
-- column: source_ip = From which address
-- column: outcome = success or failure
SELECT tenant_name, event_time, actor_upn, account, source_ip, outcome
FROM {{directory changes}}
WHERE operation IN ('Add user', 'Restore user')
ORDER BY event_time DESC, account
