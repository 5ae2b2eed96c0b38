-- title: Landed per day
-- question: How many records landed each day, by source?
-- topic: collection
-- column: tenant_name = Tenant
-- column: landed_on = Landing date (UTC)
-- column: log_type = Which source
-- column: records = How many records
-- column: newest_event = The newest event among them
SELECT tenant_name, landed_on, log_type, sum(records) AS records, max(newest_event) AS newest_event
FROM (
  {{each dataset}}
  SELECT tenant_name, CAST(landed_at AS date) AS landed_on, log_type, count(*) AS records, max(event_time) AS newest_event
  FROM {{dataset}}
  WHERE event_time >= {{since}} AND event_time < {{until}}
  GROUP BY tenant_name, CAST(landed_at AS date), log_type
  {{end}}
) per_dataset
GROUP BY tenant_name, landed_on, log_type
ORDER BY landed_on DESC, tenant_name, log_type
