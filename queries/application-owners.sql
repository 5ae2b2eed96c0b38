-- title: Application owners added
-- question: Who became owner of an application or service principal?
-- topic: directory
-- attack: T1098 Account Manipulation
-- rule: application-owner-added
-- column: tenant_name = Tenant
-- column: event_time = When
-- column: operation = What was done
-- column: actor_upn = Who did it
-- column: application = Which application or service principal
-- column: new_owner = Who became owner
-- column: outcome = success or failure
SELECT tenant_name, event_time, operation, actor_upn, application, account AS new_owner, outcome
FROM {{directory changes}}
WHERE operation IN ('Add owner to application', 'Add owner to service principal')
ORDER BY event_time DESC, operation, new_owner
