-- title: Inbox rules that forward
-- question: Which new or changed inbox rules forward mail to somebody else?
-- topic: mail
-- attack: T1114.003 Email Collection: Email Forwarding Rule
-- column: tenant_name = Tenant
-- column: event_time = When
-- column: operation = New-InboxRule, Set-InboxRule or Enable-InboxRule
-- column: actor_upn = Who did it
-- column: source_ip = From which address
-- column: rule_name = Name of the rule
-- column: forward_to = To whom it forwards or redirects
-- column: outcome = success or failure
SELECT DISTINCT tenant_name, event_time, operation, actor_upn, source_ip, coalesce(TRY(parameters['Name']), TRY(parameters['Identity'])) AS rule_name,
  coalesce(TRY(parameters['ForwardTo']), TRY(parameters['RedirectTo']), TRY(parameters['ForwardAsAttachmentTo'])) AS forward_to, outcome
FROM msft_o365_exchange_online_raw
WHERE dt >= CAST({{since}} AS date) AND event_time >= {{since}} AND event_time < {{until}}
  AND operation IN ('New-InboxRule', 'Set-InboxRule', 'Enable-InboxRule')
  AND coalesce(TRY(parameters['ForwardTo']), TRY(parameters['RedirectTo']), TRY(parameters['ForwardAsAttachmentTo'])) IS NOT NULL
ORDER BY event_time DESC, actor_upn, rule_name
