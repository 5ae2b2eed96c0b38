/** A ledger that was lost on AWS: rebuilt in DynamoDB from the objects in S3, and compared with what Microsoft serves. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openCollector, sourcesOf } from '../../local/collector.ts';
import { connect, type Adapters } from '../../local/connect.ts';
import { openLakeFolder, type LakeFolder } from '../../local/lake-folder.ts';
import { readFooter } from '../../local/parquet-footer.ts';
import { rebuildLedger } from '../../cli/reconcile/rebuild-ledger.ts';
import { reconcile } from '../../cli/reconcile/reconcile.ts';
import type { ReconcileDeps } from '../../cli/reconcile/reconciling.ts';
import { drain } from '../../cli/run/drain.ts';
import { fetch } from '../../lambdas/fetch/fetch.ts';
import { KeptBlobs } from '../../lambdas/fetch/kept-blobs.ts';
import { tenantsInMemory } from '../../cli/run/simulated-tenant.ts';
import { simulatedLogTypes } from '../../simulator/log-types/index.ts';
import { startSimulator, type Simulator } from '../../simulator/simulator.ts';
import { openInventory } from '../../shared/aws/lake-inventory.ts';
import { openLake } from '../../shared/aws/lake.ts';
import { openLedger } from '../../shared/aws/ledger.ts';
import { normalizedDatasets } from '../../shared/datasets/index.ts';
import { contentJob, jobRef, type JobRecord, type JobRef } from '../../shared/domain/fetch-job.ts';
import { lossesOf } from '../../shared/domain/loss.ts';
import type { Stream } from '../../shared/domain/stream.ts';
import { hours } from '../../shared/domain/window.ts';
import { FakeLog } from '../fakes/fake-log.ts';
import { stillWorld } from '../cli/reconcile/still-world.ts';
import { emulated, makeBucket, makeTable } from './emulated.ts';

const { clients } = emulated();
const { clock, world, tenant } = stillWorld();
let [simulator, held, adapters, folder]: [Simulator?, LakeFolder?, Adapters?, string?] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reconcile-aws-'));
  simulator = await startSimulator({ world, clock, throttle: 'off', quirks: { legacyAlerts: 'served' } });
  held = await openLakeFolder(join(folder, 'lake'), { exclusive: true });
  const tenants = tenantsInMemory(tenant, world);
  adapters = await connect(held, { tenants, clock, log: new FakeLog(), hostOverride: { baseUrl: simulator.baseUrl } });
  await drain(
    adapters,
    openCollector(adapters, sourcesOf([tenant]), () => undefined),
    () => false,
  );
}, 120_000);
afterAll(async () => {
  adapters?.close();
  held?.close();
  await simulator?.close();
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
});

/** The lake of one machine, as S3 would have it: what only the file says is not in the object's metadata. */
async function onAws(from: Adapters): Promise<ReconcileDeps> {
  const bucket = await makeBucket(clients().s3);
  const lake = openLake(clients().s3, bucket, clock);
  for await (const { key } of from.lake.objects('raw/')) {
    const { members: _members, created: _created, tenant: _tenant, ...metadata } = (await from.lake.head(key)) ?? {};
    await lake.putOnce(key, (await from.lake.get(key)) ?? '', metadata);
  }
  const ledger = openLedger(clients().dynamodb, await makeTable(clients().dynamodb), clock);
  const [landing] = from.landings;
  if (!landing) throw new Error('no landing among the adapters');
  return { ...from, ledger, lake, landing, inventory: openInventory(clients().s3, bucket, readFooter), normalized: normalizedDatasets };
}

/** What a rebuild has to bring back; when an object was put is the object's own affair. */
function landedOf(records: readonly JobRecord[]) {
  return records
    .filter(({ state }) => state.state !== 'pending')
    .map(({ job, state }) => ({ job, state: state.state, fates: state.fates, rows: state.rows }))
    .sort((a, b) => (a.job.jobId < b.job.jobId ? -1 : 1));
}

test('comes back whole, job by job, and Microsoft has nothing that it does not know', async () => {
  if (!adapters) throw new Error('nothing was collected');
  const deps = await onAws(adapters);
  const rebuilt = await rebuildLedger(deps);
  expect(rebuilt.flatMap(({ conflicts, foreign }) => [...conflicts, ...foreign])).toEqual([]);
  const streams: readonly Stream[] = (await adapters.ledger.streams()).map(({ stream }) => stream);
  for (const stream of streams) {
    expect(landedOf(await deps.ledger.jobs(stream))).toEqual(landedOf(await adapters.ledger.jobs(stream)));
    const watermarks = (await deps.ledger.readCursor(stream))?.watermarks;
    if (watermarks) expect(watermarks.length).toBe((await adapters.ledger.readCursor(stream))?.watermarks.length);
  }
  const reports = await reconcile(deps, {}, { isRepairing: false });
  expect(reports.map((report) => (report.kind === 'compared' ? report.comparison.findings : report.cause))).toEqual(reports.map(() => []));
  expect(reports).toHaveLength(simulatedLogTypes.length);
}, 180_000);

test('what stands quarantined is taken back by a repair, and lands in the bucket', async () => {
  if (!adapters) throw new Error('nothing was collected');
  const deps = { ...(await onAws(adapters)), ledger: openLedger(clients().dynamodb, await makeTable(clients().dynamodb), clock) };
  const collected = (await adapters.ledger.streams()).map(({ stream }) => stream).find(({ logType }) => logType === 'audit-exchange');
  const [known] = collected ? await adapters.ledger.jobs(collected) : [];
  if (!collected || known?.job.kind !== 'content') throw new Error('no content was collected');
  const members = known.job.members.slice(0, 2);
  const givenUp = contentJob(collected, 'contoso', members, clock.now());
  const fates = 'q'.repeat(givenUp.members.length);
  await deps.ledger.createJob(givenUp, clock.now());
  const finish = { finishedAt: clock.now(), fates, rows: 0, losses: lossesOf(givenUp, fates), children: [], gaps: [] };
  await deps.ledger.finishJob(jobRef(givenUp), finish);
  await deps.ledger.noteTenantId('contoso', collected.tenantId);

  const sent: JobRef[] = [];
  const jobs = { send: (queued: readonly { readonly ref: JobRef }[]) => Promise.resolve(void sent.push(...queued.map(({ ref }) => ref))) };
  const repair = () => reconcile({ ...deps, jobs }, { logType: 'audit-exchange' }, { isRepairing: true });
  expect(await repair()).toMatchObject([{ kind: 'compared', repaired: { waiting: 0 } }]);
  expect(await deps.ledger.losses(collected)).toEqual([]);
  const [ref] = sent.filter(({ key }) => key !== jobRef(givenUp).key);
  if (!ref) throw new Error('no job was made');
  await fetch(ref, { ...deps, jobs, tenants: adapters.tenants, kept: new KeptBlobs(), deadline: clock.now() + hours(1) });
  expect((await deps.ledger.readJob(ref))?.state).toMatchObject({ state: 'landed', fates: 'l'.repeat(givenUp.members.length) });
  const again = await repair();
  expect(again.flatMap((report) => (report.kind === 'compared' ? report.comparison.findings.map(({ kind }) => kind) : []))).not.toContain(
    'quarantined',
  );
}, 120_000);
