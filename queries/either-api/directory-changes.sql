(
  SELECT tenant_name, event_time, log_type, record_id, regexp_replace(operation, '[. ]+$', '') AS operation, actor_upn, source_ip, outcome, target_id, target_name, target_type,
    coalesce(TRY(filter(targets, target -> target.upn IS NOT NULL)[1].upn), principal_name, TRY(targets[1].name)) AS account,
    coalesce(replace(TRY(filter(modified_properties, property -> property.name IN ('Application.DisplayName', 'ServicePrincipal.DisplayName'))[1].new_value), '"', ''),
      replace(TRY(filter(modified_properties, property -> property.name = 'ServicePrincipal.ObjectID')[1].new_value), '"', ''),
      TRY(filter(targets, target -> target.type IN ('Application', 'ServicePrincipal'))[1].name)) AS application,
    coalesce(replace(TRY(filter(modified_properties, property -> property.name = 'Device.DisplayName')[1].new_value), '"', ''), target_name) AS device,
    coalesce(role_name, nullif(replace(TRY(filter(modified_properties, property -> property.name = 'Role.DisplayName')[1].new_value), '"', ''), 'null'),
      nullif(replace(TRY(filter(modified_properties, property -> property.name = 'Role.DisplayName')[1].old_value), '"', ''), 'null')) AS role,
    TRY(filter(modified_properties, property -> property.name = 'Included Updated Properties')[1].new_value) AS changed_properties,
    TRY(filter(modified_properties, property -> property.name IN ('ConsentAction.Permissions', 'DelegatedPermissionGrant.Scope', 'AppRole.Value'))[1].new_value) AS permissions,
    TRY(filter(modified_properties, property -> property.name = 'KeyDescription')[1].new_value) AS keys_after,
    TRY(filter(modified_properties, property -> property.name = 'KeyDescription')[1].name) IS NOT NULL AS keys_changed,
    {{all of strong_authentication: old_value}} AS strong_authentication_before,
    {{all of strong_authentication: new_value}} AS strong_authentication_after
  FROM (
    SELECT *, filter(modified_properties, property -> property.name LIKE 'StrongAuthentication%') AS strong_authentication
    FROM msft_azure_ad_audit
    WHERE event_time >= {{since}} AND event_time < {{until}}
  ) AS directory_audits
  UNION ALL
  SELECT DISTINCT tenant_name, event_time, log_type, record_id, regexp_replace(operation, '[. ]+$', '') AS operation, actor_upn, source_ip, outcome,
    coalesce(TRY(filter(target_ids, id -> id LIKE '________-____-____-____-____________')[1]), target_id) AS target_id,
    coalesce(target_name, target_id) AS target_name, target_type,
    coalesce(TRY(filter(target_ids, id -> id LIKE '%@%')[1]), target_name, target_id) AS account,
    coalesce(replace(TRY(filter(modified_properties, property -> property.name IN ('Application.DisplayName', 'ServicePrincipal.DisplayName'))[1].new_value), '"', ''),
      replace(TRY(filter(modified_properties, property -> property.name = 'ServicePrincipal.ObjectID')[1].new_value), '"', ''),
      CASE WHEN target_type IN ('Application', 'ServicePrincipal') THEN target_name END) AS application,
    coalesce(replace(TRY(filter(modified_properties, property -> property.name = 'Device.DisplayName')[1].new_value), '"', ''), target_name) AS device,
    replace(role_name, '"', '') AS role,
    TRY(filter(modified_properties, property -> property.name = 'Included Updated Properties')[1].new_value) AS changed_properties,
    TRY(filter(modified_properties, property -> property.name IN ('ConsentAction.Permissions', 'DelegatedPermissionGrant.Scope', 'AppRole.Value'))[1].new_value) AS permissions,
    TRY(filter(modified_properties, property -> property.name = 'KeyDescription')[1].new_value) AS keys_after,
    TRY(filter(modified_properties, property -> property.name = 'KeyDescription')[1].name) IS NOT NULL AS keys_changed,
    {{all of strong_authentication: old_value}} AS strong_authentication_before,
    {{all of strong_authentication: new_value}} AS strong_authentication_after
  FROM (
    SELECT *, filter(modified_properties, property -> property.name LIKE 'StrongAuthentication%') AS strong_authentication,
      lower(inter_system_id) AS correlation, lower(regexp_replace(operation, '[. ]+$', '')) AS plain_operation,
      dense_rank() OVER (PARTITION BY tenant_name, lower(inter_system_id), lower(regexp_replace(operation, '[. ]+$', '')) ORDER BY event_time, record_id) AS place
    FROM msft_o365_azure_ad_raw
    WHERE event_time >= {{since}} AND event_time < {{until}}
      AND record_type = 8
  ) AS management
  LEFT JOIN (
    SELECT tenant_name AS graph_tenant, lower(correlation_id) AS graph_correlation, lower(regexp_replace(operation, '[. ]+$', '')) AS graph_operation,
      count(DISTINCT record_id) AS graph_events
    FROM msft_azure_ad_audit_raw
    WHERE event_time >= {{since}} AND event_time < {{until}}
    GROUP BY tenant_name, lower(correlation_id), lower(regexp_replace(operation, '[. ]+$', ''))
  ) AS graph ON graph_tenant = management.tenant_name AND graph_correlation = management.correlation AND graph_operation = management.plain_operation
  WHERE management.place > coalesce(graph_events, 0)
) directory_changes
