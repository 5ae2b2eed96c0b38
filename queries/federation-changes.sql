-- title: Domains and federation changed
-- question: Who added a domain or changed how its users sign in?
-- topic: directory
-- attack: T1484.002 Domain or Tenant Policy Modification: Trust Modification
-- rule: domain-added; federation-changed
-- column: tenant_name = Tenant
-- column: event_time = When
-- column: operation = What was done
-- column: actor_upn = Who did it
-- column: domain = Which domain
-- column: source_ip = From which address
-- column: outcome = success or failure
SELECT tenant_name, event_time, operation, actor_upn, target_name AS domain, source_ip, outcome
FROM {{directory changes}}
WHERE (lower(operation) LIKE '%federation settings on domain%' OR lower(operation) LIKE 'set domain authentication%'
    OR lower(operation) IN ('add unverified domain', 'add verified domain', 'verify domain', 'remove verified domain', 'add partner to company'))
ORDER BY event_time DESC, operation, domain
