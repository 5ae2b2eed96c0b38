/** A row that matched, as small as a group's timeline can keep it. */

import type { Row } from '../compile/row.ts';
import type { Selection } from '../detection.ts';
import type { Instant } from '../../domain/window.ts';

/** What is remembered of one row. */
export interface Hit {
  readonly time: Instant;
  /** What identifies the record, see {@link identityOf}. */
  readonly record: string;
  /** Of which rule of a correlation, from 0. */
  readonly part: number;
  /** What is counted, summed, new, or where it was. */
  readonly value?: string;
}

/** The rows of one group that matched, in the order of their times. */
export interface GroupHits {
  readonly group: readonly string[];
  readonly hits: readonly Hit[];
}

/**
 * What makes two rows the same record: what Microsoft repeats is one. Records that have versions (sign-ins, audits, alerts of Graph) are the
 * same by their id, whatever changed.
 *
 * @param every `version` makes a new version another record.
 */
export function identityOf(row: Row, hasVersions: boolean, every: 'record' | 'version'): string {
  const id = hasVersions && every === 'record' ? row.record_id : undefined;
  return typeof id === 'string' && id !== '' ? id : textOrEmpty(row.record_key);
}

const textOrEmpty = (value: Row[string]): string => (typeof value === 'string' ? value : '');

/** When it happened; undefined where the record does not say, and then no rule that counts within a time can count it. */
export function timeOf(row: Row): Instant | undefined {
  const time = row.event_time;
  return time instanceof Date && !Number.isNaN(time.getTime()) ? time.getTime() : undefined;
}

/** The rows of an object that a detection's selections of its dataset match, by group. Each record counts once. */
export function groupHits(rows: readonly Row[], selections: readonly Selection[], hasVersions: boolean): readonly GroupHits[] {
  const groups = new Map<string, { readonly group: readonly string[]; readonly hits: Map<string, Hit> }>();
  for (const row of rows) {
    const time = timeOf(row);
    if (time === undefined) continue;
    for (const selection of selections) {
      if (!selection.matches(row)) continue;
      const group = selection.group(row);
      if (group === undefined) continue;
      const key = groupKey(group);
      const entry = groups.get(key) ?? { group, hits: new Map<string, Hit>() };
      groups.set(key, entry);
      const hit = hitOf(row, time, selection, hasVersions);
      entry.hits.set(hitKey(hit), hit);
    }
  }
  return [...groups.values()].map(({ group, hits }) => ({ group, hits: inOrder([...hits.values()]) }));
}

function hitOf(row: Row, time: Instant, selection: Selection, hasVersions: boolean): Hit {
  const value = selection.value(row);
  return { time, record: identityOf(row, hasVersions, 'record'), part: selection.part, ...(value !== undefined && { value }) };
}

/** One text for a group, whatever its values hold. */
export const groupKey = (group: readonly string[]): string => JSON.stringify(group);

/** A record counts once for each rule of a correlation. */
const hitKey = ({ record, part }: Hit): string => `${String(part)} ${record}`;

/** By time, then by what distinguishes two hits: the same whoever sorts. */
export function inOrder(hits: readonly Hit[]): Hit[] {
  return [...hits].sort((a, b) => a.time - b.time || (hitKey(a) < hitKey(b) ? -1 : 1));
}

/** Of hits that several objects hold, each once: the earliest, where two versions of a record name different times. */
export function eachOnce(hits: readonly Hit[]): Hit[] {
  const byKey = new Map<string, Hit>();
  for (const hit of inOrder(hits)) if (!byKey.has(hitKey(hit))) byKey.set(hitKey(hit), hit);
  return [...byKey.values()];
}
