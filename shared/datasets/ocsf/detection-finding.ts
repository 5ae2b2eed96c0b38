import type { LogTypeId } from '../../log-types/index.ts';
import { actor, observables } from './base-event.ts';
import { hostedFileName } from './class-choice.ts';
import {
  boolean,
  captioned,
  constant,
  each,
  listOf,
  long,
  millis,
  object,
  text,
  texts,
  unmapped,
  type Field,
  type Fields,
} from './fields.ts';
import { ocsfDataset } from './ocsf-dataset.ts';

const severities = { 0: 'Unknown', 1: 'Informational', 2: 'Low', 3: 'Medium', 4: 'High' };
const statuses = { 0: 'Unknown', 1: 'New', 2: 'In Progress', 4: 'Resolved', 99: 'Other' };

const severity = (sql: string) =>
  captioned(
    `CASE lower(${sql}) WHEN 'informational' THEN 1 WHEN 'low' THEN 2 WHEN 'medium' THEN 3 WHEN 'high' THEN 4 ELSE 0 END`,
    severities,
  );
const status = (sql: string) =>
  captioned(
    `CASE lower(${sql}) WHEN 'new' THEN 1 WHEN 'newalert' THEN 1 WHEN 'active' THEN 1 WHEN 'inprogress' THEN 2 WHEN 'investigating' THEN 2 WHEN 'resolved' THEN 4 ELSE 0 END`,
    statuses,
  );

interface Finding {
  readonly uid: string;
  readonly title: string;
  readonly desc?: string;
  readonly severity: string;
  readonly status: string;
  readonly types: string;
  readonly product: string;
  /** When it was found; where nothing says it, the time of the event. */
  readonly created?: string;
  readonly modified?: string;
  readonly firstSeen?: string;
  readonly lastSeen?: string;
  readonly techniques?: string;
  readonly url?: string;
  /** SQL of the user among the evidences; who acted, where absent. */
  readonly user?: string;
  /** SQL of whether who acted did something with the finding; of most, nobody did. */
  readonly isHandled?: string;
  readonly evidences: Field;
  readonly resources: Field;
  readonly unmapped: Field;
}

function finding(of: Finding): Fields {
  const [grave, state] = [severity(of.severity), status(of.status)];
  return {
    severity_id: grave.id,
    severity: grave.caption,
    status_id: state.id,
    status: state.caption,
    finding_info: object(
      {
        uid: text(of.uid),
        title: text(of.title),
        desc: text(of.desc ?? 'NULL'),
        types: texts(of.types),
        created_time: millis(of.created ?? 'event_time'),
        modified_time: millis(of.modified ?? 'NULL::TIMESTAMPTZ'),
        first_seen_time: millis(of.firstSeen ?? 'NULL::TIMESTAMPTZ'),
        last_seen_time: millis(of.lastSeen ?? 'NULL::TIMESTAMPTZ'),
        src_url: text(of.url ?? 'NULL'),
        product: object({ name: text(of.product), vendor_name: constant('Microsoft') }, ['name']),
        attacks: each(of.techniques ?? `CAST(NULL AS VARCHAR[])`, { technique: object({ uid: text('x') }) }, ['technique']),
      },
      ['uid'],
    ),
    is_alert: boolean('true'),
    actor: handler(of.isHandled),
    evidences: of.evidences,
    resources: of.resources,
    observables: observables(['evidences.user.name', 4, of.user ?? 'actor_upn'], ['evidences.src_endpoint.ip', 2, 'source_ip']),
    unmapped: of.unmapped,
  };
}

/** Who did something with a finding, such as closing it: no part of what was found. NULL where nobody is known to. */
function handler(isHandled: string | undefined): Field {
  const { type, sql } = actor();
  return { type, sql: isHandled === undefined ? 'NULL' : `CASE WHEN ${isHandled} THEN ${sql} END` };
}

/** One piece of evidence names one thing: a user, an address, a device or a file. */
function evidence(of: {
  readonly user?: string;
  readonly userId?: string;
  readonly ip?: string;
  readonly device?: string;
  readonly deviceId?: string;
  readonly file?: string;
  readonly sha256?: string;
}): Fields {
  return {
    user: object({ name: text(of.user ?? 'NULL'), uid: text(of.userId ?? 'NULL') }),
    src_endpoint: object({ ip: text(of.ip ?? 'NULL') }),
    device: object({ hostname: text(of.device ?? 'NULL'), uid: text(of.deviceId ?? 'NULL'), type_id: long('0') }, ['hostname', 'uid']),
    file: object(
      {
        name: text(of.file ?? 'NULL'),
        type_id: long('1'),
        hashes: listOf(object({ algorithm_id: long('3'), algorithm: constant('SHA-256'), value: text(of.sha256 ?? 'NULL') }, ['value'])),
      },
      ['name'],
    ),
  };
}
const kinds = ['user', 'src_endpoint', 'device', 'file'];

