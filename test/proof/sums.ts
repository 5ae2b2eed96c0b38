/** What many seeds come to. */

import type { Mode } from './plan.ts';
import type { Outcome, Sums } from './simulation.ts';

/** A seed that did not hold, and why. */
export interface Failure {
  readonly seed: number;
  readonly mode: Mode;
  readonly failures: readonly string[];
}

/** Sums over many seeds. */
export interface Totals {
  seeds: number;
  /** Of all traces, whatever order they were run in. */
  traceHash: number;
  readonly seedsOfMode: Record<string, number>;
  readonly sums: Record<keyof Sums, number>;
  readonly failed: Failure[];
}

/** Before the first seed. */
export function emptyTotals(): Totals {
  const sums = {
    blobs: 0,
    records: 0,
    calls: 0,
    faults: 0,
    refusals: 0,
    jobs: 0,
    fetches: 0,
    sends: 0,
    deadLetters: 0,
    expired: 0,
    quarantined: 0,
    gaps: 0,
    splits: 0,
    virtualHours: 0,
  };
  return { seeds: 0, traceHash: 0, seedsOfMode: {}, sums, failed: [] };
}

/** Adds one seed. */
export function addOutcome(totals: Totals, { seed, mode, sums, failures, traceHash }: Outcome): void {
  totals.seeds += 1;
  totals.traceHash = (totals.traceHash ^ Math.imul(traceHash, (seed % 1_000_003) * 2 + 1)) >>> 0;
  totals.seedsOfMode[mode] = (totals.seedsOfMode[mode] ?? 0) + 1;
  addSums(totals.sums, sums);
  if (failures.length > 0) totals.failed.push({ seed, mode, failures });
}

/** Adds what another worker has run. */
export function addTotals(to: Totals, more: Totals): void {
  to.seeds += more.seeds;
  to.traceHash = (to.traceHash ^ more.traceHash) >>> 0;
  for (const [mode, seeds] of Object.entries(more.seedsOfMode)) to.seedsOfMode[mode] = (to.seedsOfMode[mode] ?? 0) + seeds;
  addSums(to.sums, more.sums);
  to.failed.push(...more.failed);
}

function addSums(to: Record<keyof Sums, number>, more: Sums): void {
  for (const name of Object.keys(to) as (keyof Sums)[]) to[name] += more[name];
}

/** For people. */
export function totalsText({ seeds, traceHash, seedsOfMode, sums, failed }: Totals, seconds: number): string {
  const count = (value: number): string => Math.round(value).toLocaleString('en-US');
  const ofModes = Object.entries(seedsOfMode)
    .sort()
    .map(([mode, some]) => `${mode} ${count(some)}`);
  const rows: readonly (readonly [string, string])[] = [
    ['seeds', `${count(seeds)} in ${seconds.toFixed(0)} s (${ofModes.join(', ')})`],
    ['virtual hours', count(sums.virtualHours)],
    ['content blobs, records and rows', `${count(sums.blobs)}, ${count(sums.records)}`],
    ['port calls', count(sums.calls)],
    ['faults injected into them', count(sums.faults)],
    ['refusals by Microsoft', count(sums.refusals)],
    ['fetch jobs, of them split', `${count(sums.jobs)}, ${count(sums.splits)}`],
    ['fetches, messages, dead letters', `${count(sums.fetches)}, ${count(sums.sends)}, ${count(sums.deadLetters)}`],
    ['expired, quarantined, gap rows', `${count(sums.expired)}, ${count(sums.quarantined)}, ${count(sums.gaps)}`],
    ['hash of all traces', traceHash.toString(16).padStart(8, '0')],
    ['failed', count(failed.length)],
  ];
  return rows.map(([name, value]) => `${name.padEnd(34)}${value}`).join('\n');
}
