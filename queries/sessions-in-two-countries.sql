-- title: Session in two countries
-- question: Which sessions were used from more than one country, as a stolen token would be?
-- topic: sign-ins
-- graph: the Management Activity API has no place of a sign-in
-- attack: T1550.001 Use Alternate Authentication Material: Application Access Token; T1539 Steal Web Session Cookie
-- rule: session-in-two-countries
-- column: tenant_name = Tenant
-- column: actor_upn = Whose session
-- column: session_id = The session
-- column: countries = Where it was used
-- column: addresses = From which addresses
-- column: first_time = First use
-- column: last_time = Last use
WITH uses AS (
  SELECT tenant_name, actor_upn, session_id, country, source_ip, event_time,
    min(country) OVER (PARTITION BY tenant_name, actor_upn, session_id) AS one_country,
    max(country) OVER (PARTITION BY tenant_name, actor_upn, session_id) AS another_country
  FROM msft_azure_ad_raw
  WHERE event_time >= {{since}} AND event_time < {{until}}
    AND outcome = 'success' AND session_id IS NOT NULL AND country IS NOT NULL AND source_ip IS NOT NULL
)
SELECT tenant_name, actor_upn, session_id, array_agg(DISTINCT country ORDER BY country) AS countries,
  array_agg(DISTINCT source_ip ORDER BY source_ip) AS addresses, min(event_time) AS first_time, max(event_time) AS last_time
FROM uses
WHERE one_country <> another_country
GROUP BY tenant_name, actor_upn, session_id
ORDER BY last_time DESC, actor_upn, session_id
