/** The verdict over windows: what was there when a window was read has landed, once, and so has what stayed. */

import { days, iso, type Instant } from '../../shared/domain/window.ts';
import type { Gap } from '../../shared/ports/ledger.ts';
import type { Harness } from './harness.ts';
import type { Landed } from './landed.ts';
import type { WindowWorld } from './window-world.ts';

/** Judges every row there is, and every read that decided a window. Answers what is wrong, one line each. */
export function judgeWindows(harness: Harness, world: WindowWorld, landed: readonly Landed[], gaps: readonly Gap[]): string[] {
  const faults: string[] = [];
  const counts = new Map<string, number>();
  for (const { raw } of landed) for (const { key } of raw.rows) counts.set(key, (counts.get(key) ?? 0) + 1);
  for (const [key, count] of counts) if (count > 1) faults.push(`${key} landed ${String(count)} times`);

  const isGap = (time: Instant): boolean => gaps.some(({ from, to }) => time >= from && time < to);
  const lost = new Set<string>();
  for (const read of harness.decisive)
    for (const { key } of read.whole)
      if (!counts.has(key)) lost.add(`${key} was there when ${iso(read.window.start)} was read and has not landed`);
  for (const { window, at } of harness.empties) {
    for (const { key, time, from, until } of world.versions) {
      if (time >= window.start && time < window.end && from <= at && at < until && !counts.has(key))
        lost.add(`${key} was there when ${iso(window.start)} was found empty`);
    }
  }
  for (const { key, time, from, until } of world.versions) {
    const isOwed = until === Infinity && from <= time + days(1) && time >= (harness.begunAt ?? Infinity) && !isGap(time);
    if (isOwed && !counts.has(key)) lost.add(`${key} of ${iso(time)} is lost`);
  }
  return [...faults, ...lost];
}
