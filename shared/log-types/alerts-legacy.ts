import { cloudIdsOf } from '../clouds.ts';
import { constant, firstElement, eachOf, json, text, time } from '../domain/columns.ts';
import { days, hours, minutes } from '../domain/window.ts';
import { columnsOf } from './common.ts';
import type { LogType } from './log-type.ts';

/** The first alerts API, which Microsoft retired on 2026-10-15: it may answer with empty lists. */
export const alertsLegacy: LogType = {
  id: 'alerts-legacy',
  title: 'Microsoft security alerts (legacy v1)',
  reference: 'https://learn.microsoft.com/graph/api/alert-list',
  source: {
    kind: 'windows',
    path: '/v1.0/security/alerts',
    timeField: 'lastModifiedDateTime',
    timeColumn: 'last_update_time',
    throttle: 'security',
    laterPassesMs: [hours(1), hours(24)],
  },
  permissions: [{ name: 'SecurityEvents.Read.All', satisfiedBy: ['SecurityEvents.ReadWrite.All'] }],
  latencyMs: minutes(5),
  retentionMs: days(30),
  clouds: cloudIdsOf('graph'),
  isOfferedInFedramp: true,
  dataset: 'msft_graph_security_alerts_raw',
  vendor: 'msft',
  product: 'Security Alerts',
  identity: 'every typed column',
  warning: "Microsoft retired this API on 2026-10-15 and may answer with empty lists; choose 'alerts' instead",
  columns: columnsOf(
    {
      event_time: time('createdDateTime', 'When the alert was created'),
      record_id: text('id', 'Id of the alert; the same for every version'),
      service: text('vendorInformation.provider', 'Product that raised it'),
      operation: text('title', 'Title of the alert'),
      actor_upn: text(firstElement(eachOf('userStates', 'userPrincipalName')), 'First user the alert names'),
      outcome: text(constant('unknown'), 'Always unknown: an alert does not say whether the attack succeeded'),
      result_code: text('status', 'newAlert, inProgress or resolved'),
    },
    {
      last_update_time: time('lastModifiedDateTime', 'When this version was written'),
      severity: text('severity', 'informational, low, medium or high'),
      category: text('category', 'Kind of attack'),
      evidence: json('userStates', 'Users as JSON'),
    },
  ),
};
