-- title: Mail read by applications
-- question: Which applications read mail in how many mailboxes?
-- topic: mail
-- attack: T1114.002 Email Collection: Remote Email Collection
-- column: tenant_name = Tenant
-- column: app_id = Application
-- column: client = Client as it names itself
-- column: mailboxes = In how many mailboxes
-- column: operations = Messages or folders that were read
-- column: addresses = From how many addresses
-- column: last_time = The last one
SELECT tenant_name, app_id, max(client_info) AS client, count(DISTINCT mailbox_owner_upn) AS mailboxes, sum(operation_count) AS operations,
  count(DISTINCT source_ip) AS addresses, max(event_time) AS last_time
FROM (
  SELECT DISTINCT tenant_name, record_key, app_id, client_info, mailbox_owner_upn, operation_count, source_ip, event_time
  FROM msft_o365_exchange_online_raw
  WHERE event_time >= {{since}} AND event_time < {{until}}
    AND operation = 'MailItemsAccessed' AND app_id IS NOT NULL
) accesses
GROUP BY tenant_name, app_id
ORDER BY mailboxes DESC, operations DESC, app_id
