/** What a repair and a rebuild leave alone: watermarks that were passed, windows that another pass works on, blobs that other jobs have. */

import { beforeEach, describe, expect, test } from '@jest/globals';
import { rebuildLedger } from '../../../cli/reconcile/rebuild-ledger.ts';
import type { ReconcileDeps } from '../../../cli/reconcile/reconciling.ts';
import { repair } from '../../../cli/reconcile/repair.ts';
import { jobRef, type FetchJob, type JobRecord, type WindowJob } from '../../../shared/domain/fetch-job.ts';
import { landingKey, markToMetadata } from '../../../shared/domain/landing-key.ts';
import { lossesOf } from '../../../shared/domain/loss.ts';
import { settledAfterMs } from '../../../shared/domain/passes.ts';
import type { Finding } from '../../../shared/domain/reconcile.ts';
import type { Stream } from '../../../shared/domain/stream.ts';
import { hours, minutes } from '../../../shared/domain/window.ts';
import { logTypeById } from '../../../shared/log-types/index.ts';
import { at, blobs, exchange, finish, nothing, pass, signIns, span } from '../../contracts/samples.ts';
import { FakeWorkspace } from '../../fakes/fake-workspace.ts';
import { openStage } from '../../lambdas/stage.ts';

let stage: ReturnType<typeof openStage>;
beforeEach(() => {
  stage = openStage();
});

const nobody = (): never => {
  throw new Error('neither lands anything itself');
};

function deps(): ReconcileDeps {
  const { ledger, lake, jobs, microsoft, files, clock, log } = stage;
  const landing = { toParquet: nobody, occurring: nobody, derive: nobody };
  const tenants = { list: () => Promise.resolve([]) };
  return {
    ledger,
    lake,
    jobs,
    microsoft,
    clock,
    log,
    landing,
    tenants,
    inventory: lake,
    normalized: [],
    workspace: new FakeWorkspace(files),
  };
}

async function repairOf(stream: Stream, finding: Finding, known: readonly JobRecord[] = []) {
  const tenant = { name: 'contoso', tenantDomain: 'contoso.onmicrosoft.com', clientId: 'x', credentialKind: 'secret' as const };
  const subject = { tenant, logType: logTypeById(stream.logType), stream, window: span('00:00', '09:00') };
  const facts = { window: subject.window, jobs: known, losses: [], gaps: [], objects: new Map<string, never>(), watermarks: [] };
  return repair(subject, [finding], facts, await stage.ledger.readCursor(stream), deps());
}

/** As a list makes it: in the same write as the cursor. */
async function listed(job: WindowJob): Promise<void> {
  const { version = 0, watermarks = [at('09:00')] } = (await stage.ledger.readCursor(signIns)) ?? {};
  await stage.ledger.commitCursor(signIns, version, { watermarks }, { ...nothing, jobs: [job] });
}

/** A job that ended, whose object is in no lake. */
async function landed(job: FetchJob, finishedAt: number, fates?: string): Promise<JobRecord> {
  if (job.kind === 'content') await stage.ledger.createJob(job, at('08:00'));
  else await listed(job);
  const end = finish({ finishedAt, rows: 1, ...(fates && job.kind === 'content' && { losses: lossesOf(job, fates) }) });
  await stage.ledger.finishJob(jobRef(job), { ...end, ...(fates && { fates }) });
  const record = await stage.ledger.readJob(jobRef(job));
  if (!record) throw new Error('the job is not there');
  return record;
}

const cursorAt = (watermark: number): Promise<unknown> => stage.ledger.commitCursor(signIns, 0, { watermarks: [watermark] }, nothing);

describe('a repair', () => {
  test('makes a job for each of two hundred hours that records lack in, though one write holds ninety', async () => {
    await cursorAt(at('09:00'));
    const lacking = Array.from({ length: 200 }, (_, index) => at('08:00') - hours(2 * index));
    expect(await repairOf(signIns, { kind: 'lacking', hours: lacking, records: 200 })).toEqual({ jobs: 200, waiting: 0, left: 0 });
    const windows = (await stage.ledger.pendingJobs()).map(({ job }) => (job as WindowJob).window.start);
    expect(windows.sort((a, b) => b - a)).toEqual(lacking);
    expect(new Set(stage.sent.map(({ ref }) => ref.key)).size).toBe(200);
  });

  test.each([
    { how: 'waits', age: 'a minute before', ago: minutes(1), repaired: { jobs: 0, waiting: 1, left: 0 } },
    { how: 'waits', age: 'almost as long ago as takes to settle', ago: settledAfterMs - 1, repaired: { jobs: 0, waiting: 1, left: 0 } },
    { how: 'does not wait', age: 'long ago', ago: settledAfterMs, repaired: { jobs: 1, waiting: 0, left: 0 } },
  ])('$how with a window over which another pass ended $age', async ({ ago, repaired }) => {
    const gone = await landed(pass(0, '06:00', '07:00'), at('07:10'));
    await landed(pass(1, '06:30', '07:30'), stage.clock.now() - ago);
    expect(await repairOf(signIns, { kind: 'gone', jobs: [gone] })).toEqual(repaired);
  });

  test('waits with a window that another pass has yet to read', async () => {
    const gone = await landed(pass(0, '06:00', '07:00'), at('07:10'));
    await listed(pass(1, '06:30', '07:30'));
    expect(await repairOf(signIns, { kind: 'gone', jobs: [gone] })).toEqual({ jobs: 0, waiting: 1, left: 0 });
  });

  test('fetches what landed and what expired again, and nothing that another job has: split, quarantined or set aside', async () => {
    const job = blobs('a', 'b', 'c', 'd', 'e');
    const gone = await landed(job, at('09:05'), 'lsxqe');
    expect(await repairOf(exchange, { kind: 'gone', jobs: [gone] })).toEqual({ jobs: 1, waiting: 0, left: 0 });
    const [again] = await stage.ledger.pendingJobs();
    const members = again?.job.kind === 'content' ? again.job.members : [];
    expect(members).toEqual([job.members[0], job.members[4]]);
  });
});

test('a rebuild never takes a watermark back that the ledger has passed', async () => {
  const job = pass(0, '06:00', '07:00');
  stage.files.write('object', { records: ['a'] });
  const { dataset } = logTypeById(signIns.logType);
  await stage.lake.putOnce(landingKey(dataset, job), 'object', markToMetadata(job, { rows: 1, isSplit: false }));
  await cursorAt(at('09:00'));
  await rebuildLedger(deps());
  expect((await stage.ledger.readCursor(signIns))?.watermarks[0]).toBe(at('09:00'));
});
