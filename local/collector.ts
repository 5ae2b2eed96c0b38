/** The line on one machine: what EventBridge, SQS and Lambda do on AWS, in one process. */

import pMap, { pMapSkip } from 'p-map';
import { jobRef, type JobRecord } from '../shared/domain/fetch-job.ts';
import { groupLimits as usualLimits, type GroupLimits } from '../shared/domain/grouping.ts';
import { minutes, seconds, type Instant } from '../shared/domain/window.ts';
import { logTypeById } from '../shared/log-types/index.ts';
import type { LogType } from '../shared/log-types/log-type.ts';
import type { Tenant } from '../shared/domain/tenant.ts';
import type { Landing } from '../shared/ports/landing.ts';
import { fetch } from '../lambdas/fetch/fetch.ts';
import type { Fetched } from '../lambdas/fetch/fetching.ts';
import { findAbsences, type AbsenceDeps } from '../lambdas/fetch/find-absences.ts';
import { KeptBlobs } from '../lambdas/fetch/kept-blobs.ts';
import { watchedTenants } from '../lambdas/fetch/watched-tenants.ts';
import { KnownClaims } from '../lambdas/list/known-claims.ts';
import { list } from '../lambdas/list/list.ts';
import type { Listed } from '../lambdas/list/listing.ts';
import { sweep } from '../lambdas/sweep/sweep.ts';
import type { NormalizedDataset } from '../shared/datasets/normalized-dataset.ts';
import type { Clock } from '../shared/ports/clock.ts';
import type { Lake } from '../shared/ports/lake.ts';
import type { Ledger } from '../shared/ports/ledger.ts';
import type { Log } from '../shared/ports/log.ts';
import type { Microsoft } from '../shared/ports/microsoft.ts';
import type { Tenants } from '../shared/ports/tenants.ts';
import type { Workspace } from '../shared/ports/workspace.ts';
import type { Detecting } from '../shared/ports/detecting.ts';
import type { LocalSightings } from './sightings.ts';
import type { Delivery, JobKind, JobQueue } from './jobs.ts';
import { Slots } from './slots.ts';

/** What of one machine's adapters the collector works with. */
export interface CollectorAdapters {
  readonly microsoft: Microsoft;
  readonly ledger: Ledger & { pendingJobs(): Promise<readonly JobRecord[]>; forget(now: Instant): Promise<unknown> };
  readonly jobs: JobQueue & { size(now: Instant): Promise<{ readonly queued: number }> };
  readonly lake: Lake;
  /** One a worker. */
  readonly landings: readonly Landing[];
  readonly tenants: Pick<Tenants, 'byName'>;
  readonly workspace: Workspace;
  /** Landed beside raw. */
  readonly normalized: readonly NormalizedDataset[];
  readonly clock: Clock;
  readonly log: Log;
  /** Absent where no rules are in force. */
  readonly detecting?: Detecting & { readonly sightings: Pick<LocalSightings, 'forget'> };
  /** Where absences land and are notified from; there where rules are in force. */
  readonly absences?: Pick<AbsenceDeps, 'lake' | 'outbox'>;
}

/** What is collected: one log type of one tenant. */
export interface Source {
  readonly tenant: Tenant;
  readonly logType: LogType;
}

/** What the collector reports to its caller, as it happens. */
export type CollectorEvent =
  | { readonly kind: 'listed'; readonly source: Source; readonly listed: Listed }
  | { readonly kind: 'fetched'; readonly delivery: Delivery; readonly fetched: Fetched }
  /** A store failed; the job is still pending and comes again. */
  | { readonly kind: 'failed'; readonly what: string; readonly error: unknown };

