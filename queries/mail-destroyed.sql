-- title: Mass deletion of mail
-- question: Who deleted large amounts of mail permanently?
-- topic: mail
-- attack: T1070.008 Indicator Removal: Clear Mailbox Data
-- rule: mail-destroyed-en-masse
-- parameter: items = 50: from how many messages on
-- column: tenant_name = Tenant
-- column: actor_upn = Who deleted
-- column: mailbox_owner_upn = In whose mailbox
-- column: items = How many messages
-- column: source_ip = From which address
-- column: first_time = The first
-- column: last_time = The last
SELECT tenant_name, actor_upn, mailbox_owner_upn, sum(affected_item_count) AS items, source_ip, min(event_time) AS first_time, max(event_time) AS last_time
FROM (
  SELECT DISTINCT tenant_name, record_key, actor_upn, mailbox_owner_upn, affected_item_count, source_ip, event_time
  FROM msft_o365_exchange_online_raw
  WHERE event_time >= {{since}} AND event_time < {{until}}
    AND operation = 'HardDelete' AND outcome = 'success'
) deletions
GROUP BY tenant_name, actor_upn, mailbox_owner_upn, source_ip
HAVING sum(affected_item_count) >= {{items}}
ORDER BY items DESC, actor_upn, mailbox_owner_upn
