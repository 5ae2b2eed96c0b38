-- title: Legacy protocols
-- question: Who signs in with legacy protocols, which cannot ask for a second factor?
-- topic: sign-ins
-- attack: T1078.004 Valid Accounts: Cloud Accounts
-- rule: legacy-protocol-succeeded
-- column: tenant_name = Tenant
-- column: actor_upn = Who signed in
-- column: client_app_used = Protocol
-- column: successes = Sign-ins that worked
-- column: failures = Sign-ins that failed
-- column: addresses = Addresses they came from
-- column: last_time = The last one
SELECT tenant_name, actor_upn, client_app_used, count(DISTINCT record_id) FILTER (WHERE outcome = 'success') AS successes,
  count(DISTINCT record_id) FILTER (WHERE outcome = 'failure') AS failures, count(DISTINCT source_ip) AS addresses, max(event_time) AS last_time
FROM {{sign-ins}}
WHERE client_app_used IN ('Authenticated SMTP', 'SMTP', 'IMAP4', 'IMAP', 'POP3', 'POP', 'AutoDiscover', 'Autodiscover', 'Exchange Active Sync',
    'Exchange Online PowerShell', 'Exchange Web Services', 'MAPI Over HTTP', 'MAPI', 'Offline Address Book', 'Outlook Anywhere (RPC over HTTP)',
    'Outlook Service', 'Reporting Web Services', 'Universal Outlook')
  OR client_app_used LIKE 'Exchange ActiveSync%' OR client_app_used LIKE 'Other clients%'
GROUP BY tenant_name, actor_upn, client_app_used
ORDER BY successes DESC, failures DESC, actor_upn, client_app_used
