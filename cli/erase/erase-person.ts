/** Every record of a person, erased from a deployment in AWS. */

import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BadAnswer } from '../../local/exit.ts';
import type { DroppedRows } from '../../local/compaction/dropped-rows.ts';
import type { ErasedDataset } from '../../local/erasure/erase-lake.ts';
import type { BucketPlace, LockedVersion } from '../../shared/aws/erase-objects.ts';
import { findingsDataset } from '../../shared/datasets/findings.ts';
import { compactedTables, compactedTableOf } from '../../shared/datasets/compacted-tables.ts';
import type { PersonOfRows } from '../../shared/domain/compaction-statements.ts';
import { countStatement, findObjectsStatement } from '../../shared/domain/delete-statements.ts';
import { personPattern, type Erasure } from '../../shared/domain/erasure.ts';
import type { CompactionState } from '../../shared/domain/hour-compaction.ts';
import { connectDuckDb, openLanding } from '../../shared/landing/landing.ts';
import { rawDatasets } from '../../shared/log-types/index.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { EvidenceNotes } from '../../shared/ports/evidence.ts';
import { eraseFindings, findFindings, type FindingsObject } from './deployed-findings.ts';
import { bytesAt, derivedObjects, eraseDerived, eraseRaw, type PersonObject, type PersonPlace } from './person-objects.ts';

/** What an erasure works on. */
export interface PersonErasureDeps {
  readonly bucket: BucketPlace;
  readonly evidence: EvidenceNotes;
  readonly clock: Clock;
  /** Asks Athena. */
  readonly ask: (sql: string) => Promise<readonly (readonly unknown[])[]>;
  readonly state: (dataset: string) => Promise<CompactionState>;
  /** Has compaction delete the rows of these datasets, and waits for it. */
  readonly deleteCompacted: (rows: PersonOfRows, datasets: readonly string[]) => Promise<void>;
  /** Takes findings out of the outbox. */
  readonly forgetNotices: (findingIds: readonly string[]) => Promise<void>;
  readonly onProgress: (text: string) => void;
}

/** What was erased, or would be. */
export interface ErasedPerson {
  readonly erased: readonly ErasedDataset[];
  /** Older versions that Object Lock holds. */
  readonly locked: readonly LockedVersion[];
}

type Person = Extract<Erasure, { kind: 'person' }>;

/**
 * Normalized rows first, objects before compacted rows: they are found by the raw ones, which go last. A run that dies anywhere leaves what the
 * next one finds again; what is merged meanwhile is merged from objects that were rewritten.
 */
export async function erasePerson(erasure: Person, isDryRun: boolean, deps: PersonErasureDeps): Promise<ErasedPerson> {
  const temp = await mkdtemp(join(tmpdir(), 'm365-audit-lake-erase-'));
  const connection = await connectDuckDb({ memoryMb: 300, spillFolder: join(temp, 'spill') });
  const landing = await openLanding({ memoryMb: 300, spillFolder: join(temp, 'landing') });
  try {
    const root = join(temp, 'objects');
    await mkdir(root);
    const { bucket, evidence, clock } = deps;
    const place: PersonPlace = { root, temp, connection, landing, evidence, bucket, clock, now: clock.now() };
    const found = await findRaw(erasure, deps);
    const compacted = await countCompacted(erasure, deps);
    const named = droppedRows('finding with text', erasure);
    const findings = await findFindings(named, place, deps.onProgress);
    const erased = [...(await summaries(found, compacted, place)), ...findingsSummary(findings)];
    if (isDryRun) return { erased, locked: [] };
    const locked = await eraseAllFindings(findings, named, place, deps);
    return { erased, locked: [...locked, ...(await erase(erasure, found, compacted, place, deps))] };
  } finally {
    connection.closeSync();
    landing.close();
    await rm(temp, { recursive: true, force: true });
  }
}

const droppedRows = (kind: 'with text' | 'finding with text', { identifiers, tenant }: Person): DroppedRows => ({
  ...{ kind, pattern: personPattern(identifiers) },
  ...(tenant !== undefined && { tenant }),
});

function findingsSummary(findings: readonly FindingsObject[]): ErasedDataset[] {
  const sum = (of: (one: FindingsObject) => number): number => findings.reduce((total, one) => total + of(one), 0);
  const sizes = { objects: findings.length, bytes: sum(({ bytes }) => bytes), rows: sum(({ rows }) => rows), parts: 0, partRows: 0 };
  return findings.length === 0 ? [] : [{ dataset: findingsDataset, ...sizes }];
}

