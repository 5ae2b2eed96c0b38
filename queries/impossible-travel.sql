-- title: Impossible travel
-- question: Who signed in from two places too far apart to travel between in the time?
-- topic: sign-ins
-- graph: the Management Activity API has no place of a sign-in
-- attack: T1078.004 Valid Accounts: Cloud Accounts
-- rule: impossible-travel
-- parameter: km = 500: from how many kilometres on
-- parameter: km_per_hour = 900: faster than this
-- column: tenant_name = Tenant
-- column: actor_upn = Who signed in
-- column: previous_time = The sign-in before
-- column: event_time = The second sign-in
-- column: previous_ip = Address of the sign-in before
-- column: source_ip = Address of this one
-- column: previous_country = Country of the sign-in before
-- column: country = Country of this one
-- column: km = Kilometres between the two
-- column: hours = Hours between the two
WITH located AS (
  SELECT DISTINCT tenant_name, actor_upn, event_time, source_ip, country, latitude, longitude
  FROM msft_azure_ad_raw
  WHERE event_time >= {{since}} AND event_time < {{until}}
    AND log_type = 'sign-ins-interactive' AND outcome = 'success' AND (latitude <> 0 OR longitude <> 0)
), moves AS (
  SELECT *, lag(event_time) OVER own AS previous_time, lag(source_ip) OVER own AS previous_ip, lag(country) OVER own AS previous_country,
    lag(latitude) OVER own AS previous_latitude, lag(longitude) OVER own AS previous_longitude
  FROM located
  WINDOW own AS (PARTITION BY tenant_name, actor_upn ORDER BY event_time, source_ip)
), legs AS (
  SELECT *, CAST(date_diff('millisecond', previous_time, event_time) AS double) / 3600000 AS hours,
    12742 * asin(least(1.0, sqrt(power(sin(radians(latitude - previous_latitude) / 2), 2)
      + cos(radians(previous_latitude)) * cos(radians(latitude)) * power(sin(radians(longitude - previous_longitude) / 2), 2)))) AS km
  FROM moves
  WHERE previous_time IS NOT NULL
)
SELECT tenant_name, actor_upn, previous_time, event_time, previous_ip, source_ip, previous_country, country,
  CAST(round(km) AS bigint) AS km, round(hours, 2) AS hours
FROM legs
WHERE km >= {{km}} AND km > {{km_per_hour}} * hours
ORDER BY event_time DESC, actor_upn
