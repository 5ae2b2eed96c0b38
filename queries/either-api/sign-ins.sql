(
  SELECT tenant_name, event_time, log_type, record_id, actor_id, actor_upn, actor_type, source_ip, outcome, error_code, failure_reason, app_name, target_name,
    session_id, correlation_id, country, client_app_used, home_tenant_id, authentication_requirement = 'multiFactorAuthentication' AS is_mfa,
    authentication_protocol = 'deviceCode' OR original_transfer_method = 'deviceCodeFlow' AS is_device_code,
    error_code IN (53000, 53001, 53002, 53003) OR (outcome = 'failure' AND conditional_access_status = 'failure') AS is_blocked,
    TRY(filter(conditional_access_policies, policy -> policy.result = 'failure')[1].name) AS blocking_policy
  FROM msft_azure_ad_raw
  WHERE event_time >= {{since}} AND event_time < {{until}}
  UNION ALL
  SELECT tenant_name, event_time, log_type, record_id, actor_id, actor_upn, CASE WHEN lower(actor_upn) LIKE '%#ext#%' THEN 'guest' ELSE actor_type END AS actor_type, source_ip, outcome, error_code,
    logon_error AS failure_reason, app_name, coalesce(target_name, target_id) AS target_name, session_id, inter_system_id AS correlation_id, CAST(NULL AS varchar) AS country,
    CASE WHEN TRY(extended_properties['UserAgent']) = 'BAV2ROPC' THEN 'Other clients' END AS client_app_used, actor_tenant_id AS home_tenant_id,
    request_type LIKE 'SAS:%' AS is_mfa, error_code = 50199 AS is_device_code, error_code IN (53000, 53001, 53002, 53003) AS is_blocked,
    CAST(NULL AS varchar) AS blocking_policy
  FROM (
    SELECT *, lower(coalesce(intra_system_id, record_id)) AS request_id, lower(inter_system_id) AS correlation, lower(actor_upn) AS account,
      date_trunc('second', event_time) AS second_of, coalesce(error_code, 0) AS error
    FROM msft_o365_azure_ad_raw
    WHERE event_time >= {{since}} AND event_time < {{until}}
      AND operation IN ('UserLoggedIn', 'UserLoginFailed')
  ) AS management
  WHERE NOT EXISTS (
      SELECT 1
      FROM (
        SELECT tenant_name AS graph_tenant, lower(record_id) AS graph_request
        FROM msft_azure_ad_raw
        WHERE event_time >= {{since}} AND event_time < {{until}}
      ) AS same_request
      WHERE graph_tenant = management.tenant_name AND graph_request = management.request_id
    )
    AND NOT EXISTS (
      SELECT 1
      FROM (
        SELECT tenant_name AS graph_tenant, lower(correlation_id) AS graph_correlation, lower(actor_upn) AS graph_account,
          date_trunc('second', event_time) AS graph_second, error_code AS graph_error
        FROM msft_azure_ad_raw
        WHERE event_time >= {{since}} AND event_time < {{until}}
      ) AS same_moment
      WHERE graph_tenant = management.tenant_name AND graph_correlation = management.correlation AND graph_account = management.account
        AND graph_second = management.second_of AND graph_error = management.error
    )
) sign_ins
