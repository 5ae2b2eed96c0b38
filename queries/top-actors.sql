-- title: Actors with the most events
-- question: Which users and applications have the most events, and in how many datasets?
-- topic: overview
-- parameter: actors = 100: how many to show
-- column: tenant_name = Tenant
-- column: actor_upn = User or application
-- column: events = How many events, as often as Microsoft served them
-- column: failures = Of these, how many failed
-- column: datasets = In how many datasets
-- column: last_time = The last one
SELECT tenant_name, actor_upn, sum(events) AS events, sum(failures) AS failures, count(*) AS datasets, max(last_time) AS last_time
FROM (
  {{each dataset}}
  SELECT tenant_name, actor_upn, count(*) AS events, count(CASE WHEN outcome = 'failure' THEN 1 END) AS failures, max(event_time) AS last_time
  FROM {{dataset}}
  WHERE event_time >= {{since}} AND event_time < {{until}} AND actor_upn IS NOT NULL
  GROUP BY tenant_name, actor_upn
  {{end}}
) per_dataset
GROUP BY tenant_name, actor_upn
ORDER BY events DESC, tenant_name, actor_upn
LIMIT {{actors}}
