-- title: Devices registered
-- question: Who registered devices?
-- topic: directory
-- attack: T1098.005 Account Manipulation: Device Registration
-- column: tenant_name = Tenant
-- column: event_time = When
-- column: operation = What was done
-- column: actor_upn = Who did it
-- column: device = Name of the device
-- column: source_ip = From which address
-- column: outcome = success or failure
SELECT tenant_name, event_time, operation, actor_upn, target_name AS device, source_ip, outcome
FROM msft_azure_ad_audit
WHERE dt >= CAST({{since}} AS date) AND event_time >= {{since}} AND event_time < {{until}}
  AND operation IN ('Register device', 'Add device', 'Add registered owner to device')
ORDER BY event_time DESC, operation, device
