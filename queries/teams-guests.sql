-- title: Guests in teams
-- question: Who added guests to which teams and chats?
-- topic: collaboration
-- attack: T1098 Account Manipulation
-- rule: teams-guest-added-first
-- column: tenant_name = Tenant
-- column: event_time = When
-- column: operation = What was done
-- column: actor_upn = Who did it
-- column: team = Team or chat
-- column: guests = The first of them; of a chat Microsoft often says only that there are some
SELECT DISTINCT tenant_name, event_time, operation, actor_upn, coalesce(team_name, chat_name, chat_thread_id) AS team,
  TRY(filter(members, member -> member.role = 3 OR lower(member.upn) LIKE '%#ext#%')[1].upn) AS guests
FROM msft_o365_general_raw
WHERE event_time >= {{since}} AND event_time < {{until}}
  AND operation IN ('MemberAdded', 'ChatCreated', 'TeamCreated')
  AND (has_guests OR TRY(filter(members, member -> member.role = 3 OR lower(member.upn) LIKE '%#ext#%')[1].upn) IS NOT NULL)
ORDER BY event_time DESC, actor_upn, team
