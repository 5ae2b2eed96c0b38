/** `lake reconcile --rebuild`: the ledger from the lake, after the table was lost or restored to an older point. */

import type { JobRecord } from '../../shared/domain/fetch-job.ts';
import { landingKey } from '../../shared/domain/landing-key.ts';
import type { DescribedObject } from '../../shared/domain/lake-object.ts';
import { rebuildStream, type RebuildRules, type Rebuilt, type RebuiltJob } from '../../shared/domain/rebuild.ts';
import { streamKey, type Stream } from '../../shared/domain/stream.ts';
import type { Instant } from '../../shared/domain/window.ts';
import { isDerivedFrom, type NormalizedDataset } from '../../shared/datasets/normalized-dataset.ts';
import { logTypes, rawDatasets } from '../../shared/log-types/index.ts';
import type { LogType } from '../../shared/log-types/log-type.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Lake, LakeInventory } from '../../shared/ports/lake.ts';
import type { Landing } from '../../shared/ports/landing.ts';
import type { Ledger } from '../../shared/ports/ledger.ts';
import type { LedgerOperator } from '../../shared/ports/ledger-operator.ts';
import type { Workspace } from '../../shared/ports/workspace.ts';
import { landNormalized } from '../../lambdas/fetch/normalize.ts';
import { describeObjects, objectsOfDataset } from './inventory.ts';

/** The ports that rebuilding a ledger works on. */
export interface RebuildDeps {
  readonly ledger: Ledger & LedgerOperator;
  readonly lake: Lake;
  readonly inventory: LakeInventory;
  readonly landing: Landing;
  readonly normalized: readonly NormalizedDataset[];
  readonly workspace: Workspace;
  readonly clock: Pick<Clock, 'now'>;
}

/** What a rebuild did for one stream. */
export interface RebuildReport {
  readonly stream: Stream;
  /** Objects of the stream in the lake. */
  readonly objects: number;
  /** Jobs that the ledger had lost; the others were there and stay as they are. */
  readonly restored: number;
  /** Of those: children and halves that have not landed, due now. */
  readonly pending: number;
  /** Normalized objects that were missing and are there now. */
  readonly normalized: number;
  /** Of Graph: where listing goes on, when that was moved. */
  readonly watermarks?: readonly Instant[];
  /** Blobs that lie in an object, and that the ledger says another job claimed: they will land twice, or have. */
  readonly conflicts: readonly string[];
  /** Objects that say something else than their key. */
  readonly foreign: Rebuilt['foreign'];
}

/**
 * Puts back what the ledger has lost, stream by stream: jobs, members, claims, fates and losses, and the watermarks of Graph streams; then
 * the normalized objects that a worker did not come to. No object is written but those, and nothing is asked of Microsoft. Safe to repeat.
 *
 * Nothing else may be at work: the list and the fetch stand still, and did so for 20 minutes before. What was pending when the ledger was
 * lost is found by listing again; of Graph windows by comparing (`lake reconcile`).
 *
 * @param wanted Which streams; all that the lake has objects of when absent.
 */
export async function rebuildLedger(deps: RebuildDeps, wanted: (stream: Stream) => boolean = () => true): Promise<RebuildReport[]> {
  const now = deps.clock.now();
  const reports: RebuildReport[] = [];
  for (const dataset of rawDatasets) {
    const objects = await objectsOfDataset(deps.inventory, dataset, now);
    for (const [logType, stream, described] of byStream(await describeObjects(deps.inventory, objects.values()))) {
      if (wanted(stream)) reports.push(await rebuildOne(logType, stream, described, deps));
    }
  }
  return reports;
}

/** What imports landed has no job: nothing of it is rebuilt. */
function byStream(objects: readonly DescribedObject[]): [LogType, Stream, DescribedObject[]][] {
  const found = new Map<string, [LogType, Stream, DescribedObject[]]>();
  for (const object of objects) {
    const key = object.metadata.stream ?? '';
    const [cloud, tenantId, id] = key.split('#');
    const logType = logTypes.find((one) => one.id === id);
    if (!logType || object.metadata.import === 'yes') continue;
    const known = found.get(key) ?? [logType, { cloud, tenantId, logType: logType.id } as Stream, []];
    known[2].push(object);
    found.set(key, known);
  }
  return [...found.values()];
}

