/** `lake reconcile`: every stream of every tenant, compared with Microsoft and with the lake. */

import type { JobRecord } from '../../shared/domain/fetch-job.ts';
import { compareContent, compareWindows, type StreamFacts } from '../../shared/domain/reconcile.ts';
import { oldestServed } from '../../shared/domain/retention.ts';
import { streamKey, type Stream } from '../../shared/domain/stream.ts';
import type { Tenant } from '../../shared/domain/tenant.ts';
import { gridFloor, gridWindows, hours, overlaps, type Window } from '../../shared/domain/window.ts';
import { logTypeById } from '../../shared/log-types/index.ts';
import type { LogType } from '../../shared/log-types/log-type.ts';
import type { Cursor } from '../../shared/ports/ledger.ts';
import type { Answer } from '../../shared/ports/microsoft.ts';
import type { LakeObject } from '../../shared/domain/lake-object.ts';
import type { Member } from '../../shared/domain/fetch-job.ts';
import { describeObjects, objectsOfDataset } from './inventory.ts';
import { patientMicrosoft } from './patient-microsoft.ts';
import { readAgain } from './read-again.ts';
import type { ReconcileDeps, ReconcileScope, StreamReport, Subject } from './reconciling.ts';
import { repair } from './repair.ts';

/**
 * Compares, stream by stream, and with `isRepairing` sets right what can be set right.
 *
 * @param onSubject Is called with the stream that comes next.
 * @param onWait Is called when Microsoft has to be asked again, with the milliseconds until then.
 */
export async function reconcile(
  hasty: ReconcileDeps,
  scope: ReconcileScope,
  options: { readonly isRepairing: boolean; readonly onSubject?: (name: string) => void; readonly onWait?: (waitMs: number) => void },
): Promise<StreamReport[]> {
  const microsoft = patientMicrosoft(hasty.microsoft, hasty.clock, (waitMs) => options.onWait?.(waitMs));
  const deps = { ...hasty, microsoft };
  const reports: StreamReport[] = [];
  const datasets = new Datasets(deps);
  const chosen = await sourcesOf(deps, scope, reports);
  const subjects: Subject[] = [];
  for (const { tenant, logType } of chosen) {
    const identity = await deps.microsoft.identify(tenant, logType);
    if (identity.kind !== 'ok') reports.push({ kind: 'not-compared', tenant: tenant.name, logType: logType.id, cause: identity.cause });
    else subjects.push(subjectOf(tenant, logType, identity.value.tenantId, scope, deps));
  }
  for (const subject of subjects) {
    options.onSubject?.(`${subject.tenant.name} ${subject.logType.id}`);
    reports.push(await reconcileOne(subject, datasets, options.isRepairing, deps));
  }
  return reports;
}

async function sourcesOf(
  deps: ReconcileDeps,
  scope: ReconcileScope,
  reports: StreamReport[],
): Promise<{ tenant: Tenant; logType: LogType }[]> {
  const sources: { tenant: Tenant; logType: LogType }[] = [];
  for (const entry of await deps.tenants.list()) {
    const name = entry.kind === 'tenant' ? entry.tenant.name : entry.name;
    if (scope.tenant !== undefined && scope.tenant !== name) continue;
    if (entry.kind === 'broken') {
      reports.push({
        kind: 'not-compared',
        tenant: name,
        cause: { code: 'configuration', message: entry.faults.join('; '), cure: 'correct its configuration' },
      });
      continue;
    }
    const { tenant } = entry;
    const ids = [...(tenant.managementActivity?.logTypes ?? []), ...(tenant.graph?.logTypes ?? [])];
    for (const id of ids) if (scope.logType === undefined || scope.logType === id) sources.push({ tenant, logType: logTypeById(id) });
  }
  return sources;
}

/** Everything that Microsoft still serves, unless something else was asked for; nothing from before the tenant is collected. */
function subjectOf(tenant: Tenant, logType: LogType, tenantId: string, scope: ReconcileScope, { clock }: ReconcileDeps): Subject {
  const choice = logType.source.kind === 'content' ? tenant.managementActivity : tenant.graph;
  if (!choice) throw new Error(`tenant '${tenant.name}' does not collect ${logType.id}`);
  const now = clock.now();
  const from = Math.max(scope.from ?? oldestServed(now, logType.retentionMs), tenant.collectFrom ?? 0);
  // Graph is read from a whole hour on, see firstWatermarks.
  const start = logType.source.kind === 'windows' ? gridFloor(from, hours(1)) : from;
  const window = { start, end: Math.min(scope.to ?? now, now) };
  return { tenant, logType, window, stream: { cloud: choice.cloud, tenantId, logType: logType.id } };
}