/** Of alerts: every user, address, device and file that is named. */
function alertEvidences(): Field {
  const lists = [
    each('users', evidence({ user: 'coalesce(x.upn, x.name, x.account)', userId: 'x.id' }), kinds),
    each('lake_some(list_transform(ips, a -> lake_address(a)))', evidence({ ip: 'x' }), kinds),
    each('devices', evidence({ device: 'x.name', deviceId: 'x.id' }), kinds),
    each('files', evidence({ file: 'x.name', sha256: 'x.sha256' }), kinds),
  ];
  return { type: lists[0]?.type ?? 'text', sql: `lake_some(lake_distinct(list_concat(${lists.map(({ sql }) => sql).join(', ')})))` };
}

/** Whoever changes the state of an alert or comments on it; of all other records of alerts, who acted is a service or the user it is about. */
const isUpdate = `lower(operation) = 'alertupdated'`;
const generalUsers = `lake_distinct(list_concat(CASE WHEN entity_type = 'User' AND entity_id IS NOT NULL THEN [entity_id] END, recipients, alert_users, CASE WHEN contains(actor_upn, '@') AND NOT coalesce(${isUpdate}, false) THEN [actor_upn] END))`;

/** Of alerts, investigations, threats and clicks: the users, addresses and the file that are named. */
function generalEvidences(): Field {
  const lists = [
    each(generalUsers, evidence({ user: 'x' }), kinds),
    each('lake_distinct(list_concat(CASE WHEN source_ip IS NOT NULL THEN [source_ip] END, alert_addresses))', evidence({ ip: 'x' }), kinds),
    one(evidence({ file: 'coalesce(file_name, attachments[1].name)', sha256: 'coalesce(file_sha256[1], attachments[1].sha256)' })),
  ];
  return { type: lists[0]?.type ?? 'text', sql: `lake_some(list_concat(${lists.map(({ sql }) => sql).join(', ')}))` };
}

const one = (fields: Fields): Field => listOf(object(fields, kinds));
const resource = (name: string, uid: string, type: string): Field =>
  listOf(object({ name: text(name), uid: text(uid), type: text(type) }, ['name', 'uid']));

/** Mailboxes and resources of Azure. */
function alertResources(): Field {
  const named = (list: string, type: string): Field => each(list, { name: text('x'), uid: text('x'), type: constant(type) }, ['name']);
  const lists = [named('mailboxes', 'Mailbox'), named('azure_resources', 'Azure resource')];
  return { type: lists[0]?.type ?? 'text', sql: `lake_some(list_concat(${lists.map(({ sql }) => sql).join(', ')}))` };
}

const alert = (): Fields =>
  finding({
    uid: 'record_id',
    title: 'operation',
    desc: 'description',
    severity: 'severity',
    status: 'result_code',
    types: `CASE WHEN category IS NOT NULL THEN [category] END`,
    product: 'coalesce(product_name, service)',
    modified: 'last_update_time',
    firstSeen: 'first_activity_time',
    lastSeen: 'last_activity_time',
    techniques: 'mitre_techniques',
    url: 'alert_url',
    evidences: alertEvidences(),
    resources: alertResources(),
    unmapped: unmapped(
      'classification',
      'determination',
      'assigned_to',
      'detection_source',
      'detector_id',
      'provider_alert_id',
      'incident_id',
      'actor_name',
      'threat_name',
      'threat_family',
      'recommended_actions',
      'urls',
      'messages',
      'verdicts',
      'remediation_statuses',
    ),
  });

/** Who sent the message or put the file there: who acted is often the service that looked at it. */
const dlpUser = 'coalesce(sender, actor_upn)';

