/** Rules of a seed, one for each way in which jobs depend on each other, and the rows that landed records are to them. */

import type { Row } from '../../shared/detections/compile/row.ts';
import type { Detection } from '../../shared/detections/detection.ts';
import { selectionsOn } from '../../shared/detections/evaluate/findings.ts';
import { ruleSetOf } from '../../shared/detections/rule-set.ts';
import type { LandedRow } from './stand-in-landing.ts';

const tested = 'tests: [{name: t, findings: 1, records: []}]';
const ruleOf = (name: string, service: string, operation: string, lake: string): string =>
  `title: ${name}\nid: ${service} ${name}\nname: ${service} ${name}\nlogsource: {product: m365, service: ${service}}\n` +
  `detection: {s: {operation: ${operation}}, condition: s}\n${lake === '' ? '' : `custom: {lake: {${lake}, ${tested}}}\n`}`;
const windowOf = (service: string): string =>
  `title: window\nid: ${service} window\ncustom: {lake: {${tested}}}\n` +
  `correlation: {type: event_count, rules: ['${service} used'], group-by: [actor_upn], timespan: 10m, condition: {gte: 3}}\n`;

const services = ['audit-general', 'sign-ins-interactive', 'alerts'] as const;

/** A record by itself, records of several jobs within ten minutes, and a value that comes for the first time in a day. */
export const proofRules = ruleSetOf(
  Object.fromEntries(
    services.map((service) => [
      `${service}.yml`,
      [
        ruleOf('single', service, 'odd', 'notify: true'),
        ruleOf('used', service, 'use', ''),
        windowOf(service),
        ruleOf('first', service, 'use', 'first-seen: {of: target_name, per: actor_upn, within: 1d}'),
      ].join('---\n'),
    ]),
  ),
);

/** Those of one dataset, each kind by itself. */
export const rulesOn = (dataset: string): readonly Detection[] =>
  proofRules.detections.filter((detection) => selectionsOn(detection, dataset).length > 0);

/** What a record says follows from its key, so that a seed has some of everything. */
export function asRow({ key, time }: LandedRow, logType: string): Row {
  const number = Buffer.from(key).reduce((sum, byte) => (sum * 31 + byte) >>> 0, 7);
  return {
    event_time: new Date(time),
    record_key: key,
    record_id: key,
    log_type: logType,
    operation: number % 5 === 0 ? 'odd' : 'use',
    actor_upn: `actor${String(number % 3)}@contoso.example`,
    target_name: `target ${String(number % 7)}`,
  };
}
