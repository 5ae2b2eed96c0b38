/** Sightings of rules whose groups are kept together: what one object has of a rule and an hour, and the hours that reads of a rule need. */

import type { Hit } from '../detections/evaluate/hit.ts';
import { gridFloor, hours, type Instant } from '../domain/window.ts';
import type { GroupRef, SightedGroup, TimelineRange } from './sightings.ts';

/** All that one object has of a rule in an hour. */
export interface HourOfRule extends Pick<GroupRef, 'rule' | 'tenantId'> {
  /** Its first instant. */
  readonly hour: Instant;
  readonly groups: ReadonlyMap<string, readonly Hit[]>;
  readonly keepUntil: Instant;
}

const hourMs = hours(1);
const ruleOf = ({ rule, tenantId }: Pick<GroupRef, 'rule' | 'tenantId'>): string => JSON.stringify([rule, tenantId]);

/** In the order of the groups' names, so that whoever puts them again puts the same. */
export function hoursOfRules(sighted: readonly SightedGroup[]): readonly HourOfRule[] {
  const found = new Map<string, HourOfRule & { groups: Map<string, readonly Hit[]>; keepUntil: Instant }>();
  for (const one of [...sighted].sort((a, b) => (a.group < b.group ? -1 : 1))) {
    const { rule, tenantId, group, keepUntil } = one;
    for (const [hour, hits] of Map.groupBy(one.hits, ({ time }) => gridFloor(time, hourMs))) {
      const key = `${String(hour)} ${ruleOf(one)}`;
      const entry = found.get(key) ?? { rule, tenantId, hour, groups: new Map<string, readonly Hit[]>(), keepUntil };
      found.set(key, entry);
      entry.groups.set(group, hits);
      entry.keepUntil = Math.max(entry.keepUntil, keepUntil);
    }
  }
  return [...found.values()];
}

/** One read of a rule: hours `from <= h < to`, for the groups of these ranges, which are named by their place in what was asked for. */
export interface SpanOfRule extends Pick<GroupRef, 'rule' | 'tenantId'> {
  readonly from: Instant;
  readonly to: Instant;
  readonly ranges: readonly { readonly group: string; readonly index: number }[];
}

/** As few reads as bring every range whole, and none of hours that nobody asks for. */
function spansOfRules(asked: readonly (readonly [index: number, range: TimelineRange])[]): readonly SpanOfRule[] {
  return [...Map.groupBy(asked, ([, range]) => ruleOf(range)).values()].flatMap((ofRule) => {
    const spans: (SpanOfRule & { to: Instant; ranges: { group: string; index: number }[] })[] = [];
    for (const [index, { rule, tenantId, group, from, to }] of [...ofRule].sort(([, a], [, b]) => a.from - b.from)) {
      const span = { rule, tenantId, from: gridFloor(from, hourMs), to: gridFloor(to - 1, hourMs) + hourMs, ranges: [{ group, index }] };
      const last = spans.at(-1);
      if (!last || last.to < span.from) spans.push(span);
      else {
        last.to = Math.max(last.to, span.to);
        last.ranges.push({ group, index });
      }
    }
    return spans;
  });
}

type Timelines = readonly (readonly Hit[])[];

/** How a store keeps both kinds of groups. */
export interface TimelineReads {
  /** The hours of one span, each object's by itself. */
  together(span: SpanOfRule): Promise<readonly ReadonlyMap<string, readonly Hit[]>[]>;
  apart(ranges: readonly TimelineRange[]): Promise<Timelines>;
}

/** Each range's hits, in the order asked for. */
export async function timelinesOf(asked: readonly TimelineRange[], reads: TimelineReads): Promise<Timelines> {
  const found: (readonly Hit[])[] = asked.map(() => []);
  const numbered = asked.map((range, index) => [index, range] as const);
  const apart = numbered.filter(([, { isTogether }]) => !isTogether);
  const hits = await reads.apart(apart.map(([, range]) => range));
  for (const [at, [index]] of apart.entries()) found[index] = hits[at] ?? [];
  const read = async (span: SpanOfRule): Promise<void> => {
    const ofObjects = await reads.together(span);
    for (const { group, index } of span.ranges) found[index] = ofObjects.flatMap((groups) => groups.get(group) ?? []);
  };
  await Promise.all(spansOfRules(numbered.filter(([, { isTogether }]) => isTogether)).map(read));
  return found;
}
