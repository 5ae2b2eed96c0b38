/** The fetch station: brings what one job names from Microsoft into the lake, once. */

import type { FetchJob, JobRecord, JobRef } from '../../shared/domain/fetch-job.ts';
import { landingKey, markFromMetadata } from '../../shared/domain/landing-key.ts';
import { startsToIsolate } from '../../shared/domain/retry.ts';
import { tenantStopped } from '../../shared/domain/stopped-tenant.ts';
import type { Tenant } from '../../shared/domain/tenant.ts';
import { hours } from '../../shared/domain/window.ts';
import { logTypeById } from '../../shared/log-types/index.ts';
import { fetchContent } from './fetch-content.ts';
import { fetchWindow } from './fetch-window.ts';
import type { Attempt, FetchDeps, Fetched } from './fetching.ts';
import { finish } from './finish.ts';
import { isolateMembers, isolateWindow } from './isolate.ts';
import { LandingFailed } from './land.ts';
import { park } from './park.ts';

/**
 * One attempt at one job. However it ends, the job is final or has a due time, so the message can go.
 *
 * Whoever puts the object at the job's key decides the job; everybody else, now or later, finishes what that object says.
 *
 * @throws When a store fails; the job is then still pending and due, and the sweep sends it again.
 */
export async function fetch(ref: JobRef, deps: FetchDeps): Promise<Fetched> {
  const record = await deps.ledger.readJob(ref);
  if (record?.state.state !== 'pending') return { kind: 'nothing-to-do' };
  return deps.workspace.use((folder) => attemptJob(ref, record, folder, deps));
}

async function attemptJob(ref: JobRef, { job, state }: JobRecord, folder: string, deps: FetchDeps): Promise<Fetched> {
  const logType = logTypeById(job.stream.logType);
  const attempt: Attempt = { job, state, logType, key: landingKey(logType.dataset, job), folder, deps };

  const metadata = await deps.lake.head(attempt.key);
  if (metadata) return finish(attempt, { mark: markFromMetadata(job, metadata) });

  const tenant = await deps.tenants.byName(job.tenantName);
  const reason = tenant ? await tenantMismatch(attempt, tenant) : tenantStopped.notConfigured;
  if (!tenant || reason !== undefined) return park(attempt, { because: reason ?? '', mostMs: hours(1) });

  const starts = await deps.ledger.startJob(ref);
  if (starts === undefined) return { kind: 'nothing-to-do' };
  return fetchKind(attempt, job, tenant, starts).catch((error: unknown) => failed(attempt, error));
}

/** Why the tenant as configured today is not the one the job was made for: its records would land under another tenant's name. */
async function tenantMismatch({ job, logType, deps }: Attempt, tenant: Tenant): Promise<string | undefined> {
  const choice = job.kind === 'content' ? tenant.managementActivity : tenant.graph;
  if (choice?.cloud !== job.stream.cloud) return tenantStopped.otherCloud;
  const identity = await deps.microsoft.identify(tenant, logType);
  if (identity.kind !== 'ok') return identity.cause.code;
  return identity.value.tenantId === job.stream.tenantId ? undefined : tenantStopped.otherTenant;
}

/**
 * A store failed, and the job did not kill its worker: it parks, so that the start is not held against its members. What the landing could
 * not write is held against them, until they are isolated.
 */
async function failed(attempt: Attempt, error: unknown): Promise<never> {
  // Where the ledger fails as well, the job stays due as it was; the caller hears of the first failure.
  if (!(error instanceof LandingFailed)) await park(attempt, { because: `a store failed: ${codeOf(error)}` }).catch(() => undefined);
  throw error;
}

/** @example 'ENOSPC', 'ProvisionedThroughputExceededException' */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}

function fetchKind(attempt: Attempt, job: FetchJob, tenant: Tenant, starts: number): Promise<Fetched> {
  const isPoison = starts >= startsToIsolate;
  if (job.kind === 'content') {
    const content = { ...attempt, job };
    return isPoison ? isolated(attempt, isolateMembers(content, starts)) : fetchContent(content, tenant);
  }
  const window = { ...attempt, job };
  return isPoison ? isolated(attempt, isolateWindow(window)) : fetchWindow(window, tenant);
}

/** Isolating lands an object of no rows: where even that fails, the landing is broken and not the job. */
async function isolated(attempt: Attempt, isolating: Promise<Fetched>): Promise<Fetched> {
  try {
    return await isolating;
  } catch (error) {
    if (!(error instanceof LandingFailed)) throw error;
    const { tenantName: tenant, jobId: job, stream } = attempt.job;
    attempt.deps.log.error('landing fails whatever it is given', {
      tenant,
      logType: stream.logType,
      job,
      count: 1,
      reason: String(error.cause),
    });
    return park(attempt, { because: `landing fails: ${codeOf(error.cause)}` });
  }
}
