-- title: Operations
-- question: Which operations occur how often, by service, and how often do they fail?
-- topic: overview
-- column: tenant_name = Tenant
-- column: service = Microsoft service
-- column: operation = The operation
-- column: events = How often, as often as Microsoft served them
-- column: actors = By how many users and applications
-- column: failures = How often it failed
-- column: last_time = The last one
SELECT tenant_name, service, operation, sum(events) AS events, max(actors) AS actors, sum(failures) AS failures, max(last_time) AS last_time
FROM (
  {{each dataset but msft_graph_security_alerts_raw}}
  SELECT tenant_name, service, operation, count(*) AS events, count(DISTINCT actor_upn) AS actors,
    count(CASE WHEN outcome = 'failure' THEN 1 END) AS failures, max(event_time) AS last_time
  FROM {{dataset}}
  WHERE event_time >= {{since}} AND event_time < {{until}}
  GROUP BY tenant_name, service, operation
  {{end}}
) per_dataset
GROUP BY tenant_name, service, operation
ORDER BY events DESC, tenant_name, service, operation
