-- title: Share of filled columns
-- question: What share of the rows has time, actor, address, target and outcome?
-- topic: collection
-- column: tenant_name = Tenant
-- column: log_type = Which source
-- column: row_count = How many rows
-- column: actor_percent = Rows with an actor, in percent
-- column: address_percent = Rows with an address, in percent
-- column: outcome_percent = Rows whose outcome is known, in percent
-- column: target_percent = Rows with a target, in percent
SELECT tenant_name, log_type, row_count, round(100 * CAST(actors AS double) / row_count, 1) AS actor_percent,
  round(100 * CAST(addresses AS double) / row_count, 1) AS address_percent, round(100 * CAST(outcomes AS double) / row_count, 1) AS outcome_percent,
  round(100 * CAST(targets AS double) / row_count, 1) AS target_percent
FROM (
  {{each dataset}}
  SELECT tenant_name, log_type, count(*) AS row_count, count(coalesce(actor_upn, actor_id)) AS actors, count(source_ip) AS addresses,
    count(CASE WHEN outcome IN ('success', 'failure') THEN 1 END) AS outcomes, count(coalesce(target_id, target_name)) AS targets
  FROM {{dataset}}
  WHERE event_time >= {{since}} AND event_time < {{until}}
  GROUP BY tenant_name, log_type
  {{end}}
) per_dataset
ORDER BY tenant_name, log_type
