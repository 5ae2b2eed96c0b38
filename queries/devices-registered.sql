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
SELECT tenant_name, event_time, operation, actor_upn, device, source_ip, outcome
FROM {{directory changes}}
WHERE operation IN ('Register device', 'Add device', 'Add registered owner to device', 'Add registered users to device')
ORDER BY event_time DESC, operation, device
