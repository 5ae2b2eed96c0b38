-- title: Rare cmdlets
-- question: Which cmdlets of administrators were run for the first time in this window during its last day?
-- topic: administration
-- parameter: new_hours = 24: what counts as new, in hours before the end of the window
-- column: tenant_name = Tenant
-- column: operation = The cmdlet
-- column: actors = Who ran it
-- column: runs = How often
-- column: first_time = The first time
SELECT tenant_name, operation, array_agg(DISTINCT actor_upn ORDER BY actor_upn) FILTER (WHERE actor_upn IS NOT NULL) AS actors,
  count(DISTINCT record_key) AS runs, min(event_time) AS first_time
FROM msft_o365_exchange_online_raw
WHERE event_time >= {{since}} AND event_time < {{until}}
  AND record_type = 1 AND operation NOT LIKE 'Get-%'
GROUP BY tenant_name, operation
HAVING date_diff('millisecond', min(event_time), {{until}}) <= {{new_hours}} * 3600000
ORDER BY first_time DESC, operation
