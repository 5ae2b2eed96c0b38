(
  SELECT tenant_name, event_time, log_type, record_id, actor_id, actor_upn, actor_type, source_ip, outcome, error_code, failure_reason, app_name, target_name,
    session_id, country, client_app_used, home_tenant_id, authentication_requirement = 'multiFactorAuthentication' AS is_mfa,
    authentication_protocol = 'deviceCode' OR original_transfer_method = 'deviceCodeFlow' AS is_device_code,
    error_code IN (53000, 53001, 53002, 53003) OR (outcome = 'failure' AND conditional_access_status = 'failure') AS is_blocked,
    TRY(filter(conditional_access_policies, policy -> policy.result = 'failure')[1].name) AS blocking_policy
  FROM msft_azure_ad_raw
  WHERE event_time >= {{since}} AND event_time < {{until}}
  UNION ALL
  SELECT tenant_name, event_time, log_type, record_id, actor_id, actor_upn, CASE WHEN lower(actor_upn) LIKE '%#ext#%' THEN 'guest' ELSE actor_type END AS actor_type, source_ip, outcome, error_code,
    logon_error AS failure_reason, app_name, coalesce(target_name, target_id) AS target_name, session_id, CAST(NULL AS varchar) AS country,
    CASE WHEN TRY(extended_properties['UserAgent']) = 'BAV2ROPC' THEN 'Other clients' END AS client_app_used, actor_tenant_id AS home_tenant_id,
    request_type LIKE 'SAS:%' AS is_mfa, error_code = 50199 AS is_device_code, error_code IN (53000, 53001, 53002, 53003) AS is_blocked,
    CAST(NULL AS varchar) AS blocking_policy
  FROM msft_o365_azure_ad_raw AS management
  WHERE event_time >= {{since}} AND event_time < {{until}}
    AND operation IN ('UserLoggedIn', 'UserLoginFailed')
    AND NOT EXISTS (
      SELECT 1
      FROM (
        SELECT tenant_name AS graph_tenant, event_time AS graph_time
        FROM msft_azure_ad_raw
        WHERE event_time >= {{since}} AND event_time < {{until}}
          AND log_type IN ('sign-ins-interactive', 'sign-ins-non-interactive')
      ) AS graph
      WHERE graph_tenant = management.tenant_name AND date_trunc('hour', graph_time) = date_trunc('hour', management.event_time)
    )
) sign_ins
