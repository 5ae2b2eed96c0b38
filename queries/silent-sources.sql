-- title: Silence per source
-- question: Which sources that had events in the window have had none for hours?
-- topic: collection
-- rule: audit-silent; sharepoint-silent
-- parameter: hours = 24: for how many hours before the end of the window
-- column: tenant_name = Tenant
-- column: log_type = Which source
-- column: newest_event = Its newest event
-- column: silent_hours = Hours since then
-- column: events = How many events it had in the window
SELECT tenant_name, log_type, max(newest_event) AS newest_event,
  round(CAST(date_diff('millisecond', max(newest_event), {{until}}) AS double) / 3600000, 1) AS silent_hours, sum(events) AS events
FROM (
  {{each dataset}}
  SELECT tenant_name, log_type, max(event_time) AS newest_event, count(*) AS events
  FROM {{dataset}}
  WHERE event_time >= {{since}} AND event_time < {{until}}
  GROUP BY tenant_name, log_type
  {{end}}
) per_dataset
GROUP BY tenant_name, log_type
HAVING date_diff('millisecond', max(newest_event), {{until}}) > {{hours}} * 3600000
ORDER BY silent_hours DESC, tenant_name, log_type
