-- title: Copied to removable media, printers and web sites
-- question: Who copied sensitive files off their device, and where to?
-- topic: data protection
-- attack: T1052.001 Exfiltration over USB; T1567.002 Exfiltration to Cloud Storage
-- rule: copies-to-removable-media
-- column: tenant_name = Tenant
-- column: actor_upn = Who did it
-- column: endpoint_device = On which device
-- column: endpoint_operation = What was done
-- column: files = How many files
-- column: domains = To which web sites, if any
-- column: blocked = How often it was blocked
-- column: last_time = The last one
SELECT tenant_name, actor_upn, endpoint_device, endpoint_operation, count(DISTINCT target_name) AS files,
  array_agg(DISTINCT endpoint_target_domain ORDER BY endpoint_target_domain) FILTER (WHERE endpoint_target_domain IS NOT NULL) AS domains,
  count(DISTINCT record_key) FILTER (WHERE enforcement_mode = 4) AS blocked, max(event_time) AS last_time
FROM msft_o365_dlp_raw
WHERE event_time >= {{since}} AND event_time < {{until}}
  AND endpoint_operation IN ('FileCopiedToRemovableMedia', 'FileUploadedToCloud', 'FilePrinted', 'FileCopiedToNetworkShare', 'FileTransferredByBluetooth', 'FileCopiedToRemoteDesktopSession')
GROUP BY tenant_name, actor_upn, endpoint_device, endpoint_operation
ORDER BY files DESC, actor_upn, endpoint_operation
