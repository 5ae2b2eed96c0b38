-- title: Mailboxes that forward
-- question: Which mailboxes were set to forward all mail, and to whom?
-- topic: mail
-- attack: T1114.003 Email Collection: Email Forwarding Rule
-- rule: mailbox-forwards-outside
-- column: tenant_name = Tenant
-- column: event_time = When
-- column: actor_upn = Who did it
-- column: mailbox = Which mailbox
-- column: forward_to = To whom
-- column: keeps_copy = Whether the mailbox keeps a copy, as sent
-- column: source_ip = From which address
-- column: outcome = success or failure
SELECT DISTINCT tenant_name, event_time, actor_upn, coalesce(target_id, TRY(parameters['Identity'])) AS mailbox,
  forward_to,
  TRY(parameters['DeliverToMailboxAndForward']) AS keeps_copy, source_ip, outcome
FROM msft_o365_exchange_online_raw
WHERE event_time >= {{since}} AND event_time < {{until}}
  AND operation = 'Set-Mailbox' AND forward_to IS NOT NULL
ORDER BY event_time DESC, mailbox
