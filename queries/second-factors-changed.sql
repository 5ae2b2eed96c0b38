-- title: Second factors changed
-- question: Whose second factors were added, changed or removed, and by whom?
-- topic: directory
-- attack: T1556.006 Modify Authentication Process: Multi-Factor Authentication; T1098.005 Account Manipulation: Device Registration
-- rule: second-factor-deleted-by-admin
-- column: tenant_name = Tenant
-- column: event_time = When
-- column: operation = What was done
-- column: actor_upn = Who did it
-- column: account = Whose factors
-- column: by_another = Whether somebody else did it
-- column: source_ip = From which address
-- column: outcome = success or failure
SELECT tenant_name, event_time, operation, actor_upn, account,
  lower(actor_upn) <> lower(account) AS by_another, source_ip, outcome
FROM {{directory changes}}
WHERE lower(operation) LIKE '%security info%' OR lower(operation) LIKE '%strong authentication%'
  OR lower(operation) LIKE '%application password for user%' OR lower(operation) LIKE '%oath token%'
  OR lower(operation) LIKE '%fido2 security key%' OR lower(operation) LIKE '%windows hello for business credential%'
  OR lower(operation) LIKE '%passwordless phone sign-in credential%' OR lower(operation) LIKE '%platform credential%'
ORDER BY event_time DESC, account, operation
