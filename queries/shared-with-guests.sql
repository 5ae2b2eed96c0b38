-- title: Shared with guests
-- question: What was shared with guests, by whom and with whom?
-- topic: files
-- attack: T1567 Exfiltration Over Web Service
-- rule: labelled-file-shared-with-guest
-- column: tenant_name = Tenant
-- column: event_time = When
-- column: operation = How it was shared
-- column: actor_upn = Who shared
-- column: target_user = With whom
-- column: target_id = The file, folder or site
-- column: source_ip = From which address
SELECT DISTINCT tenant_name, event_time, operation, actor_upn, target_user, target_id, source_ip
FROM msft_o365_sharepoint_online_raw
WHERE event_time >= {{since}} AND event_time < {{until}}
  AND operation IN ('SharingSet', 'SharingInvitationCreated', 'SharingInvitationAccepted', 'AddedToSecureLink', 'SecureLinkUsed', 'AddedToGroup')
  AND (target_user_type = 'Guest' OR lower(target_user) LIKE '%#ext#%')
ORDER BY event_time DESC, actor_upn, target_user, target_id
