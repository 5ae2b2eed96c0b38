-- title: Sensitivity labels lowered
-- question: Who removed or lowered sensitivity labels, and why?
-- topic: data protection
-- attack: T1562.001 Impair Defenses: Disable or Modify Tools
-- rule: label-removed
-- column: tenant_name = Tenant
-- column: event_time = When
-- column: operation = What was done
-- column: actor_upn = Who did it
-- column: target_id = The file or message
-- column: label_before = Label before
-- column: label_after = Label after; NULL where it was removed
-- column: justification = The user's justification
SELECT DISTINCT tenant_name, event_time, operation, actor_upn, target_id, old_sensitivity_label_id AS label_before,
  sensitivity_label_id AS label_after, label_justification AS justification
FROM msft_o365_general_raw
WHERE event_time >= {{since}} AND event_time < {{until}}
  AND (label_event_type IN (2, 3) OR operation = 'SensitivityLabelRemoved')
UNION ALL
SELECT DISTINCT tenant_name, event_time, operation, actor_upn, target_id, source_label AS label_before,
  coalesce(destination_label, sensitivity_label_id) AS label_after, CAST(NULL AS varchar) AS justification
FROM msft_o365_sharepoint_online_raw
WHERE event_time >= {{since}} AND event_time < {{until}}
  AND operation IN ('FileSensitivityLabelRemoved', 'SiteSensitivityLabelRemoved')
ORDER BY event_time DESC, actor_upn, target_id
