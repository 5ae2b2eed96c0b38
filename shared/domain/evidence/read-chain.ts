/** A chain as it lies in the lake, held against the head that the ledger knows. */

import type { LandingHour } from '../landing-hour.ts';
import { foreignKeys, type ChainState } from './chain.ts';
import { digestOfText, parseManifest, type EvidenceNote, type ManifestEntry, type StandingEntry } from './manifest.ts';

/** What a chain says, and what is wrong with it. */
export interface ReadChain {
  /** Manifests that could be read. */
  readonly manifests: number;
  /** The head that the ledger knows. */
  readonly head?: string;
  /** Objects that have to stand, by key. */
  readonly standing: ReadonlyMap<string, StandingEntry>;
  /** Objects that went, by key, with the reason. */
  readonly removed: ReadonlyMap<string, string>;
  /** Every hour up to this one is listed, but for open ones. */
  readonly through?: LandingHour;
  readonly open: readonly LandingHour[];
  readonly begins?: LandingHour;
  /** A sentence each. */
  readonly faults: readonly string[];
}

/** One manifest's file. */
export interface ManifestFile {
  readonly sequence: number;
  readonly text: string;
}

/**
 * Reads a dataset's manifests.
 *
 * @param state What the ledger knows of the chain.
 * @param files In the order of their numbers, as they lie in the lake.
 * @param notes That no manifest has listed, as far as the ledger knows.
 */
export function readChain(dataset: string, state: ChainState, files: readonly ManifestFile[], notes: readonly EvidenceNote[]): ReadChain {
  const [standing, removed] = [new Map<string, StandingEntry>(), new Map<string, string>()];
  const faults = linkFaults(dataset, state, files);
  let begins = state.begins;
  let adopted: Pick<ReadChain, 'through' | 'open'> | undefined;
  for (const { text, sequence } of files) {
    const manifest = parseManifest(text);
    if (!manifest) continue;
    const foreign = sequence > state.sequence ? foreignKeys(manifest, notes) : [];
    if (foreign.length > 0) faults.push(foreignWords(sequence, foreign));
    for (const entry of manifest.entries) if (!foreign.includes(entry.key)) enter(entry, standing, removed);
    // Put by a run that died before it noted it in the ledger: the next run goes on from it.
    if (sequence === state.sequence + 1) [begins, adopted] = [manifest.begins, manifest];
  }
  for (const { entries } of notes) for (const entry of entries) enter(entry, standing, removed);
  const through = adopted?.through ?? state.through;
  return {
    manifests: files.length,
    standing,
    removed,
    faults,
    open: adopted?.open ?? state.open,
    ...(state.head !== undefined && { head: state.head }),
    ...(through !== undefined && { through }),
    ...(begins !== undefined && { begins }),
  };
}

const foreignWords = (sequence: number, keys: readonly string[]): string =>
  `manifest ${String(sequence)} was not made by us: it says of ${keys.join(', ')} what no note of the ledger says`;

function enter(entry: ManifestEntry, standing: Map<string, StandingEntry>, removed: Map<string, string>): void {
  if (entry.kind === 'removed') {
    standing.delete(entry.key);
    removed.set(entry.key, entry.because);
  } else {
    standing.set(entry.key, entry);
    removed.delete(entry.key);
  }
}

function linkFaults(dataset: string, state: ChainState, files: readonly ManifestFile[]): string[] {
  const faults: string[] = [];
  let last: { readonly sequence: number; readonly digest: string } | undefined;
  for (const { sequence, text } of files) {
    const expected = (last?.sequence ?? 0) + 1;
    if (sequence > expected) faults.push(`${manifestsFrom(expected, sequence - 1)} missing`);
    const manifest = parseManifest(text);
    if (manifest?.dataset !== dataset || manifest.sequence !== sequence)
      faults.push(`manifest ${String(sequence)} is no manifest of ${dataset}`);
    else if (last && sequence === expected && manifest.previous !== last.digest)
      faults.push(
        `manifest ${String(last.sequence)} is not the one that manifest ${String(sequence)} follows: it was changed, or replaced`,
      );
    last = { sequence, digest: digestOfText(text) };
    if (sequence === state.sequence && last.digest !== state.head)
      faults.push(`manifest ${String(sequence)} is not the one that the ledger knows: it was changed, or replaced`);
  }
  return [...faults, ...endFaults(state, last?.sequence ?? 0)];
}

function endFaults({ sequence, version }: ChainState, last: number): string[] {
  if (version === 0 && last > 0)
    return ['the ledger does not know this chain; that is right only after it was made again (lake reconcile --rebuild)'];
  if (last < sequence) return [`the chain is cut off: ${manifestsFrom(last + 1, sequence)} missing`];
  // One more was put by a run that died before it noted it in the ledger.
  return last > sequence + 1 ? [`${manifestsFrom(sequence + 1, last)} there, and the ledger knows none of them`] : [];
}

const manifestsFrom = (from: number, to: number): string =>
  from === to ? `manifest ${String(from)} is` : `manifests ${String(from)} to ${String(to)} are`;
