-- title: Files renamed to one extension
-- question: Who renamed very many files to one new extension within an hour, as ransomware does?
-- topic: files
-- attack: T1486 Data Encrypted for Impact
-- rule: mass-file-renaming
-- parameter: files = 50: how many within an hour
-- column: tenant_name = Tenant
-- column: actor_upn = Who renamed
-- column: hour_of = The hour
-- column: new_extension = The extension afterwards
-- column: files = How many files
-- column: old_extensions = How many different extensions before
-- column: source_ip = From which address
SELECT tenant_name, actor_upn, date_trunc('hour', event_time) AS hour_of, lower(destination_file_extension) AS new_extension,
  count(DISTINCT target_id) AS files, count(DISTINCT lower(file_extension)) AS old_extensions, max(source_ip) AS source_ip
FROM msft_o365_sharepoint_online_raw
WHERE event_time >= {{since}} AND event_time < {{until}}
  AND operation = 'FileRenamed' AND lower(destination_file_extension) <> lower(file_extension)
GROUP BY tenant_name, actor_upn, date_trunc('hour', event_time), lower(destination_file_extension)
HAVING count(DISTINCT target_id) >= {{files}}
ORDER BY files DESC, actor_upn, hour_of
