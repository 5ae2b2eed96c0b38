-- title: Teams settings changed
-- question: Who changed settings of Teams, and from what to what?
-- topic: collaboration
-- attack: T1562 Impair Defenses
-- rule: teams-external-access-changed
-- column: tenant_name = Tenant
-- column: event_time = When
-- column: operation = What was done
-- column: actor_upn = Who did it
-- column: setting = Which setting
-- column: old_value = Before
-- column: new_value = After
SELECT DISTINCT tenant_name, event_time, operation, actor_upn, name AS setting, old_value, new_value
FROM msft_o365_general_raw
WHERE event_time >= {{since}} AND event_time < {{until}}
  AND operation IN ('TeamsTenantSettingChanged', 'TeamSettingChanged', 'TeamsAdminAction', 'ChannelSettingChanged')
ORDER BY event_time DESC, setting, actor_upn
