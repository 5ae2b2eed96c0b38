-- title: Local administrator passwords read
-- question: Who read the local administrator password of which device?
-- topic: directory
-- attack: T1003 OS Credential Dumping; T1078.003 Valid Accounts: Local Accounts
-- column: tenant_name = Tenant
-- column: event_time = When
-- column: actor_upn = Who did it
-- column: device = Which device
-- column: source_ip = From which address
-- column: outcome = success or failure
SELECT tenant_name, event_time, actor_upn, device, source_ip, outcome
FROM {{directory changes}}
WHERE operation IN ('Recover device local administrator password', 'Reveal local administrator password')
ORDER BY event_time DESC, device