/** Lists, sweeps and works, for whoever decides when: `drain` once, `follow` on a schedule. */
export interface Collector {
  readonly sources: readonly Source[];
  /** Lists one source, until it is caught up or stopped. */
  list(source: Source): Promise<Listed>;
  /** Sends every job that is due. */
  sweep(): Promise<number>;
  /** Takes up what the run before had in flight when it ended, however it ended. What it had parked stays parked. */
  resume(): Promise<number>;
  /** Finds what is absent in these sources, and lands it. @returns How many findings are new. */
  absences(sources: readonly Source[]): Promise<number>;
  /** Takes jobs from the queue until `isOver`; resolves when the last attempt has ended. */
  work(isOver: () => boolean): Promise<void>;
}

/** Smaller than on AWS: one process holds everything, and stays below 400 MB. */
const groupLimits: GroupLimits = { ...usualLimits, maxBytes: 12 * 1024 * 1024 };

/** Visible again after this, should the worker be gone. Longer than any attempt. */
const visibilityMs = minutes(20);
const attemptMs = minutes(15);
const listMs = minutes(4);
/** While one job sits out a throttle, the others go on; they land one after the other. */
const contentJobsAtOnce = 4;
/** Of those that do not sit one out: each has up to 32 MiB of blobs in memory. With four instead of two V8 looks through all its objects twice as often. */
const contentJobsInMemory = 2;
const windowJobsAtOnce = 2;
const idleMs = 50;
/** After a store has failed a worker rests: a full disk is not helped by trying a thousand times a second. */
const storeRestMs = seconds(5);

/**
 * The stations over one lake folder, which this process has to itself.
 *
 * @param onEvent Called once for each list and each attempt, in the order they end.
 */
export function openCollector(
  adapters: CollectorAdapters,
  sources: readonly Source[],
  onEvent: (event: CollectorEvent) => void,
): Collector {
  const known = new KnownClaims();
  const place: FetchPlace = { ...adapters, kept: new KeptBlobs() };
  return {
    sources,
    list: async (source) => {
      const listed = await listToTheEnd(adapters, source, known);
      onEvent({ kind: 'listed', source, listed });
      return listed;
    },
    sweep: () => sweepNow(adapters),
    resume: () => resume(adapters),
    absences: (watched) => absences(adapters, watched),
    work: async (isOver) => {
      const slots = { content: new Slots(contentJobsInMemory), window: new Slots(windowJobsAtOnce) };
      const workers = adapters.landings.flatMap((landing) =>
        atOnce(contentJobsAtOnce, () => worker(place, 'content', slots.content, landing, isOver, onEvent)),
      );
      const [landing] = adapters.landings;
      if (landing) workers.push(...atOnce(windowJobsAtOnce, () => worker(place, 'window', slots.window, landing, isOver, onEvent)));
      await Promise.all(workers);
    },
  };
}

/** Makes so many of a thing. */
function atOnce<T>(count: number, make: () => T): T[] {
  return Array.from({ length: count }, make);
}

function sweepNow(adapters: CollectorAdapters): Promise<number> {
  return sweep({ ...adapters, deadline: adapters.clock.now() + minutes(1) });
}

/**
 * Nobody else is at work on the lake. A job that was begun and not parked was in flight; one that was never begun may have lost its
 * message. Their due times stay as they are, so that what is queued already is not queued twice.
 */
async function resume(adapters: CollectorAdapters): Promise<number> {
  const due = await sweepNow(adapters);
  const pending = await adapters.ledger.pendingJobs();
  const inFlight = pending.flatMap(({ job, state: { dueAt, starts, version } }) =>
    dueAt !== undefined && (starts > 0 || version === 1) ? [{ ref: jobRef(job), dueAt }] : [],
  );
  await adapters.jobs.send(inFlight);
  return due + inFlight.length;
}

async function absences(adapters: CollectorAdapters, sources: readonly Source[]): Promise<number> {
  const { detecting, absences: places, ledger } = adapters;
  if (!detecting || !places) return 0;
  const tenants = [...new Set(sources.map(({ tenant }) => tenant))].map((tenant) => ({ kind: 'tenant' as const, tenant }));
  return findAbsences(await watchedTenants(tenants, ledger), { ...adapters, ...places, detecting });
}

