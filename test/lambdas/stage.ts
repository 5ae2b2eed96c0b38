/** A stage for the stations: the adapters in memory, a scripted Microsoft, and a stand-in for landing. */

import { answer } from '../../local/answer.ts';
import { fetch } from '../../lambdas/fetch/fetch.ts';
import { KeptBlobs } from '../../lambdas/fetch/kept-blobs.ts';
import { KnownClaims } from '../../lambdas/list/known-claims.ts';
import { list } from '../../lambdas/list/list.ts';
import { sweep } from '../../lambdas/sweep/sweep.ts';
import type { NormalizedDataset } from '../../shared/datasets/normalized-dataset.ts';
import type { JobRef } from '../../shared/domain/fetch-job.ts';
import type { Tenant } from '../../shared/domain/tenant.ts';
import { minutes } from '../../shared/domain/window.ts';
import { logTypeById } from '../../shared/log-types/index.ts';
import type { Tenants } from '../../shared/ports/tenants.ts';
import type { QueuedJob } from '../../shared/ports/jobs.ts';
import type { Landed, Landing, LandingRequest } from '../../shared/ports/landing.ts';
import { at } from '../contracts/samples.ts';
import { FakeFiles } from '../fakes/fake-files.ts';
import { FakeLog } from '../fakes/fake-log.ts';
import { FakeWorkspace } from '../fakes/fake-workspace.ts';
import { MemoryLake } from '../fakes/memory-lake.ts';
import { MemoryLedger } from '../fakes/memory-ledger.ts';
import { VirtualClock } from '../fakes/virtual-clock.ts';
import { ScriptedMicrosoft } from './scripted-microsoft.ts';

const contoso: Tenant = {
  name: 'contoso',
  tenantDomain: 'contoso.onmicrosoft.com',
  clientId: '22222222-2222-4222-8222-222222222222',
  credentialKind: 'secret',
  managementActivity: { cloud: 'enterprise', logTypes: ['audit-exchange'] },
  graph: { cloud: 'global', logTypes: ['directory-audits'] },
};

/** What the stand-in writes for Parquet: the records, each once for a window, without those of earlier objects. */
interface FakeParquet {
  readonly records: readonly string[];
}

/**
 * A stage on 2026-11-22 with one tenant that collects Exchange and directory audits.
 *
 * @param now Time of day.
 * @param collectFrom Nothing older is listed.
 */
export function openStage(now = '09:30', normalized: readonly NormalizedDataset[] = [], collectFrom = at('06:00')) {
  const tenant = { ...contoso, collectFrom };
  const files = new FakeFiles();
  const clock = new VirtualClock(at(now));
  const microsoft = new ScriptedMicrosoft(files);
  const [ledger, lake, log] = [new MemoryLedger(), new MemoryLake(files), new FakeLog()];
  const sent: QueuedJob[] = [];
  const jobs = { send: (queued: readonly QueuedJob[]) => Promise.resolve(void sent.push(...queued)) };
  const ports = { microsoft, ledger, lake, log, clock, jobs };
  const workspace = new FakeWorkspace(files);
  const kept = new KeptBlobs();
  let onLanding: (request: LandingRequest) => void = () => undefined;
  const landing = fakeLanding(files, (request) => {
    onLanding(request);
  });
  const tenants: Pick<Tenants, 'byName'> = { byName: (name) => Promise.resolve(name === tenant.name ? tenant : undefined) };

  return {
    ...ports,
    files,
    sent,
    /** Whose jobs these are, and what is known of it; a test may change that. */
    tenant,
    tenants,
    /** Lists one log type; the answer of the station. @param known Of a process that is warm. */
    list: (logType = 'audit-exchange', known = new KnownClaims()) =>
      list(tenant, logTypeById(logType), {
        ...ports,
        known,
        groupLimits: { maxBlobs: 3, maxBytes: 10_000_000 },
        deadline: clock.now() + minutes(5),
      }),
    fetch: (ref: JobRef) => fetch(ref, { ...ports, landing, workspace, tenants, normalized, kept, deadline: clock.now() + minutes(5) }),
    /** What happens first when something is written as Parquet; it may throw. */
    onLanding: (happen: typeof onLanding) => {
      onLanding = happen;
    },
    sweep: () => sweep({ ...ports, deadline: clock.now() + minutes(5) }),
    /** The records of every raw object, in the order of landing. */
    landed: () =>
      [...lake.all()].filter(([key]) => key.startsWith('raw/msft')).map(([, { content }]) => (content as FakeParquet).records.join(' ')),
  };
}

/** Rows are records; a file that holds no list is unreadable. */
function fakeLanding(files: FakeFiles, onLanding: (request: LandingRequest) => void): Landing {
  return {
    toParquet: (request) =>
      answer((): Landed => {
        onLanding(request);
        const { from, into, window, without } = request;
        const read = ({ file, content }: LandingRequest['from'][number]): unknown =>
          content ? JSON.parse(content.toString()) : files.read(file);
        const broken = from.filter((one) => !Array.isArray(read(one)));
        for (const one of broken) files.write(one.file, read(one));
        const unreadable = broken.map(({ file }) => file);
        if (unreadable.length > 0) return { kind: 'unreadable', files: unreadable };
        const all = from.flatMap((one) => read(one) as string[]);
        const earlier = new Set(without.flatMap((file) => (files.read(file) as FakeParquet).records));
        const records = window ? [...new Set(all)].filter((record) => !earlier.has(record)) : all;
        files.write(into, { records });
        return { kind: 'written', rows: records.length, bytes: 10 * records.length };
      }),
    occurring: (datasets) => Promise.resolve(datasets),
    derive: ({ dataset, raw, object, into }) => {
      const { records } = files.read(raw) as FakeParquet;
      const derived = records.filter((record) => record !== dataset.where).map((record) => `${dataset.name} of ${record} in ${object}`);
      files.write(into, { records: derived });
      return Promise.resolve({ rows: derived.length, bytes: 10 });
    },
  };
}
