-- title: Users in alerts
-- question: Which users do the alerts name, and how often?
-- topic: alerts
-- column: tenant_name = Tenant
-- column: actor_upn = The user
-- column: alerts = How many alerts
-- column: gravest = Of these, how many have severity high
-- column: titles = What they are
-- column: last_time = The last one
SELECT tenant_name, actor_upn, count(DISTINCT record_id) AS alerts, count(DISTINCT record_id) FILTER (WHERE severity = 'high') AS gravest,
  array_agg(DISTINCT operation ORDER BY operation) FILTER (WHERE operation IS NOT NULL) AS titles, max(event_time) AS last_time
FROM msft_graph_security_alerts
WHERE event_time >= {{since}} AND event_time < {{until}}
  AND actor_upn IS NOT NULL
GROUP BY tenant_name, actor_upn
ORDER BY gravest DESC, alerts DESC, actor_upn