/** The notice first: a run that dies after the object is rewritten would not find it again. */
async function eraseAllFindings(
  findings: readonly FindingsObject[],
  rows: DroppedRows,
  place: PersonPlace,
  { forgetNotices, onProgress }: PersonErasureDeps,
): Promise<LockedVersion[]> {
  const locked: LockedVersion[] = [];
  for (const [index, object] of findings.entries()) {
    onProgress(`findings: ${String(index + 1)} of ${String(findings.length)} objects`);
    await forgetNotices(object.findingIds);
    locked.push(...(await eraseFindings(object, rows, place)));
  }
  return locked;
}

async function findRaw(erasure: Person, { ask, onProgress }: PersonErasureDeps): Promise<PersonObject[]> {
  const found: PersonObject[] = [];
  for (const dataset of rawDatasets) {
    onProgress(`looking into ${dataset}`);
    for (const [path, rows] of await ask(findObjectsStatement(compactedTableOf(dataset).landed, erasure))) {
      const [, key] = /^s3[a-z]?:\/\/[^/]+\/(.+)$/.exec(String(path)) ?? [];
      if (key === undefined) throw new BadAnswer(`Athena names an object '${String(path)}', which is in no bucket`);
      found.push({ dataset, key, rows: Number(rows) });
    }
  }
  return found;
}

/** Rows of raw datasets in compacted tables, by dataset. */
async function countCompacted(erasure: Person, { ask, state, onProgress }: PersonErasureDeps): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  for (const dataset of rawDatasets) {
    if ((await state(dataset)).columns === undefined) continue;
    onProgress(`looking into ${compactedTableOf(dataset).compacted}`);
    const [[count] = [0]] = await ask(countStatement(compactedTableOf(dataset), erasure));
    if (Number(count) > 0) counts.set(dataset, Number(count));
  }
  return counts;
}

async function summaries(
  found: readonly PersonObject[],
  compacted: ReadonlyMap<string, number>,
  place: PersonPlace,
): Promise<ErasedDataset[]> {
  const all: { dataset: string; bytes: number; rows: number }[] = [];
  for (const object of found) {
    all.push({ dataset: object.dataset, bytes: (await bytesAt(place.bucket, object.key)) ?? 0, rows: object.rows });
    // How many rows a normalized object has of them is known when it is made again.
    for (const { dataset, bytes } of await derivedObjects(object, place)) all.push({ dataset: dataset.name, bytes, rows: 0 });
  }
  const names = [...new Set([...all.map(({ dataset }) => dataset), ...compacted.keys()])];
  return names.map((dataset) => {
    const own = all.filter((one) => one.dataset === dataset);
    const sum = (of: (one: (typeof own)[number]) => number): number => own.reduce((total, one) => total + of(one), 0);
    const sizes = { objects: own.length, bytes: sum((one) => one.bytes), rows: sum((one) => one.rows) };
    return { dataset, ...sizes, parts: 0, partRows: compacted.get(dataset) ?? 0 };
  });
}

async function erase(
  erasure: Person,
  found: readonly PersonObject[],
  compacted: ReadonlyMap<string, number>,
  place: PersonPlace,
  { deleteCompacted, onProgress }: PersonErasureDeps,
): Promise<LockedVersion[]> {
  const { identifiers, tenant } = erasure;
  const person = { identifiers, ...(tenant !== undefined && { tenant }) };
  const rows = droppedRows('with text', erasure);
  const raw = new Set<string>(rawDatasets);
  const normalized = compactedTables.map(({ dataset }) => dataset).filter((dataset) => !raw.has(dataset));
  const locked: LockedVersion[] = [];
  const each = async (work: typeof eraseRaw, what: string): Promise<void> => {
    for (const [index, object] of found.entries()) {
      onProgress(`${what}: ${String(index + 1)} of ${String(found.length)} landed objects`);
      locked.push(...(await work(object, rows, place)));
    }
  };
  if (found.length + compacted.size === 0) return [];
  await each(eraseDerived, 'normalized');
  await deleteCompacted(person, normalized);
  await each(eraseRaw, 'raw');
  await deleteCompacted(person, rawDatasets);
  return locked;
}
