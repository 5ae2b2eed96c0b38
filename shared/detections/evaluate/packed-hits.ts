/** Hits as one short text, for stores. */

import type { Hit } from './hit.ts';

type Packed = readonly [time: number, record: string, part: number, value?: string];

/** JSON: time, record, part and value of each. */
export const packedHits = (hits: readonly Hit[]): string => JSON.stringify(hits.map(pack));

/** What {@link packedHits} made. */
export const unpackedHits = (text: string): readonly Hit[] => (JSON.parse(text) as Packed[]).map(unpack);

const pack = ({ time, record, part, value }: Hit): Packed => (value === undefined ? [time, record, part] : [time, record, part, value]);
const unpack = ([time, record, part, value]: Packed): Hit => ({ time, record, part, ...(value !== undefined && { value }) });

/** Groups by name, with their hits. */
export type GroupsHits = ReadonlyMap<string, readonly Hit[]>;

/** The hits of many groups as one text. */
export const packedGroups = (groups: GroupsHits): string => JSON.stringify([...groups].map(([group, hits]) => [group, hits.map(pack)]));

/** What {@link packedGroups} made. */
export function unpackedGroups(text: string): GroupsHits {
  const groups = JSON.parse(text) as (readonly [string, readonly Packed[]])[];
  return new Map(groups.map(([group, hits]) => [group, hits.map(unpack)]));
}
