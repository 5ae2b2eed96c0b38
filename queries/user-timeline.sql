-- title: Timeline of a user
-- question: What did one user do, in all sources, in order?
-- topic: investigation
-- parameter: user = 'ada@contoso.example': whose timeline
-- column: tenant_name = Tenant
-- column: event_time = When
-- column: log_type = Where it was recorded
-- column: operation = What was done
-- column: actor_upn = Who did it
-- column: source_ip = From which address
-- column: target = On what
-- column: outcome = success, failure or unknown
-- column: record_id = Id of the record
{{each dataset but msft_graph_security_alerts_raw}}
SELECT DISTINCT tenant_name, event_time, log_type, operation, actor_upn, source_ip, coalesce(target_name, target_id) AS target, outcome, record_id
FROM {{dataset}}
WHERE event_time >= {{since}} AND event_time < {{until}}
  AND lower(actor_upn) = lower({{user}})
{{end}}
ORDER BY event_time, log_type, operation, record_id
