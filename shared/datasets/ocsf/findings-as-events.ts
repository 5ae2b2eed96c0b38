/**
 * Findings of rules as events of OCSF class 2004, a view over the view of findings: nothing lands twice, and what people make of a finding shows.
 *
 * @see https://schema.ocsf.io/1.8.0/classes/detection_finding
 */

import { literal } from '../../domain/literal.ts';
import { findingsView } from '../findings.ts';
import { ocsfVersion } from './base-event.ts';
import { constant, each, listOf, long, millis, object, text, value, where, type Value } from './two-engines.ts';

/** A value that the finding is grouped by; NULL where it is not. */
const grouped = (name: string): Value =>
  value('text', `map_extract_value(group_values, ${literal(name)})`, `element_at(group_values, ${literal(name)})`);

const chosen = (column: string, table: Readonly<Record<string, string>>, otherwise: string): string =>
  `CASE ${column} ${Object.entries(table)
    .map(([word, sql]) => `WHEN '${word}' THEN ${sql}`)
    .join(' ')} ELSE ${otherwise} END`;

const activityId = chosen('state', { acknowledged: '2', closed: '3' }, '1');

const product = object({ name: constant('m365-audit-lake'), vendor_name: constant('m365-audit-lake') });

const seen = (name: string, attribute: string, typeId: number, type: string): Value =>
  where(grouped(name), object({ name: constant(attribute), type_id: long(String(typeId)), type: constant(type), value: grouped(name) }));

const user = where(grouped('actor_upn'), object({ name: grouped('actor_upn') }));
const address = where(grouped('source_ip'), object({ ip: grouped('source_ip') }));

interface Attribute extends Value {
  readonly meaning: string;
  readonly example: string;
}
const attribute = (from: Value, meaning: string, example: string): Attribute => ({ ...from, meaning, example });

