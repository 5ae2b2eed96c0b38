-- title: Guests
-- question: Which guests signed in, from which tenant, to what?
-- topic: sign-ins
-- attack: T1199 Trusted Relationship
-- column: tenant_name = Tenant
-- column: actor_upn = The guest
-- column: home_tenant_id = Tenant of the guest
-- column: resources = Resources they used
-- column: sign_ins = How many sign-ins
-- column: last_time = The last one
SELECT tenant_name, actor_upn, home_tenant_id, array_agg(DISTINCT target_name ORDER BY target_name) FILTER (WHERE target_name IS NOT NULL) AS resources,
  count(DISTINCT record_id) AS sign_ins, max(event_time) AS last_time
FROM {{sign-ins}}
WHERE actor_type = 'guest' AND outcome = 'success'
GROUP BY tenant_name, actor_upn, home_tenant_id
ORDER BY sign_ins DESC, actor_upn
