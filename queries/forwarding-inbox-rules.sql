-- title: Inbox rules that forward
-- question: Which new or changed inbox rules forward mail to somebody else?
-- topic: mail
-- attack: T1114.003 Email Collection: Email Forwarding Rule
-- rule: inbox-rule-forwards-outside
-- column: tenant_name = Tenant
-- column: event_time = When
-- column: operation = A cmdlet, or UpdateInboxRules of Outlook
-- column: actor_upn = Who did it
-- column: source_ip = From which address
-- column: rule_name = Name of the rule
-- column: forward_to = Everybody it forwards or redirects to
-- column: outcome = success or failure
SELECT DISTINCT tenant_name, event_time, operation, actor_upn, source_ip, coalesce(TRY(parameters['Name']), TRY(parameters['Identity']), rule_name) AS rule_name,
  forward_to, outcome
FROM msft_o365_exchange_online_raw
WHERE event_time >= {{since}} AND event_time < {{until}}
  AND operation IN ('New-InboxRule', 'Set-InboxRule', 'Enable-InboxRule', 'UpdateInboxRules')
  AND coalesce(rule_operation, 'AddMailboxRule') IN ('AddMailboxRule', 'ModifyMailboxRule')
  AND forward_to IS NOT NULL
ORDER BY event_time DESC, actor_upn, rule_name
