-- title: Landed per day
-- question: How many records landed each day, by source?
-- topic: collection
-- column: tenant_name = Tenant
-- column: dt = Landing date
-- column: log_type = Which source
-- column: records = How many records
-- column: newest_event = The newest event among them
SELECT tenant_name, dt, log_type, sum(records) AS records, max(newest_event) AS newest_event
FROM (
  {{each dataset}}
  SELECT tenant_name, dt, log_type, count(*) AS records, max(event_time) AS newest_event
  FROM {{dataset}}
  WHERE dt >= CAST({{since}} AS date) AND event_time >= {{since}} AND event_time < {{until}}
  GROUP BY tenant_name, dt, log_type
  {{end}}
) per_dataset
GROUP BY tenant_name, dt, log_type
ORDER BY dt DESC, tenant_name, log_type
