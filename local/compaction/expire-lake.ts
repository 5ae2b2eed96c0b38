/** Expiry of a lake folder: what is kept no longer is removed, of landed objects only what is in parts. */

import { unknownDay, type CompactableObject, type EventDay, type Part } from '../../shared/domain/compaction.ts';
import { cutoffOf, cutoffOfEverybody, latestCutoff, type Cutoffs } from '../../shared/domain/keeping.ts';
import { notesOf } from '../../shared/domain/evidence/manifest.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { CompactionStep } from '../../shared/ports/compaction.ts';
import { openEvidence } from '../evidence/local-evidence.ts';
import type { LakeFolder } from '../lake-folder.ts';
import { lakeTables } from '../lake-views.ts';
import { openCompaction } from './compact-lake.ts';
import { pastObjects, removePastObjects, type ObjectsPlace } from './expired-objects.ts';
import type { LocalCompaction } from './local-compaction.ts';
import { noteSoleCopy } from './manifest-file.ts';
import type { PartWriter } from './part-writer.ts';

/** What of one dataset expired, or would. */
export interface ExpiredDataset {
  readonly dataset: string;
  /** Landed objects. */
  readonly objects: number;
  readonly bytes: number;
  /** Landed objects that go with the next run: they were compacted less than an hour ago, and somebody may be reading them. */
  readonly leaving: number;
  /** Landed objects that are past, and stay because they are in no compacted file yet. */
  readonly waiting: number;
  /** Compacted rows. */
  readonly rows: number;
}

/** What is past, and what is done about it. */
export interface ExpireOptions {
  readonly clock: Clock;
  /** Of landed objects, by landing date. */
  readonly raw: Cutoffs;
  /** Of compacted rows, by event day. */
  readonly compacted: Cutoffs;
  /** Nothing is changed; the answer is what would be. */
  readonly isDryRun?: boolean;
  readonly isOver?: () => boolean;
}

/**
 * Removes what is past. Nothing of it depends on an earlier run: one that was killed anywhere is ended by the next.
 *
 * @param folder Opened exclusively. @returns The datasets of which anything is past.
 */
export async function expireLake(folder: LakeFolder, options: ExpireOptions): Promise<ExpiredDataset[]> {
  const { raw, compacted, isOver = () => false } = options;
  if ([raw, compacted].every((cutoffs) => latestCutoff(cutoffs) === undefined)) return [];
  const opened = await openCompaction(folder, options.clock);
  const { compaction, writer } = opened;
  const evidence = openEvidence(folder);
  const onGoing = (keys: readonly string[]): Promise<void> => {
    const entries = keys.map((key) => ({ kind: 'removed' as const, key, because: 'kept no longer' }));
    return evidence.add(notesOf(options.clock.now(), `expired ${keys[0] ?? ''}`, entries));
  };
  const deps: Deps = { folder, compaction, writer, place: { ...compaction.place(), onGoing }, options };
  try {
    const done: ExpiredDataset[] = [];
    for (const { kind, name } of lakeTables()) {
      if (kind === 'view' || isOver()) continue;
      const expired = await expireDataset(name, deps);
      if (expired.objects + expired.leaving + expired.waiting + expired.rows > 0) done.push(expired);
    }
    return done;
  } finally {
    evidence.close();
    opened.close();
  }
}

interface Deps {
  readonly folder: LakeFolder;
  readonly compaction: LocalCompaction;
  readonly writer: PartWriter;
  readonly place: ObjectsPlace;
  readonly options: ExpireOptions;
}

async function expireDataset(dataset: string, deps: Deps): Promise<ExpiredDataset> {
  const { place, options } = deps;
  const past = await pastObjects(place, dataset, options.raw);
  const going = past.flatMap((one) => one.going);
  const [leaving, waiting] = (['leaving', 'waiting'] as const).map((kind) => past.reduce((sum, one) => sum + one[kind].length, 0));
  if (options.isDryRun !== true && going.length > 0) await removeObjects(dataset, going, deps);
  const rows = await expireParts(dataset, deps);
  const bytes = going.reduce((sum, object) => sum + object.bytes, 0);
  return { dataset, objects: going.length, bytes, leaving: leaving ?? 0, waiting: waiting ?? 0, rows };
}

/** The horizons first: from then on nobody takes the parts for copies of objects. */
async function removeObjects(dataset: string, going: readonly CompactableObject[], deps: Deps): Promise<void> {
  const {
    folder,
    place,
    options: { raw },
  } = deps;
  noteSoleCopy(folder.path);
  const everybody = cutoffOfEverybody(raw);
  const tenants = [...raw.own.keys(), ...(await otherTenants(dataset, going, place, raw))];
  const horizons = tenants.map((name) => [name, cutoffOf(raw, name)] as const);
  place.manifest.moveHorizons(
    dataset,
    new Map([['', everybody] as const, ...horizons].flatMap(([name, dt]) => (dt === undefined ? [] : [[name, dt]]))),
  );
  await removePastObjects(place, dataset, raw);
}

/** Tenants without a setting of their own, where somebody keeps longer than them: their horizon is not everybody's. */
async function otherTenants(
  dataset: string,
  going: readonly CompactableObject[],
  { writer }: ObjectsPlace,
  raw: Cutoffs,
): Promise<string[]> {
  if (cutoffOfEverybody(raw) === raw.usual) return [];
  const names = new Set((await writer.tenants(dataset, going)).values());
  return [...names].filter((name) => !raw.own.has(name));
}

/** @returns How many rows are past. */
async function expireParts(dataset: string, { compaction, writer, place, options }: Deps): Promise<number> {
  const { compacted: cutoffs, isDryRun, clock } = options;
  const [everybody = '', latest = ''] = [cutoffOfEverybody(cutoffs), latestCutoff(cutoffs)];
  let rows = 0;
  for (const [day, parts] of place.manifest.partsByDay(dataset)) {
    if (day !== unknownDay && day >= latest) continue;
    const step: { added: { day: EventDay; part: Part }[]; retired: Part[] } = { added: [], retired: [] };
    for (const part of parts) {
      const dropped = { kind: 'happened before', cutoffs } as const;
      const isWhole = day < everybody && day !== unknownDay;
      const past = isWhole ? part.rows : await writer.count(dataset, part, dropped);
      if (past === 0) continue;
      rows += past;
      if (isDryRun) continue;
      const left = past === part.rows ? undefined : await compaction.writeWithout(dataset, day, part, dropped);
      step.retired.push(part);
      if (left) step.added.push({ day, part: left });
    }
    if (step.retired.length > 0) place.manifest.commit({ dataset, objects: [], ...step } satisfies CompactionStep, clock.now());
  }
  return rows;
}
