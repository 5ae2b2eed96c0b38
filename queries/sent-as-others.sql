-- title: Sent as another user
-- question: Who sent mail as or on behalf of another user?
-- topic: mail
-- attack: T1534 Internal Spearphishing
-- rule: sent-as-another-first
-- column: tenant_name = Tenant
-- column: actor_upn = Who sent
-- column: sent_as = As whom
-- column: operation = SendAs or SendOnBehalf
-- column: messages = How many messages
-- column: source_ip = From which address
-- column: last_time = The last one
SELECT tenant_name, actor_upn, coalesce(send_as_upn, send_on_behalf_of_upn, mailbox_owner_upn) AS sent_as, operation,
  count(DISTINCT record_key) AS messages, source_ip, max(event_time) AS last_time
FROM msft_o365_exchange_online_raw
WHERE event_time >= {{since}} AND event_time < {{until}}
  AND operation IN ('SendAs', 'SendOnBehalf')
GROUP BY tenant_name, actor_upn, coalesce(send_as_upn, send_on_behalf_of_upn, mailbox_owner_upn), operation, source_ip
ORDER BY messages DESC, actor_upn, sent_as
