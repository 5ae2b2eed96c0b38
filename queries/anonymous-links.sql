-- title: Anonymous links
-- question: Which files have anonymous links, who created them, and from where were they used?
-- topic: files
-- attack: T1567 Exfiltration Over Web Service
-- rule: anonymous-link-created
-- column: tenant_name = Tenant
-- column: target_id = The file or folder
-- column: made_by = Who created links for it
-- column: made = Links created or changed
-- column: used = How often they were used
-- column: used_from = From how many addresses
-- column: first_time = First of these events
-- column: last_time = Last of these events
SELECT tenant_name, target_id,
  array_agg(DISTINCT actor_upn ORDER BY actor_upn) FILTER (WHERE operation IN ('AnonymousLinkCreated', 'AnonymousLinkUpdated')) AS made_by,
  count(DISTINCT record_key) FILTER (WHERE operation IN ('AnonymousLinkCreated', 'AnonymousLinkUpdated')) AS made,
  count(DISTINCT record_key) FILTER (WHERE operation = 'AnonymousLinkUsed') AS used,
  count(DISTINCT source_ip) FILTER (WHERE operation = 'AnonymousLinkUsed') AS used_from,
  min(event_time) AS first_time, max(event_time) AS last_time
FROM msft_o365_sharepoint_online_raw
WHERE event_time >= {{since}} AND event_time < {{until}}
  AND operation IN ('AnonymousLinkCreated', 'AnonymousLinkUpdated', 'AnonymousLinkUsed')
GROUP BY tenant_name, target_id
ORDER BY used DESC, last_time DESC, target_id
