/** A rule of each kind that depends on more than a record, and one that does not: small windows, so that a seed has findings at their edges. */

import { ruleSetOf } from '../../shared/detections/rule-set.ts';

const tested = 'tests: [{name: t, findings: 1, records: []}]';
const base = (name: string, operation: string): string =>
  `title: ${name}\nid: ${name}\nname: ${name}\nlogsource: {product: azure, service: auditlogs}\ndetection: {s: {operation: ${operation}}, condition: s}\n`;
const correlation = (name: string, body: string, lake = ''): string =>
  `title: ${name}\nid: ${name}\ncorrelation: {${body}}\ncustom: {lake: {${tested}${lake}}}\n`;
const special = (name: string, operation: string, lake: string): string => `${base(name, operation)}custom: {lake: {${lake}, ${tested}}}\n`;

/** What the simulation evaluates. */
export const simulatedRules = ruleSetOf({
  'rules.yml': [
    special('single', 'bad', 'notify: true'),
    base('fail', 'fail'),
    base('deny', 'deny'),
    base('grant', 'grant'),
    correlation('window of events', 'type: event_count, rules: [fail], group-by: [actor_upn], timespan: 10m, condition: {gte: 4}'),
    correlation(
      'window of values',
      'type: value_count, rules: [fail], group-by: [source_ip], timespan: 25m, condition: {gte: 3, field: actor_upn}',
      ', bucket: 30m',
    ),
    correlation(
      'window of a sum',
      'type: value_sum, rules: [fail], group-by: [source_ip], timespan: 10m, condition: {gte: 20, field: source_port}',
    ),
    correlation('any order', 'type: temporal, rules: [fail, deny, grant], group-by: [actor_upn], timespan: 30m'),
    correlation('in order', 'type: temporal_ordered, rules: [fail, deny, grant], group-by: [actor_upn], timespan: 30m'),
    special('first seen', 'use', 'first-seen: {of: target_name, per: actor_upn, within: 3d}'),
    special('indicator', 'use', 'indicator: {source_ip: ip}'),
    special('silent', 'use', 'absence: {for: 12h}'),
    `title: travel\nid: travel\nlogsource: {product: azure, service: signinlogs}\ndetection: {s: {operation: Sign-in}, condition: s}\ncustom: {lake: {travel: {per: actor_upn, km: 500, within: 6h}, ${tested}}}\n`,
  ].join('---\n'),
});
