-- title: Audit log searches
-- question: Who searched the audit log itself?
-- topic: administration
-- attack: T1654 Log Enumeration
-- column: tenant_name = Tenant
-- column: actor_upn = Who searched
-- column: operation = The operation
-- column: searches = How often
-- column: last_time = The last time
SELECT tenant_name, actor_upn, operation, count(DISTINCT record_key) AS searches, max(event_time) AS last_time
FROM (
  SELECT tenant_name, actor_upn, operation, record_key, event_time
  FROM msft_o365_general_raw
  WHERE event_time >= {{since}} AND event_time < {{until}}
    AND operation IN ('Search-UnifiedAuditLog', 'AuditSearchCompleted')
  UNION ALL
  SELECT tenant_name, actor_upn, operation, record_key, event_time
  FROM msft_o365_exchange_online_raw
  WHERE event_time >= {{since}} AND event_time < {{until}}
    AND operation IN ('Search-UnifiedAuditLog', 'Search-AdminAuditLog', 'Search-MailboxAuditLog', 'New-MailboxAuditLogSearch')
) searches
GROUP BY tenant_name, actor_upn, operation
ORDER BY searches DESC, actor_upn, operation
