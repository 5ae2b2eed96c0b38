-- title: Inbox rules that hide
-- question: Which new or changed inbox rules delete mail, mark it as read, or move it to a folder that is rarely opened?
-- topic: mail
-- attack: T1564.008 Hide Artifacts: Email Hiding Rules
-- rule: inbox-rule-hides-mail
-- column: tenant_name = Tenant
-- column: event_time = When
-- column: operation = New-InboxRule, Set-InboxRule, or UpdateInboxRules of Outlook
-- column: actor_upn = Who did it
-- column: source_ip = From which address
-- column: rule_name = Name of the rule
-- column: move_to = Folder it moves mail to
-- column: deletes = Whether it deletes mail
-- column: words = Words in subject or body it matches
SELECT DISTINCT tenant_name, event_time, operation, actor_upn, source_ip, coalesce(TRY(parameters['Name']), TRY(parameters['Identity']), rule_name) AS rule_name,
  TRY(parameters['MoveToFolder']) AS move_to,
  coalesce(lower(TRY(parameters['DeleteMessage'])) = 'true', false) OR coalesce(lower(TRY(parameters['SoftDeleteMessage'])) = 'true', false)
    OR coalesce(lower(rule_actions) LIKE '%"delete"%' OR lower(rule_actions) LIKE '%"permanentdelete"%', false) AS deletes,
  coalesce(TRY(parameters['SubjectOrBodyContainsWords']), TRY(parameters['SubjectContainsWords']), TRY(parameters['BodyContainsWords']), rule_condition) AS words
FROM (
  SELECT *, lower(coalesce(TRY(parameters['MoveToFolder']), CASE WHEN lower(rule_actions) LIKE '%"move%' THEN rule_actions END)) AS moves
  FROM msft_o365_exchange_online_raw
  WHERE event_time >= {{since}} AND event_time < {{until}}
    AND operation IN ('New-InboxRule', 'Set-InboxRule', 'UpdateInboxRules')
    AND coalesce(rule_operation, 'AddMailboxRule') IN ('AddMailboxRule', 'ModifyMailboxRule')
) rules
WHERE lower(rule_actions) LIKE '%"delete"%' OR lower(rule_actions) LIKE '%"permanentdelete"%' OR lower(rule_actions) LIKE '%"markasread"%'
  OR lower(TRY(parameters['DeleteMessage'])) = 'true' OR lower(TRY(parameters['SoftDeleteMessage'])) = 'true'
  OR lower(TRY(parameters['MarkAsRead'])) = 'true' OR moves LIKE '%rss%' OR moves LIKE '%archive%' OR moves LIKE '%junk%'
  OR moves LIKE '%deleted items%' OR moves LIKE '%conversation history%' OR moves LIKE '%historique des conversations%'
ORDER BY event_time DESC, actor_upn, rule_name
