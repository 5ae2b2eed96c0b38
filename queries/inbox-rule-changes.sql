-- title: Inbox rules changed
-- question: Who changed inbox rules how often, with which clients?
-- topic: mail
-- attack: T1114.003 Email Collection: Email Forwarding Rule; T1564.008 Hide Artifacts: Email Hiding Rules
-- rule: rule-then-send; inbox-rule-forwards-outside; inbox-rule-hides-mail
-- column: tenant_name = Tenant
-- column: actor_upn = Who did it
-- column: operation = Cmdlet, or what Outlook did: AddMailboxRule or ModifyMailboxRule, or what it writes of a removed one
-- column: source_ip = From which address
-- column: client = Client as it names itself
-- column: changes = How many changes
-- column: last_time = The last one
SELECT tenant_name, actor_upn, coalesce(rule_operation, operation) AS operation, source_ip, user_agent AS client, count(DISTINCT record_key) AS changes, max(event_time) AS last_time
FROM msft_o365_exchange_online_raw
WHERE event_time >= {{since}} AND event_time < {{until}}
  AND operation IN ('New-InboxRule', 'Set-InboxRule', 'Enable-InboxRule', 'Disable-InboxRule', 'Remove-InboxRule', 'UpdateInboxRules')
GROUP BY tenant_name, actor_upn, coalesce(rule_operation, operation), source_ip, user_agent
ORDER BY last_time DESC, actor_upn, operation
