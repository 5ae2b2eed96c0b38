-- title: Lag per source
-- question: How long after an event was it landed, by source?
-- topic: collection
-- column: tenant_name = Tenant
-- column: log_type = Which source
-- column: records = How many records
-- column: mean_minutes = Minutes between event and landing, on average
-- column: most_minutes = The most
-- column: over_an_hour = Records that took more than an hour
SELECT tenant_name, log_type, count(*) AS records, round(avg(lag_ms) / 60000, 1) AS mean_minutes,
  round(CAST(max(lag_ms) AS double) / 60000, 1) AS most_minutes, count(CASE WHEN lag_ms > 3600000 THEN 1 END) AS over_an_hour
FROM (
  {{each dataset}}
  SELECT tenant_name, log_type, date_diff('millisecond', CAST(event_time AS timestamp), CAST(landed_at AS timestamp)) AS lag_ms
  FROM {{dataset}}
  WHERE event_time >= {{since}} AND event_time < {{until}} AND landed_at IS NOT NULL
  {{end}}
) lags
GROUP BY tenant_name, log_type
ORDER BY mean_minutes DESC, tenant_name, log_type
