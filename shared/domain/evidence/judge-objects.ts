/** Objects as they are found in the lake, held against what manifests and ledger say of them. */

import type { LandingHour } from '../landing-hour.ts';
import { jobOfKey } from '../landing-key.ts';
import type { ObjectDigest } from '../sealed-object.ts';
import type { StandingEntry } from './manifest.ts';
import type { ReadChain } from './read-chain.ts';

/** An object as it is found. */
export interface FoundObject extends ObjectDigest {
  /** As its file counts them; absent where nobody could read it. */
  readonly rows?: number;
  /** Rows whose record key is not the one that follows from the record's text; absent where nobody looked. */
  readonly wrongKeys?: number;
  /** Of a changed object: in how many rows which columns do not say what the record's text says. */
  readonly differing?: Readonly<Record<string, number>>;
}

/** Something that a person has to look at. */
export interface TamperFinding {
  readonly kind: 'changed' | 'swapped' | 'vanished' | 'added' | 'rows' | 'record keys' | 'chain';
  /** Absent of a chain's. */
  readonly key?: string;
  /** What is wrong, in words. */
  readonly what: string;
}

/** What is expected of a dataset's objects. */
export interface Expectation {
  readonly chain: Pick<ReadChain, 'standing' | 'removed' | 'through' | 'open' | 'begins'>;
  /** What the ledger's jobs have put, by key: of hours that no manifest has yet, and as a second witness of those that one has. */
  readonly ledger: ReadonlyMap<string, StandingEntry>;
  /** Jobs that are pending; their objects may be there already. */
  readonly isPending: (key: string) => boolean;
  /** Landing dates before this one have expired by the bucket's own rule. */
  readonly expiredBefore?: string;
  /** The hour that is running: nothing lands in a later one. */
  readonly runningHour?: LandingHour;
}

/** What became of the objects of a dataset. */
export interface Judged {
  readonly findings: readonly TamperFinding[];
  /** As manifests or the ledger say. */
  readonly intact: number;
  /** There before the chain began, and in no manifest. */
  readonly uncovered: number;
  /** Of hours that no manifest has yet, and of no final job. */
  readonly waiting: number;
  /** Gone by the bucket's own rule. */
  readonly expired: number;
  /** Intact, with record keys that today's columns would not give: another version landed them. */
  readonly otherKeys: number;
}

/** @param found Of every object that is there. */
export function judgeObjects(found: ReadonlyMap<string, FoundObject>, expectation: Expectation): Judged {
  const expected = expectedOf(expectation);
  const changed = [...found].filter(([key, { sha256 }]) => (expected.get(key)?.sha256 ?? sha256) !== sha256);
  const swaps = swapsAmong(changed, expected);
  const counts = { intact: 0, uncovered: 0, waiting: 0, expired: 0, otherKeys: 0 };
  const findings: TamperFinding[] = [];
  for (const [key, object] of found) {
    const entry = expected.get(key);
    if (!entry) {
      const place = placeOf(key, expectation);
      if (place === 'added') findings.push({ kind: 'added', key, what: addedWords(key, expectation) });
      else counts[place] += 1;
      if (place !== 'added') findings.push(...innerFaults(key, object));
    } else if (entry.sha256 !== object.sha256) findings.push(swaps.get(key) ?? { kind: 'changed', key, what: changedWords(entry, object) });
    else {
      counts.intact += 1;
      if (entry.rows !== undefined && object.rows !== undefined && entry.rows !== object.rows)
        findings.push({ kind: 'rows', key, what: `has ${String(object.rows)} rows, and ${String(entry.rows)} were listed` });
      if (entry.kind === 'adopted') findings.push(...innerFaults(key, object));
      else if ((object.wrongKeys ?? 0) > 0) counts.otherKeys += 1;
    }
  }
  findings.push(...otherWords(expectation));
  for (const [key, entry] of expected) {
    if (found.has(key)) continue;
    if (dateOf(key) < (expectation.expiredBefore ?? '')) counts.expired += 1;
    else
      findings.push({
        kind: 'vanished',
        key,
        what: `is gone; it had ${entry.rows === undefined ? 'rows' : `${String(entry.rows)} rows`}, and nothing says why`,
      });
  }
  return { findings, ...counts };
}

