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
-- column: log_type = Where it was recorded; both APIs report most changes
SELECT DISTINCT tenant_name, event_time, operation, actor_upn, source_ip, coalesce(target_name, target_id) AS target,
  replace(role_name, '"', '') AS role, outcome, log_type
FROM msft_o365_azure_ad_raw
WHERE event_time >= {{since}} AND event_time < {{until}}
  AND (lower(operation) LIKE '%member%role%' OR lower(operation) LIKE '%role assignment%role definition%' OR lower(operation) LIKE '%user access administrator%')
UNION ALL
SELECT tenant_name, event_time, operation, actor_upn, source_ip, coalesce(TRY(filter(targets, target -> target.upn IS NOT NULL)[1].upn), principal_name, target_name) AS target,
  coalesce(role_name, nullif(replace(TRY(filter(modified_properties, property -> property.name = 'Role.DisplayName')[1].new_value), '"', ''), 'null'),
    nullif(replace(TRY(filter(modified_properties, property -> property.name = 'Role.DisplayName')[1].old_value), '"', ''), 'null')) AS role, outcome, log_type
FROM msft_azure_ad_audit
WHERE event_time >= {{since}} AND event_time < {{until}}
  AND (lower(operation) LIKE '%member%role%' OR lower(operation) LIKE '%role assignment%role definition%' OR lower(operation) LIKE '%user access administrator%')
ORDER BY event_time DESC, operation, target
