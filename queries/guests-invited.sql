-- title: Guests invited
-- question: Who invited how many guests?
-- topic: directory
-- attack: T1136.003 Create Account: Cloud Account
-- rule: guest-flood
-- column: tenant_name = Tenant
-- column: actor_upn = Who invited
-- column: guests = How many guests
-- column: invited = Who was invited
-- column: last_time = The last invitation
SELECT tenant_name, actor_upn, count(DISTINCT account) AS guests,
  array_agg(DISTINCT account ORDER BY account) AS invited,
  max(event_time) AS last_time
FROM {{directory changes}}
WHERE operation = 'Invite external user' AND outcome = 'success'
GROUP BY tenant_name, actor_upn
ORDER BY guests DESC, actor_upn
