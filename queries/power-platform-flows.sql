-- title: Flows created and shared
-- question: Who created or shared Power Automate flows, with which connectors?
-- topic: collaboration
-- attack: T1020 Automated Exfiltration
-- rule: flow-shared-or-created-first
-- column: tenant_name = Tenant
-- column: event_time = When
-- column: operation = What was done
-- column: actor_upn = Who did it
-- column: flow = Address of the flow
-- column: connectors = Its connectors
-- column: shared_with = With whom it was shared
SELECT DISTINCT tenant_name, event_time, operation, actor_upn, flow_details_url AS flow, flow_connectors AS connectors, recipient_upn AS shared_with
FROM msft_o365_general_raw
WHERE event_time >= {{since}} AND event_time < {{until}}
  AND operation IN ('CreateFlow', 'EditFlow', 'PutPermissions', 'DeletePermissions')
ORDER BY event_time DESC, actor_upn, flow
