-- title: Use of Copilot
-- question: Who used Copilot how often, in which applications, and how often did it read content to answer?
-- topic: collaboration
-- column: tenant_name = Tenant
-- column: actor_upn = Who asked
-- column: app_host = In which application
-- column: interactions = How often
-- column: read_something = Of these, how often files, mail or sites were read to answer
-- column: last_time = The last one
SELECT tenant_name, actor_upn, copilot_app_host AS app_host, count(DISTINCT record_key) AS interactions,
  count(DISTINCT record_key) FILTER (WHERE TRY(copilot_resources[1].id) IS NOT NULL) AS read_something, max(event_time) AS last_time
FROM msft_o365_general_raw
WHERE event_time >= {{since}} AND event_time < {{until}}
  AND operation = 'CopilotInteraction'
GROUP BY tenant_name, actor_upn, copilot_app_host
ORDER BY interactions DESC, actor_upn, app_host
