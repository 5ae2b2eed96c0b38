/**
 * Manifests: what has landed, hour by hour, in files that each name the digest of the one before. Whoever changes an object, or a manifest, would have to
 * change every manifest after it, and the head that the ledger knows.
 */

import { createHash } from 'node:crypto';
import type { LandingHour } from '../landing-hour.ts';
import type { ObjectDigest, SealedObject } from '../sealed-object.ts';
import { landingKey } from '../landing-key.ts';
import { iso, type Instant } from '../window.ts';

/** An object as it stands from then on. `rows` is absent where nobody counted them. */
export interface StandingEntry extends ObjectDigest {
  /**
   * - `landed`: by a job, in the hour that its key names
   * - `again`: by a job whose object had gone
   * - `rewritten`: in the place of the object that was there, for the reason given
   * - `adopted`: it was there without an entry, and is taken as it is
   */
  readonly kind: 'landed' | 'again' | 'rewritten' | 'adopted';
  readonly key: string;
  readonly rows?: number;
  readonly because?: string;
}

/** An object that went, and why. */
interface RemovedEntry {
  readonly kind: 'removed';
  readonly key: string;
  readonly because: string;
}

/** A line of a manifest. Of several about a key the last one counts. */
export type ManifestEntry = StandingEntry | RemovedEntry;

/** What the next manifest of a dataset is to list beside the hours it closes: kept in the ledger until one does. */
export interface EvidenceNote {
  readonly dataset: string;
  /** Once in the ledger, however often it is written. Sorts by time. */
  readonly id: string;
  readonly entries: readonly ManifestEntry[];
}

/** One link of a dataset's chain. */
export interface Manifest {
  readonly format: 1;
  readonly dataset: string;
  /** From 1 on, without a gap. */
  readonly sequence: number;
  /** SHA-256 of the file of the manifest before; null of the first. */
  readonly previous: string | null;
  /** ISO time. */
  readonly madeAt: string;
  /** Every hour up to this one is listed, but for those that are open. */
  readonly through: LandingHour;
  /** Hours of which a job was pending. */
  readonly open: readonly LandingHour[];
  /** Objects of hours before this one were there before the chain was, and are in none of its manifests unless they were adopted. */
  readonly begins?: LandingHour;
  /** The hours whose objects are in this manifest. */
  readonly hours: readonly LandingHour[];
  /** The notes that it lists. */
  readonly notes: readonly string[];
  readonly entries: readonly ManifestEntry[];
}

const prefix = 'manifests/';

/** What the keys of a dataset's manifests begin with. */
export const manifestPrefix = (dataset: string): string => `${prefix}${dataset}/`;

/** `manifests/<dataset>/<sequence in ten digits>.json`: of two who make the same link, one puts it. */
export function manifestKey(dataset: string, sequence: number): string {
  return `${manifestPrefix(dataset)}${String(sequence).padStart(10, '0')}.json`;
}

/** The sequence number of a manifest's key; undefined for any other name. */
export function sequenceOfKey(key: string): number | undefined {
  const digits = /\/(\d{10})\.json$/.exec(key)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** SHA-256 of a text in UTF-8, in lower-case hex. */
export const digestOfText = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The file: JSON, an entry a line, so that a person can read it and a diff shows what differs. */
export function manifestText({ entries, ...head }: Manifest): string {
  const lines = entries.map((entry) => `  ${JSON.stringify(entry)}`).join(',\n');
  return `${JSON.stringify(head).slice(0, -1)},"entries":[\n${lines}\n]}\n`;
}

/** @returns Undefined for what is no manifest of this format. */
export function parseManifest(text: string): Manifest | undefined {
  const found = parsed(text);
  return isManifest(found) ? found : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isHour = (value: unknown): value is LandingHour => typeof value === 'string' && /^\d{4}-\d{2}-\d{2}T\d{2}$/.test(value);
const isTexts = (value: unknown): value is string[] => Array.isArray(value) && value.every((one) => typeof one === 'string');

function isManifest(value: unknown): value is Manifest {
  if (typeof value !== 'object' || value === null) return false;
  const { format, dataset, sequence, previous, madeAt, through, open, begins, hours, notes, entries } = value as Record<string, unknown>;
  const isLink = format === 1 && typeof dataset === 'string' && Number.isSafeInteger(sequence) && typeof madeAt === 'string';
  const isHours = isHour(through) && isTexts(open) && open.every(isHour) && isTexts(hours) && (begins === undefined || isHour(begins));
  const isChained = previous === null || typeof previous === 'string';
  return isLink && isHours && isChained && isTexts(notes) && Array.isArray(entries) && entries.every(isEntry);
}

const standing: readonly unknown[] = ['landed', 'again', 'rewritten', 'adopted'] satisfies StandingEntry['kind'][];

function isEntry(value: unknown): value is ManifestEntry {
  if (typeof value !== 'object' || value === null) return false;
  const { kind, key, sha256, bytes, rows, because } = value as Record<string, unknown>;
  if (typeof key !== 'string') return false;
  if (kind === 'removed') return typeof because === 'string';
  const isCounted = rows === undefined || typeof rows === 'number';
  return standing.includes(kind) && typeof sha256 === 'string' && typeof bytes === 'number' && isCounted;
}

/** The entries of a job's objects in one dataset, or in all. */
export function entriesOf(
  kind: StandingEntry['kind'],
  job: Parameters<typeof landingKey>[1],
  objects: readonly SealedObject[],
): StandingEntry[] {
  return objects.map(({ dataset, sha256, bytes, rows }) => ({ kind, key: landingKey(dataset, job), sha256, bytes, rows }));
}

/** The notes of one event, a note a dataset; ids sort by time. */
export function notesOf(at: Instant, name: string, entries: readonly ManifestEntry[]): EvidenceNote[] {
  const byDataset = Map.groupBy(entries, ({ key }) => key.split('/')[1] ?? '');
  return [...byDataset].flatMap(([dataset, all]) =>
    Array.from({ length: Math.ceil(all.length / entriesOfNote) }, (_, index) => ({
      dataset,
      id: [iso(at), name, String(index)].join('#'),
      entries: all.slice(index * entriesOfNote, (index + 1) * entriesOfNote),
    })),
  );
}

/** An item of DynamoDB has 400 KB, an entry about 300 bytes. */
const entriesOfNote = 500;
