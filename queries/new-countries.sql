-- title: New countries
-- question: Who signed in from a country in the last day that was not among their countries before?
-- topic: sign-ins
-- graph: the Management Activity API has no place of a sign-in
-- attack: T1078.004 Valid Accounts: Cloud Accounts
-- rule: sign-in-first-country
-- parameter: new_hours = 24: what counts as new, in hours before the end of the window
-- column: tenant_name = Tenant
-- column: actor_upn = Who signed in
-- column: country = The new country
-- column: source_ip = First address there
-- column: first_time = First sign-in from there
-- column: countries_before = How many countries were known before
WITH visits AS (
  SELECT tenant_name, actor_upn, country, min(event_time) AS first_time, min_by(source_ip, event_time) AS source_ip
  FROM msft_azure_ad_raw
  WHERE event_time >= {{since}} AND event_time < {{until}}
    AND outcome = 'success' AND country IS NOT NULL AND actor_type NOT IN ('service-principal', 'managed-identity')
  GROUP BY tenant_name, actor_upn, country
), known AS (
  SELECT tenant_name, actor_upn, count(*) AS countries_before
  FROM visits
  WHERE date_diff('millisecond', first_time, {{until}}) > {{new_hours}} * 3600000
  GROUP BY tenant_name, actor_upn
)
SELECT visits.tenant_name, visits.actor_upn, visits.country, visits.source_ip, visits.first_time, known.countries_before
FROM visits
JOIN known ON known.tenant_name = visits.tenant_name AND known.actor_upn = visits.actor_upn
WHERE date_diff('millisecond', visits.first_time, {{until}}) <= {{new_hours}} * 3600000
ORDER BY visits.first_time DESC, visits.actor_upn, visits.country
