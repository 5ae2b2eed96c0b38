-- title: Alerts raised in Microsoft 365
-- question: Which alerts did Purview, Defender for Office 365 and Defender for Cloud Apps raise in the audit log, and about whom?
-- topic: alerts
-- rule: alert-of-microsoft
-- column: tenant_name = Tenant
-- column: event_time = When
-- column: operation = AlertTriggered, or an operation of Defender for Cloud Apps
-- column: alert = Its name
-- column: severity = Low, Medium, High or Informational
-- column: category = Its category
-- column: entity = What it is about
-- column: addresses = Addresses that it names
-- column: alert_id = Id of the alert
SELECT DISTINCT tenant_name, event_time, operation, coalesce(name, operation) AS alert, severity, category, coalesce(entity_id, TRY(alert_users[1]), actor_upn) AS entity,
  alert_addresses AS addresses, coalesce(alert_id, record_id) AS alert_id
FROM msft_o365_general_raw
WHERE event_time >= {{since}} AND event_time < {{until}}
  AND (operation = 'AlertTriggered' OR operation LIKE 'MCAS\_ALERT\_%' ESCAPE '\')
ORDER BY event_time DESC, alert, alert_id
