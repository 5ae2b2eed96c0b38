import { cloudIdsOf } from '../clouds.ts';
import { constant, json, text, texts, time } from '../domain/columns.ts';
import { days, hours, minutes } from '../domain/window.ts';
import { columnsOf } from './common.ts';
import type { LogType } from './log-type.ts';

/** Alerts of the Defender family. An alert changes; every version is a record. */
export const alerts: LogType = {
  id: 'alerts',
  title: 'Microsoft security alerts (v2)',
  reference: 'https://learn.microsoft.com/graph/api/security-list-alerts_v2',
  source: {
    kind: 'windows',
    path: '/v1.0/security/alerts_v2',
    timeField: 'lastUpdateDateTime',
    timeColumn: 'last_update_time',
    throttle: 'security',
    laterPassesMs: [hours(1), hours(24)],
  },
  permissions: [{ name: 'SecurityAlert.Read.All', satisfiedBy: ['SecurityAlert.ReadWrite.All'] }],
  latencyMs: minutes(5),
  retentionMs: days(30),
  clouds: cloudIdsOf('graph'),
  isOfferedInFedramp: true,
  dataset: 'msft_graph_security_alerts_raw',
  vendor: 'msft',
  product: 'Security Alerts',
  identity: 'every typed column',
  columns: columnsOf(
    {
      event_time: time('createdDateTime', 'When the alert was created'),
      record_id: text('id', 'Id of the alert; the same for every version'),
      service: text('serviceSource', 'Product that raised it'),
      operation: text('title', 'Title of the alert'),
      outcome: text(constant('unknown'), 'Always unknown: an alert does not say whether the attack succeeded'),
      result_code: text('status', 'new, inProgress or resolved'),
    },
    {
      last_update_time: time('lastUpdateDateTime', 'When this version was written'),
      severity: text('severity', 'informational, low, medium or high'),
      category: text('category', 'Kind of attack'),
      mitre_techniques: texts('mitreTechniques', 'MITRE ATT&CK technique ids'),
      incident_id: text('incidentId', 'Incident it belongs to'),
      evidence: json('evidence', 'Evidence as JSON'),
    },
  ),
};
