/** Hits as one short text, for stores. */

import type { Hit } from './hit.ts';

type Packed = readonly [time: number, record: string, part: number, value?: string];

/** JSON: time, record, part and value of each. */
export const packedHits = (hits: readonly Hit[]): string => JSON.stringify(hits.map(pack));

/** What {@link packedHits} made. */
export const unpackedHits = (text: string): readonly Hit[] => (JSON.parse(text) as Packed[]).map(unpack);

const pack = ({ time, record, part, value }: Hit): Packed => (value === undefined ? [time, record, part] : [time, record, part, value]);
const unpack = ([time, record, part, value]: Packed): Hit => ({ time, record, part, ...(value !== undefined && { value }) });