async function rebuildOne(
  logType: LogType,
  stream: Stream,
  objects: readonly DescribedObject[],
  deps: RebuildDeps,
): Promise<RebuildReport> {
  const known = await deps.ledger.jobs(stream);
  const pendingJobs = known.flatMap(({ job, state }) => (job.kind === 'content' && state.state === 'pending' ? [job] : []));
  const rebuilt = rebuildStream(stream, objects, { ...rulesOf(logType, deps.clock.now()), pending: pendingJobs });
  const records = new Map(rebuilt.jobs.map(({ record }) => [record.job.jobId, record]));
  const conflicts: string[] = [];
  let [restored, pending] = [0, 0];
  for (const job of rebuilt.jobs) {
    conflicts.push(...(await conflictsOf(stream, job, records, deps)));
    if ((await deps.ledger.restoreJob(job.record, job)) === 'there') continue;
    restored += 1;
    if (job.record.state.state === 'pending') pending += 1;
  }
  const watermarks = await moveWatermarks(stream, rebuilt.watermarks, deps.ledger);
  const normalized = await finishNormalized(logType, rebuilt.jobs, deps);
  const { foreign } = rebuilt;
  return { stream, objects: objects.length, restored, pending, normalized, conflicts, foreign, ...(watermarks && { watermarks }) };
}

/** How a stream of this log type is rebuilt. */
function rulesOf({ source, latencyMs }: LogType, now: Instant): RebuildRules {
  return source.kind === 'content' ? { now } : { now, passes: { latencyMs, offsetsMs: [0, ...source.laterPassesMs] } };
}

/** Blobs of the object that another job lands or has landed, because it claimed them after the ledger was lost. */
async function conflictsOf(
  stream: Stream,
  { record, claims }: RebuiltJob,
  records: ReadonlyMap<string, JobRecord>,
  { ledger }: RebuildDeps,
): Promise<string[]> {
  if (claims.length === 0) return [];
  const claimed = await ledger.claims(stream, claims, { consistent: true });
  const conflicts: string[] = [];
  for (const [contentId, jobId] of claimed) {
    if (jobId === record.job.jobId) continue;
    // An object says more than a ledger in which its job is still pending.
    const other = records.get(jobId) ?? (await ledger.readJob({ stream, tenantName: record.job.tenantName, key: jobId }));
    if (other && mayLand(other, contentId)) conflicts.push(contentId);
  }
  return conflicts;
}

/** A parent that handed the blob on does not land it. */
function mayLand({ job, state }: JobRecord, contentId: string): boolean {
  if (job.kind !== 'content') return false;
  const index = job.members.findIndex((member) => member.contentId === contentId);
  return index >= 0 && (state.state === 'pending' || state.fates?.[index] === 'l');
}

/** Never back: what the ledger says has been read was read. Answers the new ones, where any was moved. */
async function moveWatermarks(
  stream: Stream,
  rebuilt: readonly Instant[] | undefined,
  ledger: Ledger,
): Promise<readonly Instant[] | undefined> {
  if (!rebuilt) return undefined;
  const cursor = (await ledger.readCursor(stream)) ?? { version: 0, watermarks: [] };
  const { version, meanBlobBytes: _mean, ...body } = cursor;
  const watermarks = rebuilt.map((watermark, pass) => Math.max(watermark, cursor.watermarks[pass] ?? 0));
  if (watermarks.every((watermark, pass) => watermark === cursor.watermarks[pass])) return undefined;
  if ((await ledger.commitCursor(stream, version, { ...body, watermarks }, { jobs: [], dueAt: 0, gaps: [] })) === 'overtaken')
    throw new Error(`the cursor of ${streamKey(stream)} was moved meanwhile: stop every list first, wait 20 minutes, and run this again`);
  return watermarks;
}

/** Derives what a worker that died did not come to. Of most raw objects it is there already, and is not read. */
async function finishNormalized(logType: LogType, jobs: readonly RebuiltJob[], deps: RebuildDeps): Promise<number> {
  const datasets = deps.normalized.filter((dataset) => isDerivedFrom(dataset, logType.id));
  let put = 0;
  for (const dataset of datasets) {
    const there = await objectsOfDataset(deps.inventory, dataset.name, deps.clock.now());
    const lacking = jobs.filter(({ record: { job, state } }) => state.state === 'landed' && (state.rows ?? 0) > 0 && !there.has(job.jobId));
    for (const { record } of lacking) if (await landOne(logType, record, dataset, deps)) put += 1;
  }
  return put;
}

async function landOne(logType: LogType, { job }: JobRecord, dataset: NormalizedDataset, deps: RebuildDeps): Promise<boolean> {
  return deps.workspace.use(async (folder) => {
    const raw = await deps.lake.get(landingKey(logType.dataset, job), folder);
    if (raw === undefined) return false;
    return (await landNormalized({ job, logType, raw, folder }, dataset, deps)).outcome === 'put';
  });
}
