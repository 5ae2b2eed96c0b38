-- title: Mass download
-- question: Who downloaded or synchronized very many files within an hour?
-- topic: files
-- attack: T1530 Data from Cloud Storage; T1213.002 Data from Information Repositories: Sharepoint
-- rule: mass-download
-- parameter: files = 100: how many within an hour
-- column: tenant_name = Tenant
-- column: actor_upn = Who downloaded
-- column: hour_of = The hour
-- column: files = How many different files
-- column: megabytes = Their size, where Microsoft gives it
-- column: sites = From how many sites
-- column: addresses = From which addresses
-- column: clients = With how many clients
SELECT tenant_name, actor_upn, hour_of, count(DISTINCT target_id) AS files, round(CAST(sum(file_size_bytes) AS double) / 1000000, 1) AS megabytes,
  count(DISTINCT site_url) AS sites, array_agg(DISTINCT source_ip ORDER BY source_ip) FILTER (WHERE source_ip IS NOT NULL) AS addresses,
  count(DISTINCT user_agent) AS clients
FROM (
  SELECT DISTINCT tenant_name, actor_upn, date_trunc('hour', event_time) AS hour_of, record_key, target_id, file_size_bytes, site_url, source_ip, user_agent
  FROM msft_o365_sharepoint_online_raw
  WHERE event_time >= {{since}} AND event_time < {{until}}
    AND operation IN ('FileDownloaded', 'FileSyncDownloadedFull', 'FileSyncDownloadedPartial')
) downloads
GROUP BY tenant_name, actor_upn, hour_of
HAVING count(DISTINCT target_id) >= {{files}}
ORDER BY files DESC, actor_upn, hour_of
