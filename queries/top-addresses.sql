-- title: Addresses with the most events
-- question: Which addresses have the most events, and how many users share them?
-- topic: overview
-- parameter: addresses = 100: how many to show
-- column: tenant_name = Tenant
-- column: source_ip = Address
-- column: events = How many events, as often as Microsoft served them
-- column: actors = Users of the address, in the dataset with the most of them
-- column: failures = Of these events, how many failed
-- column: last_time = The last one
SELECT tenant_name, source_ip, sum(events) AS events, max(actors) AS actors, sum(failures) AS failures, max(last_time) AS last_time
FROM (
  {{each dataset but msft_graph_security_alerts_raw}}
  SELECT tenant_name, source_ip, count(*) AS events, count(DISTINCT actor_upn) AS actors,
    count(CASE WHEN outcome = 'failure' THEN 1 END) AS failures, max(event_time) AS last_time
  FROM {{dataset}}
  WHERE event_time >= {{since}} AND event_time < {{until}} AND source_ip IS NOT NULL
  GROUP BY tenant_name, source_ip
  {{end}}
) per_dataset
GROUP BY tenant_name, source_ip
ORDER BY events DESC, tenant_name, source_ip
LIMIT {{addresses}}
