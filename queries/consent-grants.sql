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
-- column: application = Which application
-- column: permissions = Permissions, as the record has them
-- column: outcome = success or failure
-- column: log_type = Where it was recorded; both APIs report most changes
SELECT DISTINCT tenant_name, event_time, operation, actor_upn, source_ip, target_name AS application,
  TRY(filter(modified_properties, property -> property.name IN ('ConsentAction.Permissions', 'DelegatedPermissionGrant.Scope', 'AppRole.Value'))[1].new_value) AS permissions,
  outcome, log_type
FROM msft_o365_azure_ad_raw
WHERE event_time >= {{since}} AND event_time < {{until}}
  AND (lower(operation) LIKE 'consent to application%' OR lower(operation) LIKE 'add delegated permission grant%'
    OR lower(operation) LIKE 'add app role assignment to service principal%' OR lower(operation) LIKE 'add oauth2permissiongrant%')
UNION ALL
SELECT tenant_name, event_time, operation, actor_upn, source_ip, target_name AS application,
  TRY(filter(modified_properties, property -> property.name IN ('ConsentAction.Permissions', 'DelegatedPermissionGrant.Scope', 'AppRole.Value'))[1].new_value) AS permissions,
  outcome, log_type
FROM msft_azure_ad_audit
WHERE event_time >= {{since}} AND event_time < {{until}}
  AND (lower(operation) LIKE 'consent to application%' OR lower(operation) LIKE 'add delegated permission grant%'
    OR lower(operation) LIKE 'add app role assignment to service principal%' OR lower(operation) LIKE 'add oauth2permissiongrant%')
ORDER BY event_time DESC, operation, application
