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
-- column: log_type = Where it was recorded; both APIs report most changes
SELECT DISTINCT tenant_name, event_time, operation, actor_upn, source_ip, target_name AS application,
  TRY(filter(modified_properties, property -> property.name = 'KeyDescription')[1].new_value) AS keys_after, outcome, log_type
FROM msft_o365_azure_ad_raw
WHERE event_time >= {{since}} AND event_time < {{until}}
  AND (lower(operation) LIKE 'add service principal credentials%' OR lower(operation) LIKE '%certificates and secrets management%'
    OR ((lower(operation) LIKE 'update service principal%' OR lower(operation) LIKE 'update application%') AND TRY(filter(modified_properties, property -> property.name = 'KeyDescription')[1].name) IS NOT NULL))
UNION ALL
SELECT tenant_name, event_time, operation, actor_upn, source_ip, target_name AS application,
  TRY(filter(modified_properties, property -> property.name = 'KeyDescription')[1].new_value) AS keys_after, outcome, log_type
FROM msft_azure_ad_audit
WHERE event_time >= {{since}} AND event_time < {{until}}
  AND (lower(operation) LIKE 'add service principal credentials%' OR lower(operation) LIKE '%certificates and secrets management%'
    OR ((lower(operation) LIKE 'update service principal%' OR lower(operation) LIKE 'update application%') AND TRY(filter(modified_properties, property -> property.name = 'KeyDescription')[1].name) IS NOT NULL))
ORDER BY event_time DESC, operation, application
