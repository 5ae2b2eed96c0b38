-- title: Credentials added to applications
-- question: Who gave an application or service principal a secret or certificate?
-- topic: directory
-- attack: T1098.001 Account Manipulation: Additional Cloud Credentials
-- rule: application-credential-added
-- column: tenant_name = Tenant
-- column: event_time = When
-- column: operation = What was done
-- column: actor_upn = Who did it
-- column: source_ip = From which address
-- column: application = Which application
-- column: keys_after = Its keys afterwards, as the record has them
-- column: outcome = success or failure
-- column: log_type = Where it was recorded: by Graph where it has the change
SELECT tenant_name, event_time, operation, actor_upn, source_ip, coalesce(application, target_name) AS application, keys_after, outcome, log_type
FROM {{directory changes}}
WHERE lower(operation) LIKE 'add service principal credentials%' OR lower(operation) LIKE '%certificates and secrets management%'
  OR ((lower(operation) LIKE 'update service principal%' OR lower(operation) LIKE 'update application%') AND keys_changed)
ORDER BY event_time DESC, operation, application
