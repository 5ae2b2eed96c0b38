-- title: Reports exported and shared
-- question: Who exported or shared Power BI reports?
-- topic: collaboration
-- attack: T1567 Exfiltration Over Web Service
-- rule: publish-to-web-report; power-bi-mass-export
-- column: tenant_name = Tenant
-- column: actor_upn = Who did it
-- column: operation = What was done
-- column: reports = How many different reports
-- column: times = How often
-- column: last_time = The last one
SELECT tenant_name, actor_upn, operation, count(DISTINCT report_name) AS reports, count(DISTINCT record_key) AS times, max(event_time) AS last_time
FROM msft_o365_general_raw
WHERE event_time >= {{since}} AND event_time < {{until}}
  AND operation IN ('ExportReport', 'ExportArtifact', 'DownloadReport', 'ShareReport', 'PublishToWebReport', 'ExportTile', 'CreateEmailSubscription')
GROUP BY tenant_name, actor_upn, operation
ORDER BY times DESC, actor_upn, operation
