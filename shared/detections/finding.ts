/** A finding: what a rule found, under a key that only grows with the events. */

import { createHash } from 'node:crypto';
import { iso, type Instant } from '../domain/window.ts';
import type { Detection, KindName } from './detection.ts';
import type { Hit } from './evaluate/hit.ts';
import type { Level } from './sigma/rule.ts';

/** What a rule found, once. Whoever finds it again, from whichever object, finds the same id. */
export interface Finding {
  /** 32 hex digits of rule, version, tenant and key. */
  readonly id: string;
  readonly ruleId: string;
  readonly ruleVersion: string;
  readonly title: string;
  readonly level: Level;
  readonly kind: KindName;
  readonly attack: readonly string[];
  readonly tenantId: string;
  /** What distinguishes it from other findings of the rule: a record, a group and an hour, a value and a day. */
  readonly key: readonly string[];
  /** By the names that the rule groups by. */
  readonly group: Readonly<Record<string, string>>;
  /** Of the events that it was made of, as far as they had landed. */
  readonly firstTime: Instant;
  readonly lastTime: Instant;
  /** Events, different values, a sum, or km per hour. */
  readonly count: number;
  /** Records it was made of, at most {@link mostRecords}. */
  readonly records: readonly string[];
  readonly datasets: readonly string[];
  /** `superseded`: an earlier event has landed since, and it was not the first. `error`: the rule failed on an object. */
  readonly state: 'new' | 'superseded' | 'error';
  /** Of a first-seen rule that has not been there for as long as it looks back. */
  readonly isLearning?: true;
  readonly evidence: Readonly<Record<string, unknown>>;
}

/** Records and hits that a finding names. */
const mostRecords = 100;

/** What a kind knows of one finding. */
export interface Found {
  readonly key: readonly string[];
  readonly group?: readonly string[];
  readonly hits: readonly Hit[];
  readonly count: number;
  readonly state?: Finding['state'];
  readonly evidence?: Readonly<Record<string, unknown>>;
}

/** A finding of a rule in a tenant. */
export function findingOf(detection: Detection, tenantId: string, found: Found): Finding {
  const { id: ruleId, version: ruleVersion, title, level, attack, how, groupedBy, selections } = detection;
  const { key, group = [], hits, count, state = 'new', evidence } = found;
  const times = hits.map(({ time }) => time);
  return {
    id: findingId({ ruleId, ruleVersion, tenantId, key }),
    ...{ ruleId, ruleVersion, title, level, attack, tenantId, key, count, state },
    kind: how.kind,
    group: Object.fromEntries(groupedBy.map((name, index) => [name, group[index] ?? ''])),
    firstTime: Math.min(...times),
    lastTime: Math.max(...times),
    records: [...new Set(hits.map(({ record }) => record))].slice(0, mostRecords),
    datasets: [...new Set(selections.map(({ dataset }) => dataset))],
    evidence: evidence ?? { events: hits.slice(0, mostRecords).map(eventOf) },
  };
}

/** The same whoever finds it. */
function findingId({ ruleId, ruleVersion, tenantId, key }: Pick<Finding, 'ruleId' | 'ruleVersion' | 'tenantId' | 'key'>): string {
  return createHash('sha256')
    .update(JSON.stringify([ruleId, ruleVersion, tenantId, ...key]))
    .digest('hex')
    .slice(0, 32);
}

const eventOf = ({ time, record, part, value }: Hit) => ({
  time: iso(time),
  record,
  ...(part > 0 && { part }),
  ...(value !== undefined && { value }),
});
