-- title: Timeline of a session
-- question: What was done in one session, from its sign-in on?
-- topic: investigation
-- attack: T1550.001 Use Alternate Authentication Material: Application Access Token
-- parameter: session = '00000000-0000-4000-8000-000000000000': session_id of a sign-in or record
-- column: tenant_name = Tenant
-- column: event_time = When
-- column: log_type = Where it was recorded
-- column: operation = What was done
-- column: actor_upn = Who did it
-- column: source_ip = From which address
-- column: target = On what
-- column: outcome = success, failure or unknown
-- column: record_id = Id of the record
{{each dataset with session_id}}
SELECT DISTINCT tenant_name, event_time, log_type, operation, actor_upn, source_ip, coalesce(target_name, target_id) AS target, outcome, record_id
FROM {{dataset}}
WHERE event_time >= {{since}} AND event_time < {{until}}
  AND session_id = {{session}}
{{end}}
ORDER BY event_time, log_type, operation, record_id
