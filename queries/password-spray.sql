-- title: Password spray
-- question: Which addresses failed with wrong passwords on many accounts, and on how many did they succeed?
-- topic: sign-ins
-- attack: T1110.003 Brute Force: Password Spraying
-- rule: password-spray
-- parameter: accounts = 10: on how many accounts
-- column: tenant_name = Tenant
-- column: source_ip = Address the passwords came from
-- column: accounts = Accounts that were tried
-- column: failures = Wrong passwords
-- column: accounts_entered = Accounts that signed in from the address in the same span
-- column: first_time = First wrong password
-- column: last_time = Last wrong password
SELECT tenant_name, source_ip,
  count(DISTINCT actor_upn) FILTER (WHERE error_code IN (50126, 50053, 50055, 50056, 50034)) AS accounts,
  count(DISTINCT record_id) FILTER (WHERE error_code IN (50126, 50053, 50055, 50056, 50034)) AS failures,
  count(DISTINCT actor_upn) FILTER (WHERE outcome = 'success') AS accounts_entered,
  min(event_time) FILTER (WHERE error_code IN (50126, 50053, 50055, 50056, 50034)) AS first_time,
  max(event_time) FILTER (WHERE error_code IN (50126, 50053, 50055, 50056, 50034)) AS last_time
FROM {{sign-ins}}
WHERE source_ip IS NOT NULL AND actor_type NOT IN ('service-principal', 'managed-identity')
GROUP BY tenant_name, source_ip
HAVING count(DISTINCT actor_upn) FILTER (WHERE error_code IN (50126, 50053, 50055, 50056, 50034)) >= {{accounts}}
ORDER BY accounts DESC, source_ip
