-- title: Mass sharing
-- question: Who shared very many files or folders within a day?
-- topic: files
-- attack: T1567 Exfiltration Over Web Service
-- rule: mass-sharing
-- parameter: items = 25: how many within a day
-- column: tenant_name = Tenant
-- column: actor_upn = Who shared
-- column: day_of = The day
-- column: items = How many files, folders or sites
-- column: with_whom = With how many people or groups, where they are named
-- column: operations = How it was shared
SELECT tenant_name, actor_upn, date_trunc('day', event_time) AS day_of, count(DISTINCT target_id) AS items,
  count(DISTINCT coalesce(target_user, user_shared_with)) AS with_whom, array_agg(DISTINCT operation ORDER BY operation) AS operations
FROM msft_o365_sharepoint_online_raw
WHERE event_time >= {{since}} AND event_time < {{until}}
  AND operation IN ('SharingSet', 'SharingInvitationCreated', 'AnonymousLinkCreated', 'SecureLinkCreated', 'CompanyLinkCreated', 'AddedToSecureLink')
GROUP BY tenant_name, actor_upn, date_trunc('day', event_time)
HAVING count(DISTINCT target_id) >= {{items}}
ORDER BY items DESC, actor_upn, day_of
