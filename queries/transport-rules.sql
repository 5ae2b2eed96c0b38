-- title: Transport rules changed
-- question: Who created or changed transport rules, connectors and journal rules?
-- topic: mail
-- attack: T1114.003 Email Collection: Email Forwarding Rule
-- rule: transport-rule-copies-mail; mail-filter-bypassed
-- column: tenant_name = Tenant
-- column: event_time = When
-- column: operation = What was done
-- column: actor_upn = Who did it
-- column: rule_name = Name of the rule
-- column: sends_to = To whom it sends or copies mail, where it does
-- column: source_ip = From which address
-- column: outcome = success or failure
SELECT DISTINCT tenant_name, event_time, operation, actor_upn,
  coalesce(TRY(parameters['Name']), TRY(parameters['Identity']), target_id) AS rule_name,
  coalesce(TRY(parameters['BlindCopyTo']), TRY(parameters['RedirectMessageTo']), TRY(parameters['CopyTo']), TRY(parameters['AddToRecipients'])) AS sends_to,
  source_ip, outcome
FROM msft_o365_exchange_online_raw
WHERE event_time >= {{since}} AND event_time < {{until}}
  AND operation IN ('New-TransportRule', 'Set-TransportRule', 'Enable-TransportRule', 'Disable-TransportRule', 'Remove-TransportRule',
    'New-InboundConnector', 'Set-InboundConnector', 'New-OutboundConnector', 'Set-OutboundConnector', 'New-JournalRule', 'Set-JournalRule')
ORDER BY event_time DESC, operation, rule_name
