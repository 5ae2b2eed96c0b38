-- title: Guests invited
-- question: Who invited how many guests?
-- topic: directory
-- attack: T1136.003 Create Account: Cloud Account
-- column: tenant_name = Tenant
-- column: actor_upn = Who invited
-- column: guests = How many guests
-- column: invited = Who was invited
-- column: last_time = The last invitation
SELECT tenant_name, actor_upn, count(DISTINCT TRY(coalesce(targets[1].upn, targets[1].name))) AS guests,
  array_agg(DISTINCT TRY(coalesce(targets[1].upn, targets[1].name)) ORDER BY TRY(coalesce(targets[1].upn, targets[1].name))) AS invited,
  max(event_time) AS last_time
FROM msft_azure_ad_audit
WHERE dt >= CAST({{since}} AS date) AND event_time >= {{since}} AND event_time < {{until}}
  AND operation = 'Invite external user' AND outcome = 'success'
GROUP BY tenant_name, actor_upn
ORDER BY guests DESC, actor_upn
