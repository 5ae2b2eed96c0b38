-- title: Repeated records
-- question: How many rows repeat a record that another content blob had before?
-- topic: collection
-- column: tenant_name = Tenant
-- column: log_type = Which source
-- column: row_count = Rows of the _raw dataset
-- column: records = Different records among them
-- column: repeated_percent = Share of rows that repeat one
SELECT tenant_name, log_type, row_count, records, round(100 * CAST(row_count - records AS double) / row_count, 2) AS repeated_percent
FROM (
  {{each dataset but msft_azure_ad_raw, msft_azure_ad_audit_raw, msft_graph_security_alerts_raw}}
  SELECT tenant_name, log_type, count(*) AS row_count, count(DISTINCT record_key) AS records
  FROM {{dataset}}
  WHERE event_time >= {{since}} AND event_time < {{until}}
  GROUP BY tenant_name, log_type
  {{end}}
) per_dataset
ORDER BY repeated_percent DESC, tenant_name, log_type
