-- title: Mass deletion of files
-- question: Who deleted very many files within an hour?
-- topic: files
-- attack: T1485 Data Destruction
-- rule: mass-file-deletion
-- parameter: files = 100: how many within an hour
-- column: tenant_name = Tenant
-- column: actor_upn = Who deleted
-- column: hour_of = The hour
-- column: files = How many different files
-- column: sites = In how many sites
-- column: beyond_recycling = Of these, how many were deleted from a recycle bin
-- column: addresses = From how many addresses
SELECT tenant_name, actor_upn, date_trunc('hour', event_time) AS hour_of, count(DISTINCT target_id) AS files, count(DISTINCT site_url) AS sites,
  count(DISTINCT target_id) FILTER (WHERE operation LIKE '%RecycleBin') AS beyond_recycling, count(DISTINCT source_ip) AS addresses
FROM msft_o365_sharepoint_online_raw
WHERE event_time >= {{since}} AND event_time < {{until}}
  AND operation IN ('FileDeleted', 'FileRecycled', 'FileDeletedFirstStageRecycleBin', 'FileDeletedSecondStageRecycleBin', 'FolderDeleted', 'FolderRecycled', 'FileVersionsAllDeleted')
GROUP BY tenant_name, actor_upn, date_trunc('hour', event_time)
HAVING count(DISTINCT target_id) >= {{files}}
ORDER BY files DESC, actor_upn, hour_of
