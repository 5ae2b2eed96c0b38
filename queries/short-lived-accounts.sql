-- title: Short-lived accounts
-- question: Which accounts were created and deleted again within a day?
-- topic: directory
-- attack: T1136.003 Create Account: Cloud Account
-- rule: short-lived-account
-- parameter: hours = 24: the longest time between the two
-- column: tenant_name = Tenant
-- column: account = The account
-- column: made_at = When it was created
-- column: made_by = By whom
-- column: deleted_at = When it was deleted
-- column: deleted_by = By whom
-- column: hours = Hours between the two
WITH made AS (
  SELECT tenant_name, target_id, account, event_time, actor_upn
  FROM {{directory changes}}
  WHERE operation = 'Add user' AND outcome = 'success'
), deleted AS (
  SELECT tenant_name, target_id, event_time, actor_upn
  FROM {{directory changes}}
  WHERE operation = 'Delete user' AND outcome = 'success'
)
SELECT made.tenant_name, made.account, made.event_time AS made_at, made.actor_upn AS made_by, deleted.event_time AS deleted_at,
  deleted.actor_upn AS deleted_by, round(CAST(date_diff('millisecond', made.event_time, deleted.event_time) AS double) / 3600000, 1) AS hours
FROM made
JOIN deleted ON deleted.tenant_name = made.tenant_name AND deleted.target_id = made.target_id AND deleted.event_time >= made.event_time
WHERE date_diff('millisecond', made.event_time, deleted.event_time) <= {{hours}} * 3600000
ORDER BY made_at DESC, account
