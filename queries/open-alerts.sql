-- title: Open alerts
-- question: Which alerts of the window are not resolved, the most severe first?
-- topic: alerts
-- rule: high-severity-alert
-- column: tenant_name = Tenant
-- column: severity = high, medium, low, informational or unknown
-- column: event_time = When the alert was created
-- column: alert = What it is
-- column: service = Product that raised it
-- column: status = new or inProgress
-- column: assigned_to = Who it is assigned to
-- column: mitre_techniques = MITRE ATT&CK techniques
-- column: incident_id = The incident it belongs to
SELECT tenant_name, severity, event_time, operation AS alert, service, result_code AS status, assigned_to, mitre_techniques, incident_id
FROM msft_graph_security_alerts
WHERE event_time >= {{since}} AND event_time < {{until}}
  AND coalesce(result_code, 'new') <> 'resolved'
ORDER BY CASE severity WHEN 'high' THEN 1 WHEN 'medium' THEN 2 WHEN 'low' THEN 3 ELSE 4 END, event_time DESC, alert
