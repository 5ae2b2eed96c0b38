-- title: Consent to applications
-- question: Who consented to which application, for themselves or for the whole organization?
-- topic: directory
-- attack: T1528 Steal Application Access Token; T1098.003 Account Manipulation: Additional Cloud Roles
-- rule: consent-for-everybody; risky-permission-granted
-- column: tenant_name = Tenant
-- column: event_time = When
-- column: operation = What was done
-- column: actor_upn = Who did it
-- column: source_ip = From which address
-- column: application = Which application; its object id where Microsoft writes no name
-- column: resource = Whose permissions; NULL where the record names the application alone
-- column: permissions = Permissions, as the record has them
-- column: outcome = success or failure
-- column: log_type = Where it was recorded: by Graph where it has the change
SELECT tenant_name, event_time, operation, actor_upn, source_ip, coalesce(application, target_name) AS application,
  CASE WHEN lower(operation) NOT LIKE 'consent to application%' THEN target_name END AS resource, permissions, outcome, log_type
FROM {{directory changes}}
WHERE lower(operation) LIKE 'consent to application%' OR lower(operation) LIKE 'add delegated permission grant%'
  OR lower(operation) LIKE 'add app role assignment to service principal%' OR lower(operation) LIKE 'add oauth2permissiongrant%'
ORDER BY event_time DESC, operation, application
