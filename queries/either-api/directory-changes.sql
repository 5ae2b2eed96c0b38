(
  SELECT tenant_name, event_time, log_type, regexp_replace(operation, '[. ]+$', '') AS operation, actor_upn, source_ip, outcome, target_id, target_name, target_type,
    coalesce(TRY(filter(targets, target -> target.upn IS NOT NULL)[1].upn), TRY(targets[1].name)) AS account,
    coalesce(replace(TRY(filter(modified_properties, property -> property.name IN ('Application.DisplayName', 'ServicePrincipal.DisplayName'))[1].new_value), '"', ''),
      TRY(filter(targets, target -> target.type IN ('Application', 'ServicePrincipal'))[1].name)) AS application,
    coalesce(replace(TRY(filter(modified_properties, property -> property.name = 'Device.DisplayName')[1].new_value), '"', ''), target_name) AS device,
    TRY(filter(modified_properties, property -> property.name = 'Included Updated Properties')[1].new_value) AS changed_properties,
    {{all of strong_authentication: old_value}} AS strong_authentication_before,
    {{all of strong_authentication: new_value}} AS strong_authentication_after
  FROM (
    SELECT *, filter(modified_properties, property -> property.name LIKE 'StrongAuthentication%') AS strong_authentication
    FROM msft_azure_ad_audit
    WHERE event_time >= {{since}} AND event_time < {{until}}
  ) AS directory_audits
  UNION ALL
  SELECT DISTINCT tenant_name, event_time, log_type, regexp_replace(operation, '[. ]+$', '') AS operation, actor_upn, source_ip, outcome,
    coalesce(TRY(filter(target_ids, id -> id LIKE '________-____-____-____-____________')[1]), target_id) AS target_id,
    coalesce(target_name, target_id) AS target_name, target_type,
    coalesce(TRY(filter(target_ids, id -> id LIKE '%@%')[1]), target_name, target_id) AS account,
    coalesce(replace(TRY(filter(modified_properties, property -> property.name IN ('Application.DisplayName', 'ServicePrincipal.DisplayName'))[1].new_value), '"', ''),
      CASE WHEN target_type IN ('Application', 'ServicePrincipal') THEN target_name END) AS application,
    coalesce(replace(TRY(filter(modified_properties, property -> property.name = 'Device.DisplayName')[1].new_value), '"', ''), target_name) AS device,
    TRY(filter(modified_properties, property -> property.name = 'Included Updated Properties')[1].new_value) AS changed_properties,
    {{all of strong_authentication: old_value}} AS strong_authentication_before,
    {{all of strong_authentication: new_value}} AS strong_authentication_after
  FROM (
    SELECT *, filter(modified_properties, property -> property.name LIKE 'StrongAuthentication%') AS strong_authentication
    FROM msft_o365_azure_ad_raw
    WHERE event_time >= {{since}} AND event_time < {{until}}
      AND record_type = 8
  ) AS management
  WHERE NOT EXISTS (
      SELECT 1
      FROM (
        SELECT tenant_name AS graph_tenant, event_time AS graph_time
        FROM msft_azure_ad_audit_raw
        WHERE event_time >= {{since}} AND event_time < {{until}}
      ) AS graph
      WHERE graph_tenant = management.tenant_name AND date_trunc('hour', graph_time) = date_trunc('hour', management.event_time)
    )
) directory_changes
