-- title: Downloads to unmanaged devices
-- question: Who downloads files to unmanaged devices?
-- topic: files
-- attack: T1530 Data from Cloud Storage
-- rule: download-to-unmanaged-device
-- column: tenant_name = Tenant
-- column: actor_upn = Who downloaded
-- column: platform = Platform of the device
-- column: files = How many different files
-- column: addresses = From how many addresses
-- column: last_time = The last one
SELECT tenant_name, actor_upn, platform, count(DISTINCT target_id) AS files, count(DISTINCT source_ip) AS addresses, max(event_time) AS last_time
FROM msft_o365_sharepoint_online_raw
WHERE event_time >= {{since}} AND event_time < {{until}}
  AND operation IN ('FileDownloaded', 'FileSyncDownloadedFull') AND is_managed_device = false
GROUP BY tenant_name, actor_upn, platform
ORDER BY files DESC, actor_upn, platform
