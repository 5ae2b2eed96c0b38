-- title: Site administrators added
-- question: Who became administrator of which site collection?
-- topic: files
-- attack: T1098 Account Manipulation
-- rule: site-administrator-added
-- column: tenant_name = Tenant
-- column: event_time = When
-- column: actor_upn = Who did it
-- column: new_admin = Who became administrator
-- column: site = Which site
-- column: source_ip = From which address
SELECT DISTINCT tenant_name, event_time, actor_upn,
  coalesce(target_user, TRY(filter(modified_properties, property -> property.name = 'SiteAdmin')[1].new_value)) AS new_admin,
  coalesce(site_url, target_id) AS site, source_ip
FROM msft_o365_sharepoint_online_raw
WHERE event_time >= {{since}} AND event_time < {{until}}
  AND operation = 'SiteCollectionAdminAdded'
ORDER BY event_time DESC, site, new_admin