const attributes: Readonly<Record<string, Attribute>> = {
  event_time: attribute(value('time', 'event_time'), 'When the last of its events happened', '2026-11-20 09:14:03+00'),
  tenant_name: attribute(text('tenant_name'), "The tenant's name in this deployment", 'contoso'),
  class_uid: attribute(long('2004'), 'Class: Detection Finding', '2004'),
  class_name: attribute(constant('Detection Finding'), 'The same as words', 'Detection Finding'),
  category_uid: attribute(long('2'), 'Category: Findings', '2'),
  category_name: attribute(constant('Findings'), 'The same as a word', 'Findings'),
  activity_id: attribute(long(activityId), '1 created, 2 acknowledged, 3 closed', '1'),
  activity_name: attribute(
    text(chosen('state', { acknowledged: `'Update'`, closed: `'Close'` }, `'Create'`)),
    'The same as a word',
    'Create',
  ),
  type_uid: attribute(long(`200400 + ${activityId}`), 'Class and activity', '200401'),
  type_name: attribute(
    text(
      chosen('state', { acknowledged: `'Detection Finding: Update'`, closed: `'Detection Finding: Close'` }, `'Detection Finding: Create'`),
    ),
    'The same as words',
    'Detection Finding: Create',
  ),
  time: attribute(millis('event_time'), 'event_time in milliseconds since 1970', '1795166043000'),
  severity_id: attribute(
    long(chosen('level', { informational: '1', low: '2', medium: '3', high: '4', critical: '5' }, '0')),
    'The level of the rule: 1 informational, 2 low, 3 medium, 4 high, 5 critical',
    '4',
  ),
  severity: attribute(
    text(
      chosen(
        'level',
        { informational: `'Informational'`, low: `'Low'`, medium: `'Medium'`, high: `'High'`, critical: `'Critical'` },
        `'Unknown'`,
      ),
    ),
    'The same as a word',
    'High',
  ),
  status_id: attribute(
    long(chosen('state', { new: '1', acknowledged: '2', closed: '4' }, '99')),
    '1 new, 2 acknowledged, 4 closed, 99 the rule failed',
    '1',
  ),
  status: attribute(
    text(chosen('state', { new: `'New'`, acknowledged: `'In Progress'`, closed: `'Resolved'` }, 'state')),
    'The same as words; `error` where the rule failed',
    'New',
  ),
  message: attribute(text('title'), 'What was found', 'One address fails with the passwords of many users'),
  comment: attribute(text('because'), 'Why somebody acknowledged or closed it', 'a penetration test of ours'),
  is_alert: attribute(value('boolean', 'quiet_because IS NULL'), 'Whether somebody was to be notified', 'true'),
  metadata: attribute(
    object({
      uid: text('finding_id'),
      version: constant(ocsfVersion),
      profiles: value('texts', `['cloud']`, `ARRAY['cloud']`),
      product,
      tenant_uid: text('tenant_id'),
      logged_time: millis('found_at'),
    }),
    'Id, OCSF version, who made the event',
    '{"uid": "9b1d4b3a8f0e7d6c5b4a39212c8a4f5e", "version": "1.8.0"}',
  ),
  cloud: attribute(
    object({
      provider: constant('Microsoft'),
      cloud_partition: text('cloud'),
      org: object({ uid: text('tenant_id'), name: text('tenant_name') }),
    }),
    "Microsoft's cloud and the tenant",
    '{"provider": "Microsoft", "org": {"name": "contoso"}}',
  ),
  finding_info: attribute(
    object({
      uid: text('finding_id'),
      title: text('title'),
      types: value('texts', '[kind]', 'ARRAY[kind]'),
      created_time: millis('found_at'),
      first_seen_time: millis('first_time'),
      last_seen_time: millis('event_time'),
      data_sources: value('texts', 'datasets'),
      product,
      analytic: object({
        uid: text('rule_id'),
        name: text('title'),
        version: text('rule_version'),
        type_id: long('1'),
        type: constant('Rule'),
      }),
      attacks: each('attack', { technique: object({ uid: text('x') }) }),
    }),
    'What was found, by which rule, from when to when, techniques of ATT&CK',
    '{"uid": "9b1d4b3a8f0e7d6c5b4a39212c8a4f5e", "analytic": {"type": "Rule"}, "attacks": [{"technique": {"uid": "T1110.003"}}]}',
  ),
  evidences: attribute(
    listOf(object({ user, src_endpoint: address, data: value('json', 'evidence') })),
    'Whom and which address it is about, and as `data` what there is to see at once',
    '[{"user": {"name": "megan@contoso.example"}}]',
  ),
  observables: attribute(
    listOf(seen('source_ip', 'evidences.src_endpoint.ip', 2, 'IP Address'), seen('actor_upn', 'evidences.user.name', 4, 'User Name')),
    'The address and the user to look for elsewhere',
    '[{"name": "evidences.src_endpoint.ip", "type": "IP Address", "value": "203.0.113.7"}]',
  ),
  unmapped: attribute(
    object({
      group_values: value('map', 'group_values'),
      count: long('count'),
      record_keys: value('texts', 'record_keys'),
      query: text('query'),
      set_by: text('set_by'),
      quiet_because: text('quiet_because'),
      is_incomplete: value('boolean', 'is_incomplete'),
    }),
    'What the class has no place for: what it is grouped by, its count, its records and the SQL that selects them',
    '{"count": 14, "is_incomplete": false}',
  ),
};

/** The view's name. */
export const ocsfFindingsView = 'ocsf_findings';

/** Its columns, in the order of the selects. */
export const ocsfFindingColumns = Object.entries(attributes).map(([name, { type, meaning, example }]) => ({
  name,
  type,
  meaning,
  example,
  source: findingsView,
}));

const select = (engine: 'duckdb' | 'presto'): string =>
  `SELECT ${Object.entries(attributes)
    .map(([name, one]) => `${one[engine]} AS "${name}"`)
    .join(',\n  ')}\nFROM ${findingsView}`;

/** For DuckDB. */
export const ocsfFindingsSelect = (): string => select('duckdb');

/** For Athena. */
export const ocsfFindingsPrestoSelect = (): string => select('presto');
