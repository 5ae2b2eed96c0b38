-- title: Mailboxes synchronized
-- question: Which mailboxes were synchronized as a whole, and from which addresses?
-- topic: mail
-- attack: T1114.002 Email Collection: Remote Email Collection
-- rule: mailbox-synchronized-by-new-client
-- column: tenant_name = Tenant
-- column: mailbox_owner_upn = Whose mailbox
-- column: actor_upn = Who did it
-- column: source_ip = From which address
-- column: client = Client as it names itself
-- column: folders = Records of folders that were copied
-- column: last_time = The last one
SELECT tenant_name, mailbox_owner_upn, actor_upn, source_ip, client_info AS client, count(DISTINCT record_key) AS folders, max(event_time) AS last_time
FROM msft_o365_exchange_online_raw
WHERE event_time >= {{since}} AND event_time < {{until}}
  AND operation = 'MailItemsAccessed' AND mail_access_type = 'Sync'
GROUP BY tenant_name, mailbox_owner_upn, actor_upn, source_ip, client_info
ORDER BY folders DESC, mailbox_owner_upn, source_ip
