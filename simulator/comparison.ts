/** Counting while comparing. */

/** How often each content hash is there. */
export type Counts = Map<string, number>;

/** Counts of records and versions while served and landed are compared. */
export interface Comparison {
  served: number;
  landed: number;
  missing: number;
  repeated: number;
  readonly examples: string[];
}

/** Nothing counted yet. */
export function openComparison(): Comparison {
  return { served: 0, landed: 0, missing: 0, repeated: 0, examples: [] };
}

/** Counts one more of this content. */
export function addTo(counts: Counts, hash: string): void {
  counts.set(hash, (counts.get(hash) ?? 0) + 1);
}

/** How many of `wanted` are not in `got`. */
export function lacking(wanted: Counts, got: Counts): number {
  return [...wanted].reduce((sum, [hash, count]) => sum + Math.max(0, count - (got.get(hash) ?? 0)), 0);
}

/** How many there are, repetitions included. */
export function total(counts: Counts): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}

/** Keeps the first few; the counts say how many there are. */
export function example(comparison: Comparison, text: string): void {
  if (comparison.examples.length < 12) comparison.examples.push(text);
}