const byLogType: Readonly<Partial<Record<LogTypeId, () => Fields>>> = {
  'dlp-all': () =>
    finding({
      uid: 'coalesce(incident_id, record_id)',
      title: `coalesce(rule_names[1], policy_names[1], operation)`,
      severity: 'severities[1]',
      status: `CASE WHEN lower(operation) = 'dlpruleundo' THEN 'resolved' ELSE 'new' END`,
      types: `['Data Loss Prevention']`,
      product: `'Microsoft Purview Data Loss Prevention'`,
      user: dlpUser,
      evidences: one(
        evidence({
          user: dlpUser,
          userId: `CASE WHEN ${dlpUser} = actor_upn THEN actor_id END`,
          ip: 'source_ip',
          device: 'endpoint_device',
          file: 'file_name',
          sha256: 'endpoint_file_sha256',
        }),
      ),
      resources: resource('target_name', 'target_id', 'target_type'),
      unmapped: unmapped(
        'record_type',
        'policy_names',
        'rule_names',
        'actions',
        'sensitive_types',
        'sensitive_count',
        'exception_reason',
        'exception_justification',
        'recipients',
        'endpoint_operation',
        'enforcement_mode_name',
      ),
    }),
  'risk-detections': () =>
    finding({
      uid: 'record_id',
      title: 'operation',
      severity: 'risk_level',
      status: `CASE WHEN result_code = 'atRisk' THEN 'new' WHEN result_code = 'confirmedCompromised' THEN 'inprogress' WHEN result_code IN ('remediated', 'dismissed', 'confirmedSafe') THEN 'resolved' ELSE 'unknown' END`,
      types: `['Risk detection']`,
      product: `'Microsoft Entra ID Protection'`,
      created: 'detected_time',
      modified: 'last_update_time',
      firstSeen: 'event_time',
      evidences: one(evidence({ user: 'actor_upn', userId: 'actor_id', ip: 'source_ip' })),
      resources: resource('actor_upn', 'actor_id', `'User'`),
      unmapped: unmapped(
        'service',
        'result_code',
        'risk_detail',
        'detection_timing',
        'activity',
        'token_issuer_type',
        'request_id',
        'correlation_id',
        'country',
        'additional_info',
      ),
    }),
  'audit-general': () =>
    finding({
      uid: 'coalesce(alert_id, investigation_id, record_id)',
      title: 'coalesce(name, investigation_name, malware_name, verdict, operation)',
      desc: 'coalesce(alert_description, comments)',
      severity: 'severity',
      status: `coalesce(status, 'unknown')`,
      types: `CASE WHEN category IS NOT NULL THEN [category] END`,
      product: `coalesce(source, service, 'Microsoft 365')`,
      firstSeen: 'start_time',
      lastSeen: 'coalesce(end_time, click_time, message_time)',
      url: 'coalesce(deep_link, alert_links[1])',
      user: `(${generalUsers})[1]`,
      isHandled: isUpdate,
      evidences: generalEvidences(),
      resources: resource('coalesce(recipients[1], alert_users[1])', 'entity_id', 'entity_type'),
      unmapped: unmapped(
        'record_type',
        'alert_type',
        'comments',
        'policy_id',
        'alert_data',
        'alert_links',
        'result_code',
        'url',
        'click_action',
        'verdict',
        'detection_method',
        'delivery_action',
        'latest_delivery_location',
        'sender',
        'subject',
        'network_message_id',
        'malware_name',
      ),
    }),
  'audit-sharepoint': () =>
    finding({
      uid: 'record_id',
      title: 'coalesce(malware_name, operation)',
      severity: `'unknown'`,
      status: `'new'`,
      types: `['Malware']`,
      product: `coalesce(service, 'SharePoint')`,
      evidences: one(evidence({ user: 'actor_upn', userId: 'actor_id', ip: 'source_ip', file: hostedFileName(), sha256: 'file_sha256' })),
      resources: resource('target_name', 'target_id', 'target_type'),
      unmapped: unmapped('record_type', 'malware_vendor', 'site_url', 'relative_url'),
    }),
};

/** Alerts and risk detections in all their versions, matches of policies against data loss, and the alerts of security & compliance. */
export const ocsfDetectionFinding = ocsfDataset({
  dataset: 'ocsf_detection_finding',
  uid: 2004,
  name: 'Detection Finding',
  categoryUid: 2,
  categoryName: 'Findings',
  activities: { 0: 'Unknown', 1: 'Create', 2: 'Update', 3: 'Close', 99: 'Other' },
  meaning: 'alerts and risk detections, each version a row, and matches of policies against data loss, as events of OCSF class 2004',
  own: (logTypeId) => (byLogType[logTypeId] ?? alert)(),
  meanings: {
    finding_info: [
      'What was found: id, title, times, techniques of ATT&CK',
      '{"uid": "da637", "title": "Suspicious inbox rule", "attacks": [{"technique": {"uid": "T1114.003"}}]}',
    ],
    is_alert: ['Always true', 'true'],
    actor: [
      'Who changed the state of an alert or commented on it; NULL for all other findings',
      '{"user": {"name": "analyst@contoso.example"}}',
    ],
    evidences: ['Users, addresses, devices and files that are named, one an element', '[{"user": {"name": "megan@contoso.example"}}]'],
    resources: ['Mailboxes and resources of Azure, or the object that the finding is about', '[{"name": "cards.xlsx"}]'],
    severity_id: ['2 low, 3 medium, 4 high, 1 informational, 0 unknown', '4'],
    severity: ['The same as a word', 'High'],
    status_id: ['1 new, 2 in progress, 4 resolved, 0 unknown', '1'],
    status: ['The same as a word', 'New'],
  },
});