/** Every enabled log type of every tenant. */
export function sourcesOf(tenants: readonly Tenant[]): Source[] {
  return tenants.flatMap((tenant) =>
    [...(tenant.managementActivity?.logTypes ?? []), ...(tenant.graph?.logTypes ?? [])].map((id) => ({ tenant, logType: logTypeById(id) })),
  );
}

async function listToTheEnd(adapters: CollectorAdapters, { tenant, logType }: Source, known: KnownClaims): Promise<Listed> {
  for (let jobs = 0; ;) {
    const deadline = adapters.clock.now() + listMs;
    const listed = await list(tenant, logType, { ...adapters, known, groupLimits, deadline });
    if (listed.kind !== 'listed') return listed;
    jobs += listed.jobs;
    if (listed.isCaughtUp) return { ...listed, jobs };
  }
}

/** Lists every source once, a few at a time, and begins none when it is stopped; Microsoft's pace is kept below. */
export async function listAll(
  collector: Collector,
  concurrency: number,
  isStopped: () => boolean,
): Promise<readonly { source: Source; listed: Listed }[]> {
  const list = async (source: Source) => (isStopped() ? pMapSkip : { source, listed: await collector.list(source) });
  return pMap(collector.sources, list, { concurrency });
}

/** What workers fetch with. */
type FetchPlace = CollectorAdapters & { readonly kept: KeptBlobs };

/** Whatever a store does, a worker goes on until it is stopped: what failed is reported and comes again. */
async function worker(
  place: FetchPlace,
  kind: JobKind,
  slots: Slots,
  landing: Landing,
  isOver: () => boolean,
  onEvent: (event: CollectorEvent) => void,
): Promise<void> {
  const { jobs, clock } = place;
  // In the slot a job is received, too: one that waited for a slot would run out of the time that it is hidden from others.
  const next = (sharing: Clock): Promise<boolean> =>
    jobs.receive(kind, 1, visibilityMs, clock.now()).then(async ([delivery]) => {
      if (delivery) await attempt({ ...place, clock: sharing }, delivery, landing, onEvent);
      return delivery !== undefined;
    });
  while (!isOver()) {
    try {
      if (!(await slots.use(clock, next))) await clock.sleep(idleMs);
    } catch (error) {
      onEvent({ kind: 'failed', what: 'the queue', error });
      await clock.sleep(storeRestMs);
    }
  }
}

async function attempt(place: FetchPlace, delivery: Delivery, landing: Landing, onEvent: (event: CollectorEvent) => void): Promise<void> {
  const { jobs, clock, log } = place;
  let event: CollectorEvent;
  try {
    const fetched = await fetch(delivery.queued.ref, { ...place, landing, deadline: clock.now() + attemptMs });
    event = { kind: 'fetched', delivery, fetched };
  } catch (error) {
    const { tenantName: tenant, stream, key } = delivery.queued.ref;
    log.error('a fetch failed and is tried again', { tenant, logType: stream.logType, job: key, count: 1, reason: String(error) });
    event = { kind: 'failed', what: `job ${key}`, error };
  }
  // After a failure as well: the ledger still has the job as due, and the sweep sends it again, later.
  await jobs.ack(delivery.receipt);
  onEvent(event);
}

/** When each source is listed next: every 5 minutes, those of Graph a minute apart, for they share one limit. */
export function firstRuns(sources: readonly Source[], now: Instant): Map<Source, Instant> {
  let windows = 0;
  return new Map(
    sources.map((source) => {
      if (source.logType.source.kind === 'content') return [source, now];
      windows += 1;
      return [source, now + ((windows - 1) % 5) * seconds(60)];
    }),
  );
}

/** Between two lists of one source, in ms. */
export const listEveryMs = minutes(5);

/** Whether something is due that comes round every so often. A time further away than that was set by a clock that was ahead. */
export function isDue(at: Instant, now: Instant, everyMs: number): boolean {
  return at <= now || at > now + everyMs;
}