async function reconcileOne(subject: Subject, datasets: Datasets, isRepairing: boolean, deps: ReconcileDeps): Promise<StreamReport> {
  const { tenant, logType, stream, window } = subject;
  const cursor = await deps.ledger.readCursor(stream);
  const gaps = await deps.ledger.gaps(stream);
  const jobs = await deps.ledger.jobs(stream);
  const facts: StreamFacts = {
    ...{ window, jobs, gaps, losses: await deps.ledger.losses(stream), watermarks: cursor?.watermarks ?? [] },
    objects: await datasets.objectsOf(subject, jobs),
  };
  const compared = await compare(subject, facts, cursor, deps);
  if (compared.kind !== 'ok') return { kind: 'not-compared', tenant: tenant.name, logType: logType.id, cause: compared.cause };
  const comparison = compared.value;
  const report = {
    kind: 'compared' as const,
    subject,
    comparison,
    gaps: gaps.filter(({ from, to }) => overlaps({ start: from, end: to }, window)).length,
  };
  if (!isRepairing || comparison.findings.length === 0) return report;
  return { ...report, repaired: await repair(subject, comparison.findings, facts, cursor, deps) };
}

async function compare(subject: Subject, facts: StreamFacts, cursor: Cursor | undefined, deps: ReconcileDeps) {
  if (subject.logType.source.kind === 'content') {
    const listed = await listAgain(subject, deps);
    return listed.kind === 'ok' ? { kind: 'ok' as const, value: compareContent(facts, listed.value) } : listed;
  }
  const until = Math.min(subject.window.end, cursor?.watermarks[0] ?? 0);
  const read = await readAgain(subject, { start: subject.window.start, end: until }, facts, deps);
  return read.kind === 'ok' ? { kind: 'ok' as const, value: compareWindows(facts, read.value) } : read;
}

/** By the hour, as the list does, so that Microsoft shows the same blobs in the same windows. */
async function listAgain({ tenant, logType, window }: Subject, { microsoft, clock }: ReconcileDeps): Promise<Answer<Member[]>> {
  const blobs: Member[] = [];
  for (const hour of gridWindows(window.start, window.end, hours(1))) {
    const start = Math.max(hour.start, window.start, oldestServed(clock.now(), logType.retentionMs));
    if (start >= hour.end) continue;
    const listed = await microsoft.listBlobs(tenant, logType, { start, end: hour.end });
    if (listed.kind !== 'ok') return listed;
    blobs.push(...listed.value);
  }
  return { kind: 'ok', value: blobs };
}

/** The objects of each dataset, listed once and asked what they are only where that is not known. */
class Datasets {
  private readonly deps: ReconcileDeps;
  private readonly listed = new Map<string, Promise<Map<string, LakeObject>>>();
  private readonly foreign = new Map<string, { readonly key: string; readonly of: string | undefined }>();

  constructor(deps: ReconcileDeps) {
    this.deps = deps;
  }

  /** Of one stream: of its jobs' objects in the window with their rows, and those of which the ledger knows no job. */
  async objectsOf({ logType, stream, window }: Subject, jobs: readonly JobRecord[]): Promise<StreamFacts['objects']> {
    const { inventory, clock } = this.deps;
    const all = this.listed.get(logType.dataset) ?? objectsOfDataset(inventory, logType.dataset, clock.now());
    this.listed.set(logType.dataset, all);
    const byJob = new Map(jobs.map((record) => [record.job.jobId, record]));
    const objects = new Map<string, { key: string; rows?: number }>();
    const looked: LakeObject[] = [];
    for (const [jobId, object] of await all) {
      const record = byJob.get(jobId);
      if (record) objects.set(jobId, { key: object.key });
      if (record ? isIn(record, window) : !this.foreign.has(jobId)) looked.push(object);
    }
    for (const { key, metadata } of await describeObjects(this.deps.inventory, looked)) {
      const jobId = metadata.job ?? '';
      if (byJob.has(jobId)) objects.set(jobId, { key, rows: Number(metadata.rows ?? 0) });
      else this.foreign.set(jobId, { key, of: metadata.import === 'yes' ? undefined : metadata.stream });
    }
    return new Map([...this.objectsNaming(stream), ...objects]);
  }

  /** That say they are of the stream, and were of no job of the streams looked at before. */
  private objectsNaming(stream: Stream): [string, { key: string }][] {
    return [...this.foreign].flatMap(([jobId, { key, of }]) => (of === streamKey(stream) ? [[jobId, { key }]] : []));
  }
}

function isIn({ job }: JobRecord, window: Window): boolean {
  if (job.kind === 'window') return overlaps(job.window, window);
  return job.members.some(({ created }) => created >= window.start && created < window.end);
}
