/** Sequences: every rule of a correlation within so long, in their order or in any. */

import type { DetectionKind } from '../detection.ts';
import type { Instant } from '../../domain/window.ts';
import { eachOnce, type Hit } from './hit.ts';
import { floorTo, type Occurrence } from './window.ts';

type SequenceKind = Extract<DetectionKind, { kind: 'sequence' }>;

/** A chain of hits that ends in a bucket makes an occurrence of it. More hits can only make more chains. */
export function sequenceOccurrences(timeline: readonly Hit[], kind: SequenceKind): readonly Occurrence[] {
  const hits = eachOnce(timeline);
  const chainsAt = kind.isOrdered ? orderedChains(hits, kind) : unorderedChains(hits, kind);
  const found = new Map<Instant, Map<Hit, Hit>>();
  for (const chain of chainsAt) {
    const bucket = floorTo(Math.max(...chain.map(({ time }) => time)), kind.bucketMs);
    const entry = found.get(bucket) ?? new Map<Hit, Hit>();
    found.set(bucket, entry);
    for (const hit of chain) entry.set(hit, hit);
  }
  return [...found].map(([bucket, chained]) => ({ bucket, count: chained.size, hits: hits.filter((hit) => chained.has(hit)) }));
}

/**
 * Of each part, the chain up to it that begins latest: whatever follows, no other chain would still be within the time where that one is not.
 * A record that several rules match can be several links.
 */
function orderedChains(hits: readonly Hit[], { parts, withinMs }: SequenceKind): readonly (readonly Hit[])[] {
  const chains: (readonly Hit[])[] = [];
  const latest: (readonly Hit[] | undefined)[] = Array.from({ length: parts }, () => undefined);
  for (const hit of hits) {
    const before = hit.part === 0 ? [] : latest[hit.part - 1];
    if (before === undefined) continue;
    const chain = [...before, hit];
    const begins = chain[0]?.time ?? hit.time;
    const known = latest[hit.part]?.[0]?.time ?? Number.NEGATIVE_INFINITY;
    if (begins >= known) latest[hit.part] = chain;
    if (hit.part === parts - 1 && begins > hit.time - withinMs) chains.push(chain);
  }
  return chains;
}

/** The latest of each part, whenever the last one comes. */
function unorderedChains(hits: readonly Hit[], { parts, withinMs }: SequenceKind): readonly (readonly Hit[])[] {
  const latest = new Map<number, Hit>();
  const chains: (readonly Hit[])[] = [];
  for (const hit of hits) {
    latest.set(hit.part, hit);
    const chain = [...latest.values()];
    if (chain.length === parts && chain.every(({ time }) => time > hit.time - withinMs)) chains.push(chain);
  }
  return chains;
}
