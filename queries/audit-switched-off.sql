-- title: Auditing disabled
-- question: Who disabled auditing for the organization, a mailbox or an account?
-- topic: administration
-- attack: T1562.008 Impair Defenses: Disable or Modify Cloud Logs
-- rule: audit-log-disabled; audit-retention-removed; mailbox-audit-bypassed
-- column: tenant_name = Tenant
-- column: event_time = When
-- column: operation = The cmdlet
-- column: actor_upn = Who did it
-- column: target = For what
-- column: setting = What was set
-- column: source_ip = From which address
-- column: outcome = success or failure
SELECT DISTINCT tenant_name, event_time, operation, actor_upn, coalesce(target_id, TRY(parameters['Identity'])) AS target,
  CASE WHEN lower(TRY(parameters['UnifiedAuditLogIngestionEnabled'])) = 'false' THEN 'UnifiedAuditLogIngestionEnabled = False'
    WHEN lower(TRY(parameters['AuditBypassEnabled'])) = 'true' THEN 'AuditBypassEnabled = True'
    WHEN lower(TRY(parameters['AuditDisabled'])) = 'true' THEN 'AuditDisabled = True'
    WHEN lower(TRY(parameters['AuditEnabled'])) = 'false' THEN 'AuditEnabled = False'
    WHEN lower(TRY(parameters['AdminAuditLogEnabled'])) = 'false' THEN 'AdminAuditLogEnabled = False'
    ELSE 'a policy of retention' END AS setting,
  source_ip, outcome
FROM msft_o365_exchange_online_raw
WHERE event_time >= {{since}} AND event_time < {{until}}
  AND ((operation = 'Set-AdminAuditLogConfig' AND (lower(TRY(parameters['UnifiedAuditLogIngestionEnabled'])) = 'false' OR lower(TRY(parameters['AdminAuditLogEnabled'])) = 'false'))
    OR (operation = 'Set-MailboxAuditBypassAssociation' AND lower(TRY(parameters['AuditBypassEnabled'])) = 'true')
    OR (operation = 'Set-OrganizationConfig' AND lower(TRY(parameters['AuditDisabled'])) = 'true')
    OR (operation = 'Set-Mailbox' AND lower(TRY(parameters['AuditEnabled'])) = 'false')
    OR operation IN ('Remove-UnifiedAuditLogRetentionPolicy', 'Set-UnifiedAuditLogRetentionPolicy'))
ORDER BY event_time DESC, operation, target
