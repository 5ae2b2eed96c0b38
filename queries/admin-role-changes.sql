-- title: Administrator roles granted and removed
-- question: Who granted or removed which directory role, and for whom? Who made themselves administrator of all Azure subscriptions?
-- topic: directory
-- attack: T1098.003 Account Manipulation: Additional Cloud Roles
-- rule: privileged-role-granted
-- column: tenant_name = Tenant
-- column: event_time = When
-- column: operation = What was done
-- column: actor_upn = Who did it
-- column: source_ip = From which address
-- column: target = To whom
-- column: role = Which role
-- column: outcome = success or failure
-- column: log_type = Where it was recorded: by Graph where it has the change
SELECT tenant_name, event_time, operation, actor_upn, source_ip, account AS target, role, outcome, log_type
FROM {{directory changes}}
WHERE lower(operation) LIKE '%member%role%' OR lower(operation) LIKE '%role assignment%role definition%' OR lower(operation) LIKE '%user access administrator%'
ORDER BY event_time DESC, operation, target
