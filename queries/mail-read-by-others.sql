-- title: Mail read by others
-- question: Who read mail in mailboxes that are not their own?
-- topic: mail
-- attack: T1114.002 Email Collection: Remote Email Collection
-- rule: mail-read-by-another
-- column: tenant_name = Tenant
-- column: actor_upn = Who read
-- column: mailbox_owner_upn = Whose mail
-- column: logon_type_name = As admin, delegated, ...
-- column: records = Records of accesses
-- column: operations = Accesses they stand for
-- column: addresses = From how many addresses
-- column: last_time = The last one
SELECT tenant_name, actor_upn, mailbox_owner_upn, logon_type_name, count(*) AS records, sum(operation_count) AS operations,
  count(DISTINCT source_ip) AS addresses, max(event_time) AS last_time
FROM (
  SELECT DISTINCT tenant_name, record_key, actor_upn, mailbox_owner_upn, logon_type_name, operation_count, source_ip, event_time
  FROM msft_o365_exchange_online_raw
  WHERE event_time >= {{since}} AND event_time < {{until}}
    AND operation IN ('MailItemsAccessed', 'MessageBind', 'FolderBind') AND logon_type IN (1, 2, 6)
    AND lower(actor_upn) <> lower(mailbox_owner_upn)
) accesses
GROUP BY tenant_name, actor_upn, mailbox_owner_upn, logon_type_name
ORDER BY operations DESC, actor_upn, mailbox_owner_upn
