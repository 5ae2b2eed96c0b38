/** The line on one machine: what EventBridge, SQS and Lambda do on AWS, in one process. */

import pMap from 'p-map';
import { groupLimits as usualLimits, type GroupLimits } from '../shared/domain/grouping.ts';
import { hours, minutes, seconds, type Instant } from '../shared/domain/window.ts';
import { logTypeById } from '../shared/log-types/index.ts';
import type { LogType } from '../shared/log-types/log-type.ts';
import type { Tenant } from '../shared/domain/tenant.ts';
import type { Landing } from '../shared/ports/landing.ts';
import { fetch } from '../lambdas/fetch/fetch.ts';
import type { Fetched } from '../lambdas/fetch/fetching.ts';
import { KnownClaims } from '../lambdas/list/known-claims.ts';
import { list } from '../lambdas/list/list.ts';
import type { Listed } from '../lambdas/list/listing.ts';
import { sweep } from '../lambdas/sweep/sweep.ts';
import type { Ground } from './connect.ts';
import type { Delivery, JobKind } from './jobs.ts';

/** What is collected: one log type of one tenant. */
export interface Source {
  readonly tenant: Tenant;
  readonly logType: LogType;
}

export type CollectorEvent =
  | { readonly kind: 'listed'; readonly source: Source; readonly listed: Listed }
  | { readonly kind: 'fetched'; readonly delivery: Delivery; readonly fetched: Fetched }
  /** A store failed; the job is still pending and comes again. */
  | { readonly kind: 'failed'; readonly what: string; readonly error: unknown };

export interface Collector {
  readonly sources: readonly Source[];
  /** Lists one source, until it is caught up or stopped. */
  list(source: Source): Promise<Listed>;
  /** Sends every job that is due; with `all`, every pending one (a start: nobody else is at work). */
  sweep(which: 'due' | 'all'): Promise<number>;
  /** Takes jobs from the queue until `isOver`; resolves when the last attempt has ended. */
  work(isOver: () => boolean): Promise<void>;
}

/** Smaller than on AWS: one process holds everything, and stays below 400 MB. */
const groupLimits: GroupLimits = { ...usualLimits, maxBytes: 12 * 1024 * 1024 };

/** Visible again after this, should the worker be gone. Longer than any attempt. */
const visibilityMs = minutes(20);
const attemptMs = minutes(15);
const listMs = minutes(4);
const idleMs = 50;

export function openCollector(ground: Ground, sources: readonly Source[], onEvent: (event: CollectorEvent) => void): Collector {
  const known = new KnownClaims();
  return {
    sources,
    list: async (source) => {
      const listed = await listToTheEnd(ground, source, known);
      onEvent({ kind: 'listed', source, listed });
      return listed;
    },
    sweep: (which) => {
      const now = ground.clock.now();
      return sweep({ ...ground, deadline: now + minutes(1) }, which === 'all' ? now + hours(1) : now);
    },
    work: async (isOver) => {
      const workers = ground.landings.map((landing) => worker(ground, 'content', landing, isOver, onEvent));
      const [landing] = ground.landings;
      if (landing) workers.push(worker(ground, 'window', landing, isOver, onEvent), worker(ground, 'window', landing, isOver, onEvent));
      await Promise.all(workers);
    },
  };
}

/** Every enabled log type of every tenant. */
export function sourcesOf(tenants: readonly Tenant[]): Source[] {
  return tenants.flatMap((tenant) =>
    [...(tenant.managementActivity?.logTypes ?? []), ...(tenant.graph?.logTypes ?? [])].map((id) => ({ tenant, logType: logTypeById(id) })),
  );
}

async function listToTheEnd(ground: Ground, { tenant, logType }: Source, known: KnownClaims): Promise<Listed> {
  for (let jobs = 0; ;) {
    const deadline = ground.clock.now() + listMs;
    const listed = await list(tenant, logType, { ...ground, known, groupLimits, deadline });
    if (listed.kind !== 'listed') return listed;
    jobs += listed.jobs;
    if (listed.isCaughtUp) return { ...listed, jobs };
  }
}

/** Lists every source once, a few at a time; Microsoft's pace is kept below. */
export async function listAll(collector: Collector, concurrency: number): Promise<readonly { source: Source; listed: Listed }[]> {
  return pMap(collector.sources, async (source) => ({ source, listed: await collector.list(source) }), { concurrency });
}

async function worker(
  ground: Ground,
  kind: JobKind,
  landing: Landing,
  isOver: () => boolean,
  onEvent: (event: CollectorEvent) => void,
): Promise<void> {
  const { jobs, clock } = ground;
  while (!isOver()) {
    const [delivery] = await jobs.receive(kind, 1, visibilityMs, clock.now());
    if (!delivery) {
      await clock.sleep(idleMs);
      continue;
    }
    try {
      const fetched = await fetch(delivery.queued.ref, {
        ...ground,
        landing,
        deadline: clock.now() + attemptMs,
      });
      await jobs.ack(delivery.receipt);
      onEvent({ kind: 'fetched', delivery, fetched });
    } catch (error) {
      // The ledger still has the job as due; it is sent again, later, by the sweep.
      await jobs.ack(delivery.receipt);
      onEvent({ kind: 'failed', what: `job ${delivery.queued.ref.key}`, error });
    }
  }
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

export const listEveryMs = minutes(5);
