-- title: Failed sign-ins by reason
-- question: What are the most common reasons for failed sign-ins, and which accounts do they affect?
-- topic: sign-ins
-- column: tenant_name = Tenant
-- column: error_code = AADSTS number
-- column: failure_reason = The reason in words
-- column: failures = How often
-- column: accounts = How many accounts
-- column: addresses = From how many addresses
SELECT tenant_name, error_code, max(failure_reason) AS failure_reason, count(DISTINCT record_id) AS failures,
  count(DISTINCT actor_upn) AS accounts, count(DISTINCT source_ip) AS addresses
FROM {{sign-ins}}
WHERE outcome = 'failure'
GROUP BY tenant_name, error_code
ORDER BY failures DESC, error_code
