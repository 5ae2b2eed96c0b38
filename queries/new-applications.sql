-- title: New applications
-- question: Which applications and service principals were registered, and by whom?
-- topic: directory
-- attack: T1136.003 Create Account: Cloud Account
-- column: tenant_name = Tenant
-- column: event_time = When
-- column: operation = What was done
-- column: actor_upn = Who did it
-- column: source_ip = From which address
-- column: application = Name of the application
-- column: outcome = success or failure
SELECT tenant_name, event_time, operation, actor_upn, source_ip, target_name AS application, outcome
FROM {{directory changes}}
WHERE operation IN ('Add application', 'Add service principal')
ORDER BY event_time DESC, operation, application
