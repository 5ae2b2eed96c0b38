-- title: Blocked by conditional access
-- question: Which users were blocked by which conditional access policy?
-- topic: sign-ins
-- column: tenant_name = Tenant
-- column: actor_upn = Who was blocked
-- column: policy = The first policy that blocked it; NULL where Microsoft does not show policies
-- column: app_name = Application
-- column: blocks = How often
-- column: addresses = From how many addresses
-- column: last_time = The last time
SELECT tenant_name, actor_upn, blocking_policy AS policy, app_name,
  count(DISTINCT record_id) AS blocks, count(DISTINCT source_ip) AS addresses, max(event_time) AS last_time
FROM {{sign-ins}}
WHERE is_blocked
GROUP BY tenant_name, actor_upn, blocking_policy, app_name
ORDER BY blocks DESC, actor_upn, policy, app_name
