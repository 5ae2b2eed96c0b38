-- title: Apps added to teams
-- question: Who added which bots, connectors and apps to teams?
-- topic: collaboration
-- attack: T1671 Cloud Application Integration
-- column: tenant_name = Tenant
-- column: event_time = When
-- column: operation = What was done
-- column: actor_upn = Who did it
-- column: team_name = Which team
-- column: add_on_name = Which app
-- column: add_on_type = bot, connector or tab
SELECT DISTINCT tenant_name, event_time, operation, actor_upn, team_name, add_on_name, add_on_type
FROM msft_o365_general_raw
WHERE event_time >= {{since}} AND event_time < {{until}}
  AND operation IN ('AppInstalled', 'AppUpgraded', 'BotAddedToTeam', 'ConnectorAdded', 'AppPublishedToCatalog', 'TabAdded')
ORDER BY event_time DESC, actor_upn, add_on_name