/** The manifests' word first; the ledger's where they have none, but for what a manifest says has gone. */
function expectedOf({ chain, ledger }: Expectation): Map<string, StandingEntry> {
  const expected = new Map(chain.standing);
  for (const [key, entry] of ledger) if (!expected.has(key) && !chain.removed.has(key)) expected.set(key, entry);
  return expected;
}

/** What a manifest says of a job's object, and the ledger says otherwise: the manifest was not made by us, head or not. */
function otherWords({ chain, ledger }: Expectation): TamperFinding[] {
  return [...ledger].flatMap(([key, { sha256 }]): TamperFinding[] => {
    const listed = chain.standing.get(key);
    if (listed?.kind !== 'landed' || listed.sha256 === sha256) return [];
    return [
      {
        kind: 'chain',
        key,
        what: `is listed with another digest than the ledger has: ${listed.sha256.slice(0, 12)}… in place of ${sha256.slice(0, 12)}…`,
      },
    ];
  });
}

const hourOf = (key: string): LandingHour => jobOfKey(key)?.landingHour ?? '';
const dateOf = (key: string): string => hourOf(key).slice(0, 10);

function placeOf(key: string, { chain, isPending, runningHour }: Expectation): 'added' | 'uncovered' | 'waiting' {
  if (chain.removed.has(key)) return 'added';
  const hour = hourOf(key);
  if (runningHour !== undefined && hour > runningHour) return 'added';
  if (chain.begins !== undefined && hour !== '' && hour < chain.begins) return 'uncovered';
  const isListed = chain.through !== undefined && hour <= chain.through && !chain.open.includes(hour);
  return isListed && !isPending(key) ? 'added' : 'waiting';
}

function addedWords(key: string, { chain }: Expectation): string {
  const reason = chain.removed.get(key);
  return reason === undefined
    ? 'is in no manifest, and no job of the ledger has put it'
    : `is there again, after it was removed (${reason})`;
}

function changedWords({ sha256, rows, kind }: StandingEntry, object: FoundObject): string {
  const words = [`has other bytes than were ${kind}: ${object.sha256.slice(0, 12)}… in place of ${sha256.slice(0, 12)}…`];
  if (object.rows === undefined) words.push('it cannot be read as Parquet');
  else if (rows !== undefined && rows !== object.rows) words.push(`${String(object.rows)} rows in place of ${String(rows)}`);
  if ((object.wrongKeys ?? 0) > 0) words.push(`the record key of ${String(object.wrongKeys)} rows does not follow from the record`);
  for (const [column, count] of Object.entries(object.differing ?? {}))
    words.push(`${column} says something else than the record in ${String(count)} rows`);
  return words.join('; ');
}

/** Of an object that no digest speaks for. */
function innerFaults(key: string, { wrongKeys = 0 }: FoundObject): TamperFinding[] {
  const what = `the record key of ${String(wrongKeys)} rows does not follow from the record; no digest of the object is older than the look at it`;
  return wrongKeys > 0 ? [{ kind: 'record keys', key, what }] : [];
}

/** Objects of which each has the other's bytes. */
function swapsAmong(
  changed: readonly (readonly [string, FoundObject])[],
  expected: ReadonlyMap<string, StandingEntry>,
): Map<string, TamperFinding> {
  const byExpected = new Map(changed.map(([key]) => [expected.get(key)?.sha256, key]));
  return new Map(
    changed.flatMap(([key, { sha256 }]): [string, TamperFinding][] => {
      const other = byExpected.get(sha256);
      return other === undefined ? [] : [[key, { kind: 'swapped', key, what: `has the bytes that belong to ${other}` }]];
    }),
  );
}
