/** All ports as one sandbox sees them: every call goes over the line where faults happen. */

import type { JobRecord } from '../../shared/domain/fetch-job.ts';
import type { Tenant } from '../../shared/domain/tenant.ts';
import { findingsDataset } from '../../shared/datasets/findings.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Detecting } from '../../shared/ports/detecting.ts';
import type { Jobs, QueuedJob } from '../../shared/ports/jobs.ts';
import type { Lake } from '../../shared/ports/lake.ts';
import type { Landing } from '../../shared/ports/landing.ts';
import type { Ledger } from '../../shared/ports/ledger.ts';
import type { Log } from '../../shared/ports/log.ts';
import type { Microsoft } from '../../shared/ports/microsoft.ts';
import type { Tenants } from '../../shared/ports/tenants.ts';
import type { Workspace } from '../../shared/ports/workspace.ts';
import { detectingPort, type FindingsFile } from './detecting-port.ts';
import { InjectedError } from './faults.ts';
import type { Harness } from './harness.ts';
import { ledgerPort } from './ledger-port.ts';
import { microsoftPort } from './microsoft-port.ts';
import type { Sandbox } from './scheduler.ts';
import { derive, toParquet } from './stand-in-landing.ts';

/** Everything a station needs of its ports; what else it needs is given where it is started. */
export interface SandboxPorts {
  readonly microsoft: Microsoft;
  readonly ledger: Ledger;
  readonly jobs: Jobs;
  readonly lake: Lake;
  readonly landing: Landing;
  readonly tenants: Pick<Tenants, 'byName'>;
  readonly workspace: Workspace;
  readonly clock: Clock;
  readonly log: Log;
  /** In seeds that have rules. */
  readonly detecting?: Detecting;
}

/** The ports of one sandbox, over the harness. */
export function sandboxPorts(harness: Harness, sandbox: Sandbox): SandboxPorts {
  return {
    microsoft: microsoftPort(harness, sandbox),
    ledger: ledgerPort(harness, sandbox),
    jobs: jobsPort(harness, sandbox),
    lake: lakePort(harness, sandbox),
    landing: landingPort(harness, sandbox),
    tenants: {
      byName: (name) => harness.line.call(sandbox, 'tenants.byName', { isLocal: true, apply: () => tenantNow(harness, sandbox, name) }),
    },
    workspace: harness.workspace,
    clock: clockPort(harness, sandbox),
    log: harness.environment.log,
    ...(harness.environment.areRulesOn && { detecting: detectingPort(harness, sandbox) }),
  };
}

function tenantNow(harness: Harness, sandbox: Sandbox, name: string): Tenant | undefined {
  const { plan, tenant } = harness;
  if (name !== tenant.name || harness.isWithin(plan.tenantGone)) return undefined;
  if (!harness.isElsewhere('cloud')) return tenant;
  harness.movedElsewhere.add(sandbox);
  return { ...tenant, managementActivity: { cloud: 'gcc', logTypes: ['audit-general'] } };
}

function clockPort(harness: Harness, sandbox: Sandbox): Clock {
  const { scheduler } = harness;
  return {
    now: () => harness.clockOf(sandbox),
    sleep: (ms) =>
      new Promise((resolve) => {
        scheduler.after(Math.max(0, ms), () => {
          if (!sandbox.isDead) resolve();
        });
      }),
  };
}

function jobsPort(harness: Harness, sandbox: Sandbox): Jobs {
  const send = (jobs: readonly QueuedJob[]): Promise<void> => {
    harness.counts.sends += jobs.length;
    const sent = harness.queue.send(jobs);
    harness.environment.onSent();
    return sent;
  };
  return {
    send: (jobs) =>
      harness.line.call(sandbox, 'jobs.send', {
        detail: () => jobs.map(({ ref }) => ref.key).join(', '),
        apply: () => send(jobs),
        part: () => send(jobs.slice(0, Math.floor(jobs.length / 2))),
      }),
  };
}

function lakePort(harness: Harness, sandbox: Sandbox): Lake {
  const { line, lake, files } = harness;
  return {
    head: (key) => line.call(sandbox, 'lake.head', { isLocal: true, detail: () => key, apply: () => lake.head(key) }),
    get: (key, folder) => line.call(sandbox, 'lake.get', { isLocal: true, detail: () => key, apply: () => lake.get(key, folder) }),
    // No call of its own: whoever dies before it dies in the write that follows.
    digest: (key) => lake.digest(key),
    putOnce: (key, file, metadata) => {
      // What is on its way was read from the file before the call; the folder may be gone when it arrives.
      const body = harness.takeAlong(file);
      return line.call(sandbox, 'lake.putOnce', {
        detail: () => `${key} ${JSON.stringify(metadata)}`,
        apply: async () => {
          const job = (await jobNamed(harness, metadata.key))?.job;
          if (job && key.startsWith('raw/msft')) {
            harness.noteClosing(sandbox, job, metadata);
            harness.noteIsolating(job, metadata);
            await harness.invariants.put(job, metadata);
          }
          const result = await lake.putOnce(key, body, metadata);
          if (result === 'put' && key.startsWith(`raw/${findingsDataset}/`)) noteFindings(harness, key);
          if (result === 'put') harness.notePut(sandbox, key, metadata.split === 'yes' ? undefined : job);
          files.remove(body);
          return result;
        },
      });
    },
  };
}

function noteFindings({ lake, environment }: Harness, key: string): void {
  const { rows } = lake.objectAt(key)?.content as FindingsFile;
  for (const row of rows) if (row.state === 'new') environment.landedFindings.add(row.finding_id as string);
}

async function jobNamed({ ledger, stream, tenant }: Harness, key: string | undefined): Promise<JobRecord | undefined> {
  return key === undefined ? undefined : ledger.readJob({ stream, tenantName: tenant.name, key });
}

function landingPort(harness: Harness, sandbox: Sandbox): Landing {
  const { line, files } = harness;
  return {
    toParquet: (request) =>
      line.call(sandbox, 'landing.toParquet', {
        isLocal: true,
        detail: () => `${String(request.from.length)} files`,
        apply: () => {
          if (harness.isWithin(harness.plan.landingThrows)) throw InjectedError.because('landing throws');
          const landed = toParquet(files, request);
          if (landed !== 'poison') return landed;
          sandbox.die();
          return { kind: 'unreadable', files: [] };
        },
      }),
    // A look at a local file is no call of its own: whoever dies before deriving dies in deriving.
    occurring: (datasets) => Promise.resolve(datasets),
    derive: (request) => line.call(sandbox, 'landing.derive', { isLocal: true, apply: () => derive(files, request) }),
  };
}
