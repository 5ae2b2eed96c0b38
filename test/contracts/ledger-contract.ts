import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { childJob, halfJobs, jobRef, type JobRecord } from '../../shared/domain/fetch-job.ts';
import { minutes } from '../../shared/domain/window.ts';
import type { Ledger } from '../../shared/ports/ledger.ts';
import {
  at,
  blobs,
  blobsOf,
  contoso,
  due,
  exchange,
  fabrikam,
  finish,
  member,
  nothing,
  pass,
  sharePoint,
  signIns,
  span,
  unknownJob,
} from './samples.ts';

/** A ledger under test; `close` frees what it holds. */
export type ClosableLedger = Ledger & { close?(): unknown };

/** What every ledger keeps, whatever it is made of. @param make An empty one. */
export function ledgerContract(make: () => Promise<ClosableLedger>): void {
  let ledger: ClosableLedger;
  beforeEach(async () => {
    ledger = await make();
  });
  afterEach(async () => {
    await ledger.close?.();
  });

  const read = async (job: Parameters<typeof jobRef>[0]): Promise<JobRecord> => {
    const record = await ledger.readJob(jobRef(job));
    if (!record) throw new Error(`no job ${job.jobId}`);
    return record;
  };
  const createWindows = async (...jobs: ReturnType<typeof pass>[]): Promise<void> => {
    const version = (await ledger.readCursor(signIns))?.version ?? 0;
    expect(await ledger.commitCursor(signIns, version, { watermarks: [] }, { ...nothing, jobs })).toBe('committed');
  };

  describe('who a tenant is', () => {
    test('is what was noted last, each by its own name', async () => {
      await ledger.noteTenantId('contoso', contoso);
      await ledger.noteTenantId('fabrikam', contoso);
      await ledger.noteTenantId('fabrikam', fabrikam);
      expect([await ledger.tenantId('contoso'), await ledger.tenantId('fabrikam')]).toEqual([contoso, fabrikam]);
    });

    test('is not known before', async () => {
      expect(await ledger.tenantId('constructor')).toBeUndefined();
    });
  });

  describe('why a tenant has never had a token', () => {
    const failure = (code: string) => ({ since: at('08:00'), isRefused: true, cause: { code, message: 'refused', cure: 'mend it' } });

    test('is what was noted last, each by its own name', async () => {
      await ledger.noteTokenFailure('contoso', failure('timeout'));
      await ledger.noteTokenFailure('contoso', failure('AADSTS7000222'));
      expect(await ledger.tokenFailure('contoso')).toEqual(failure('AADSTS7000222'));
      expect(await ledger.tokenFailure('fabrikam')).toBeUndefined();
      expect(await ledger.tenantId('contoso')).toBeUndefined();
    });

    test('is forgotten once one came, and not noted after that', async () => {
      await ledger.noteTokenFailure('contoso', failure('timeout'));
      await ledger.noteTenantId('contoso', contoso);
      expect(await ledger.tokenFailure('contoso')).toBeUndefined();
      await ledger.noteTokenFailure('contoso', failure('timeout'));
      expect(await ledger.tokenFailure('contoso')).toBeUndefined();
    });
  });

  describe('cursor', () => {
    test('there is none before the first commit', async () => {
      expect(await ledger.readCursor(exchange)).toBeUndefined();
    });

    test('what was committed is read back, with a version that counts commits', async () => {
      const body = {
        watermarks: [at('06:00'), at('05:00')],
        subscriptionStartedAt: at('01:00'),
        suspendedUntil: at('10:00'),
        suspendedBecause: 'AADSTS7000222',
        deep: { name: 'hourly', position: at('03:00'), end: at('09:00') },
        deepDoneAt: { daily: at('02:00') },
      };
      expect(await ledger.commitCursor(exchange, 0, { watermarks: [at('05:00')] }, nothing)).toBe('committed');
      expect(await ledger.commitCursor(exchange, 1, body, nothing)).toBe('committed');
      expect(await ledger.readCursor(exchange)).toEqual({ ...body, version: 2 });
    });

    test('a commit replaces the whole body: what it leaves out is gone', async () => {
      await ledger.commitCursor(exchange, 0, { watermarks: [at('05:00')], suspendedUntil: at('10:00') }, nothing);
      await ledger.commitCursor(exchange, 1, { watermarks: [at('06:00')] }, nothing);
      expect(await ledger.readCursor(exchange)).toEqual({ version: 2, watermarks: [at('06:00')] });
    });

    test.each([
      { name: 'an older version', version: 0 },
      { name: 'a version that is not there yet', version: 2 },
    ])('a commit from $name is overtaken and changes nothing', async ({ version }) => {
      await ledger.commitCursor(signIns, 0, { watermarks: [at('05:00')] }, nothing);
      const gap = { stream: signIns, from: at('01:00'), to: at('02:00'), reason: 'too old', pass: 0 };
      const job = pass(0, '05:00', '05:05');

      const outcome = await ledger.commitCursor(signIns, version, { watermarks: [at('06:00')] }, { jobs: [job], gaps: [gap], dueAt: due });

      expect(outcome).toBe('overtaken');
      expect(await ledger.readCursor(signIns)).toEqual({ version: 1, watermarks: [at('05:00')] });
      expect(await ledger.readJob(jobRef(job))).toBeUndefined();
      expect(await ledger.gaps(signIns)).toEqual([]);
    });

    test('a first commit must say that there is none', async () => {
      expect(await ledger.commitCursor(exchange, 1, { watermarks: [] }, nothing)).toBe('overtaken');
      expect(await ledger.readCursor(exchange)).toBeUndefined();
    });

    test('of 50 racing commits one wins, and only its jobs and gaps are there', async () => {
      await ledger.commitCursor(signIns, 0, { watermarks: [at('05:00')] }, nothing);
      const runs = Array.from({ length: 50 }, (_, index) => ({
        job: pass(0, '05:00', '05:05', { ...signIns, logType: `run-${String(index)}` }),
        gap: { stream: signIns, from: at('01:00') + minutes(index), to: at('04:00'), reason: 'too old' },
        watermark: at('06:00') + minutes(index),
      }));

      const outcomes = await Promise.all(
        runs.map(({ job, gap, watermark }) =>
          ledger.commitCursor(signIns, 1, { watermarks: [watermark] }, { jobs: [job], gaps: [gap], dueAt: due }),
        ),
      );

      const winners = runs.filter((_, index) => outcomes[index] === 'committed');
      expect(winners).toHaveLength(1);
      expect(await ledger.readCursor(signIns)).toEqual({ version: 2, watermarks: winners.map((run) => run.watermark) });
      expect(await ledger.gaps(signIns)).toEqual(winners.map((run) => run.gap));
      const jobs = await Promise.all(runs.map((run) => ledger.readJob(jobRef(run.job))));
      expect(jobs.filter((record) => record !== undefined).map((record) => record.job)).toEqual(winners.map((run) => run.job));
    });

    test('a job that is there already stays as it is, and does not stop the commit', async () => {
      const [old, young] = [pass(0, '05:00', '05:05'), pass(0, '05:05', '05:10')];
      await createWindows(old);
      await ledger.finishJob(jobRef(old), finish());
      await createWindows(old, young);
      expect((await read(old)).state.state).toBe('landed');
      expect((await read(young)).state.state).toBe('pending');
    });

    test('takes 98 jobs in one commit', async () => {
      const jobs = Array.from({ length: 98 }, (_, index) => pass(0, '05:00', '05:05', { ...signIns, logType: `type-${String(index)}` }));
      await createWindows(...jobs);
      expect(await ledger.dueJobs(due + 1, 200)).toHaveLength(98);
    });

    test('the cursors of two streams know nothing of each other', async () => {
      await ledger.commitCursor(exchange, 0, { watermarks: [at('05:00')] }, nothing);
      expect(await ledger.readCursor(sharePoint)).toBeUndefined();
      expect(await ledger.commitCursor(sharePoint, 0, { watermarks: [at('06:00')] }, nothing)).toBe('committed');
    });

    test('the mean of blob bytes is kept apart: no commit loses it, and it overtakes no commit', async () => {
      await ledger.commitCursor(exchange, 0, { watermarks: [at('05:00')] }, nothing);
      await ledger.noteBlobBytes(exchange, 2_500);
      expect(await ledger.commitCursor(exchange, 1, { watermarks: [at('06:00')] }, nothing)).toBe('committed');
      await ledger.noteBlobBytes(exchange, 1_250.5);
      expect(await ledger.readCursor(exchange)).toEqual({ version: 2, watermarks: [at('06:00')], meanBlobBytes: 1_250.5 });
    });

    test('a mean noted before the first commit is no cursor yet, and is there after it', async () => {
      await ledger.noteBlobBytes(exchange, 2_500);
      expect(await ledger.readCursor(exchange)).toBeUndefined();
      expect(await ledger.commitCursor(exchange, 0, { watermarks: [at('05:00')] }, nothing)).toBe('committed');
      expect(await ledger.readCursor(exchange)).toEqual({ version: 1, watermarks: [at('05:00')], meanBlobBytes: 2_500 });
    });
  });

  describe('claims', () => {
    const claimsOf = async (...names: string[]) => {
      const found = await ledger.claims(
        exchange,
        names.map((name) => member(name).contentId),
        { consistent: true },
      );
      return new Map([...found].map(([contentId, jobId]) => [contentId.split('$')[2], jobId]));
    };

    test('a created job is pending, with its members and a claim for each', async () => {
      const job = blobs('a', 'b');
      expect(await ledger.createJob(job, due)).toBe('created');
      expect(await read(job)).toEqual({
        job,
        state: { state: 'pending', dueAt: due, starts: 0, parks: 0, malformed: [0, 0], version: 1 },
      });
      expect(await claimsOf('a', 'b', 'c')).toEqual(
        new Map([
          ['a', job.jobId],
          ['b', job.jobId],
        ]),
      );
    });

    test('one claimed blob cancels the whole job', async () => {
      const [first, second] = [blobs('b'), blobs('a', 'b', 'c')];
      await ledger.createJob(first, due);
      expect(await ledger.createJob(second, due)).toBe('cancelled');
      expect(await ledger.readJob(jobRef(second))).toBeUndefined();
      expect(await claimsOf('a', 'b', 'c')).toEqual(new Map([['b', first.jobId]]));
      expect(await ledger.dueJobs(due + 1, 10)).toHaveLength(1);
    });

    test('a job that is there already is cancelled, and stays as it has become', async () => {
      const job = blobs('a');
      await ledger.createJob(job, due);
      await ledger.startJob(jobRef(job));
      expect(await ledger.createJob(job, due + 1)).toBe('cancelled');
      expect((await read(job)).state).toMatchObject({ starts: 1, dueAt: due });
    });

    test('of 30 racing jobs that share one blob, one is created', async () => {
      const jobs = Array.from({ length: 30 }, (_, index) => blobs('shared', `own-${String(index)}`));
      const outcomes = await Promise.all(jobs.map((job) => ledger.createJob(job, due)));
      const created = jobs.filter((_, index) => outcomes[index] === 'created');
      expect(created).toHaveLength(1);
      expect(await ledger.dueJobs(due + 1, 100)).toHaveLength(1);
      const names = jobs.map((_, index) => `own-${String(index)}`);
      expect((await claimsOf(...names)).size).toBe(1);
    });

    test('takes 90 members in one job, and answers for all of them', async () => {
      const names = Array.from({ length: 90 }, (_, index) => `blob-${String(index)}`);
      const job = blobs(...names);
      await ledger.createJob(job, due);
      expect((await read(job)).job).toEqual(job);
      expect((await claimsOf(...names, 'another')).size).toBe(90);
    });

    test('answers for the ids of several jobs at once', async () => {
      const names = (prefix: string): string[] => Array.from({ length: 80 }, (_, index) => `${prefix}${String(index)}`);
      await ledger.createJob(blobs(...names('a')), due);
      await ledger.createJob(blobs(...names('b')), due);
      const ids = [...names('a'), ...names('b')].map((name) => member(name).contentId);
      expect((await ledger.claims(exchange, ids, { consistent: true })).size).toBe(160);
    });

    test('claims are of one stream', async () => {
      await ledger.createJob(blobs('a'), due);
      const { contentId } = member('a');
      expect(await ledger.claims(sharePoint, [contentId], { consistent: true })).toEqual(new Map());
      expect(await ledger.createJob(blobsOf(sharePoint, 'a'), due)).toBe('created');
      expect(await ledger.claims(exchange, [contentId], { consistent: true })).toEqual(new Map([[contentId, blobs('a').jobId]]));
    });

    test('a claim stays with its job whatever becomes of it', async () => {
      const job = blobs('a');
      await ledger.createJob(job, due);
      await ledger.finishJob(jobRef(job), finish({ fates: 'l' }));
      expect(await claimsOf('a')).toEqual(new Map([['a', job.jobId]]));
    });

    test('asks for nothing and gets nothing', async () => {
      expect((await ledger.claims(exchange, [], { consistent: false })).size).toBe(0);
    });
  });

  describe('start and park', () => {
    test('each start of a pending job counts, and leaves the version alone', async () => {
      const job = blobs('a');
      await ledger.createJob(job, due);
      expect(await ledger.startJob(jobRef(job))).toBe(1);
      expect(await ledger.startJob(jobRef(job))).toBe(2);
      expect((await read(job)).state).toMatchObject({ starts: 2, version: 1 });
    });

    test('a final job is not started', async () => {
      const job = blobs('a');
      await ledger.createJob(job, due);
      await ledger.finishJob(jobRef(job), finish({ fates: 'l' }));
      expect(await ledger.startJob(jobRef(job))).toBeUndefined();
      expect((await read(job)).state.starts).toBe(0);
    });

    test('a park sets what it says and the starts to 0', async () => {
      const job = blobs('a', 'b');
      await ledger.createJob(job, due);
      await ledger.startJob(jobRef(job));
      expect(await ledger.parkJob(jobRef(job), 1, { dueAt: at('10:00'), parks: 1, malformed: [0, 3], because: 'HTTP 503' })).toBe(true);
      expect((await read(job)).state).toEqual({
        state: 'pending',
        dueAt: at('10:00'),
        starts: 0,
        parks: 1,
        malformed: [0, 3],
        because: 'HTTP 503',
        version: 2,
      });
    });

    test('of two workers that read the same version, one parks', async () => {
      const job = blobs('a');
      await ledger.createJob(job, due);
      const parks = [at('10:00'), at('11:00')].map((dueAt) =>
        ledger.parkJob(jobRef(job), 1, { dueAt, parks: 1, malformed: [1], because: 'HTTP 503' }),
      );
      expect((await Promise.all(parks)).filter(Boolean)).toHaveLength(1);
      expect((await read(job)).state).toMatchObject({ parks: 1, version: 2 });
    });

    test('a final job is not parked', async () => {
      const job = blobs('a');
      await ledger.createJob(job, due);
      await ledger.finishJob(jobRef(job), finish({ fates: 'l' }));
      expect(await ledger.parkJob(jobRef(job), 1, { dueAt: at('10:00'), parks: 1, malformed: [0], because: 'HTTP 503' })).toBe(false);
      expect((await read(job)).state).not.toHaveProperty('dueAt');
    });

    test('a job nobody made is neither read, started, parked, finished, split nor postponed', async () => {
      expect(await ledger.readJob(unknownJob)).toBeUndefined();
      expect(await ledger.startJob(unknownJob)).toBeUndefined();
      expect(await ledger.parkJob(unknownJob, 1, { dueAt: due, parks: 1, malformed: [0], because: 'HTTP 503' })).toBe(false);
      expect(await ledger.finishJob(unknownJob, finish())).toBe(false);
      expect(await ledger.splitJob(unknownJob, [], at('09:00'), due)).toBe(false);
      expect(await ledger.postponeJob(unknownJob, due, due + 1)).toBe(false);
      expect(await ledger.readJob(unknownJob)).toBeUndefined();
      expect(await ledger.dueJobs(at('23:00'), 10)).toEqual([]);
    });
  });

  describe('finish', () => {
    test('a finished job says what landed, and is due no more', async () => {
      const job = blobs('a', 'b');
      await ledger.createJob(job, due);
      await ledger.startJob(jobRef(job));
      expect(await ledger.finishJob(jobRef(job), finish({ fates: 'll' }))).toBe(true);
      expect((await read(job)).state).toEqual({
        state: 'landed',
        starts: 1,
        parks: 0,
        malformed: [0, 0],
        version: 1,
        fates: 'll',
        finishedAt: at('09:05'),
        rows: 7,
        bytes: 700,
      });
      expect(await ledger.dueJobs(at('23:00'), 10)).toEqual([]);
    });

    test('losses, gaps and children come with the final state', async () => {
      const job = blobs('a', 'b', 'c', 'd');
      const child = childJob(job, [member('c'), member('d')], at('09:05'));
      const losses = (['a', 'b'] as const).map((name, index) => ({
        stream: exchange,
        contentId: member(name).contentId,
        reason: index === 0 ? ('expired' as const) : ('quarantined' as const),
        jobId: job.jobId,
        created: member(name).created,
      }));
      const gap = { stream: exchange, from: at('01:00'), to: at('02:00'), reason: 'cut off' };
      await ledger.createJob(job, due);

      const children = [{ job: child, malformed: [2, 0], dueAt: at('09:20') }];
      expect(await ledger.finishJob(jobRef(job), finish({ fates: 'eqss', losses, children, gaps: [gap] }))).toBe(true);

      expect(await ledger.losses(exchange)).toEqual(losses);
      expect(await ledger.gaps(exchange)).toEqual([gap]);
      expect(await read(child)).toEqual({
        job: child,
        state: { state: 'pending', dueAt: at('09:20'), starts: 0, parks: 0, malformed: [2, 0], version: 1 },
      });
    });

    test('of two workers that finish, the second changes nothing at all', async () => {
      const job = blobs('a', 'b');
      const child = childJob(job, [member('b')], at('09:05'));
      const loss = {
        stream: exchange,
        contentId: member('a').contentId,
        reason: 'expired' as const,
        jobId: job.jobId,
        created: at('08:00'),
      };
      const gap = { stream: exchange, from: at('01:00'), to: at('02:00'), reason: 'cut off' };
      await ledger.createJob(job, due);
      await ledger.finishJob(jobRef(job), finish({ fates: 'll' }));

      const late = finish({ fates: 'es', rows: 0, losses: [loss], children: [{ job: child, malformed: [0], dueAt: due }], gaps: [gap] });
      expect(await ledger.finishJob(jobRef(job), late)).toBe(false);

      expect((await read(job)).state).toMatchObject({ fates: 'll', rows: 7 });
      expect(await ledger.losses(exchange)).toEqual([]);
      expect(await ledger.gaps(exchange)).toEqual([]);
      expect(await ledger.readJob(jobRef(child))).toBeUndefined();
    });

    test('a finish does not care for the version: whoever lands it, it has landed', async () => {
      const job = blobs('a');
      await ledger.createJob(job, due);
      await ledger.parkJob(jobRef(job), 1, { dueAt: at('10:00'), parks: 1, malformed: [0], because: 'HTTP 503' });
      expect(await ledger.finishJob(jobRef(job), finish({ fates: 'l' }))).toBe(true);
    });

    test('90 isolated members become 90 jobs in one write', async () => {
      const names = Array.from({ length: 90 }, (_, index) => `blob-${String(index)}`);
      const job = blobs(...names);
      await ledger.createJob(job, due);
      const children = job.members.map((one) => ({ job: childJob(job, [one], at('09:05')), malformed: [0], dueAt: at('09:20') }));
      expect(await ledger.finishJob(jobRef(job), finish({ fates: 'x'.repeat(90), rows: 0, children }))).toBe(true);
      expect(await ledger.dueJobs(at('10:00'), 200)).toHaveLength(90);
    });

    test('a window job has no fates, and who finishes what another one put does not know its bytes', async () => {
      const job = pass(0, '06:00', '06:05');
      await createWindows(job);
      await ledger.finishJob(jobRef(job), { finishedAt: at('09:05'), rows: 7, losses: [], children: [], gaps: [] });
      const { state } = await read(job);
      expect(state).not.toHaveProperty('fates');
      expect(state).not.toHaveProperty('bytes');
    });
  });

  describe('gaps and losses', () => {
    test('gaps that differ in start, end or pass are all kept; the same gap again is one row', async () => {
      const first = { stream: signIns, from: at('01:00'), to: at('02:00'), reason: 'too old', pass: 0 };
      const gaps = [first, { ...first, pass: 1 }, { ...first, to: at('03:00') }, { ...first, from: at('01:30'), to: at('03:00') }];
      await ledger.commitCursor(signIns, 0, { watermarks: [] }, { ...nothing, gaps });
      await ledger.commitCursor(signIns, 1, { watermarks: [] }, { ...nothing, gaps: [{ ...first, reason: 'written again' }] });
      expect(await ledger.gaps(signIns)).toEqual(gaps);
      expect(await ledger.gaps(exchange)).toEqual([]);
    });

    test('a loss that is written again stays as it was first', async () => {
      const [first, second] = [blobs('a'), blobs('b')];
      const loss = {
        stream: exchange,
        contentId: member('a').contentId,
        reason: 'expired' as const,
        jobId: first.jobId,
        created: at('08:00'),
      };
      for (const job of [first, second]) await ledger.createJob(job, due);
      await ledger.finishJob(jobRef(first), finish({ fates: 'e', losses: [loss] }));
      await ledger.finishJob(jobRef(second), finish({ fates: 'e', losses: [{ ...loss, reason: 'quarantined', jobId: second.jobId }] }));
      expect(await ledger.losses(exchange)).toEqual([loss]);
    });
  });

  describe('windows', () => {
    test('a split replaces a pending job by its halves', async () => {
      const job = pass(0, '06:00', '07:00');
      const halves = halfJobs(job, at('09:00')) ?? [];
      await createWindows(job);
      expect(await ledger.splitJob(jobRef(job), halves, at('09:01'), at('09:20'))).toBe(true);

      const { state } = await read(job);
      expect(state).toMatchObject({ state: 'split', finishedAt: at('09:01') });
      expect(state).not.toHaveProperty('dueAt');
      expect((await ledger.dueJobs(at('23:00'), 10)).map((one) => one.ref.key)).toEqual(halves.map((half) => jobRef(half).key));
      for (const half of halves) expect(await read(half)).toMatchObject({ job: half, state: { dueAt: at('09:20'), version: 1 } });
    });

    test('of two splits one wins, and a landed job is not split', async () => {
      const job = pass(0, '06:00', '07:00');
      const halves = halfJobs(job, at('09:00')) ?? [];
      await createWindows(job);
      const splits = await Promise.all([1, 2].map(() => ledger.splitJob(jobRef(job), halves, at('09:01'), due)));
      expect(splits.filter(Boolean)).toHaveLength(1);

      const landed = pass(0, '07:00', '08:00');
      await createWindows(landed);
      await ledger.finishJob(jobRef(landed), finish());
      expect(await ledger.splitJob(jobRef(landed), halfJobs(landed, at('09:00')) ?? [], at('09:01'), due)).toBe(false);
      expect((await read(landed)).state.state).toBe('landed');
      expect(await ledger.dueJobs(at('23:00'), 10)).toHaveLength(2);
    });

    test('a split job is neither finished, parked nor started', async () => {
      const job = pass(0, '06:00', '07:00');
      await createWindows(job);
      await ledger.splitJob(jobRef(job), halfJobs(job, at('09:00')) ?? [], at('09:01'), due);
      expect(await ledger.finishJob(jobRef(job), finish())).toBe(false);
      expect(await ledger.parkJob(jobRef(job), 1, { dueAt: due, parks: 1, malformed: [], because: 'HTTP 503' })).toBe(false);
      expect(await ledger.startJob(jobRef(job))).toBeUndefined();
    });

    test.each([
      { name: 'inside', window: ['06:10', '06:15'], found: true },
      { name: 'around', window: ['05:00', '08:00'], found: true },
      { name: 'across the start', window: ['05:55', '06:01'], found: true },
      { name: 'across the end', window: ['06:59', '07:30'], found: true },
      { name: 'the same', window: ['06:00', '07:00'], found: true },
      { name: 'ends where it starts', window: ['05:00', '06:00'], found: false },
      { name: 'starts where it ends', window: ['07:00', '08:00'], found: false },
    ] as const)('a window that lies $name: overlaps $found', async ({ window, found }) => {
      const job = pass(0, '06:00', '07:00');
      await createWindows(job);
      expect(await ledger.overlappingJobs(signIns, span(window[0], window[1]), 1)).toHaveLength(found ? 1 : 0);
    });

    test('overlapping jobs are of earlier passes only, whatever their state, split ones and halves included', async () => {
      const [first, second, third, later] = [
        pass(0, '06:00', '06:30'),
        pass(0, '06:30', '06:35'),
        pass(1, '06:00', '07:00'),
        pass(2, '06:00', '07:00'),
      ];
      await createWindows(first, second, third, later);
      const halves = halfJobs(first, at('09:00')) ?? [];
      await ledger.splitJob(jobRef(first), halves, at('09:01'), due);
      await ledger.finishJob(jobRef(second), finish());

      const keys = async (beforePass: number) =>
        (await ledger.overlappingJobs(signIns, span('06:00', '07:00'), beforePass)).map(({ job }) => job.jobId).sort();
      const passes0 = [first, second, ...halves].map((job) => job.jobId);
      expect(await keys(0)).toEqual([]);
      expect(await keys(1)).toEqual([...passes0].sort());
      expect(await keys(2)).toEqual([...passes0, third.jobId].sort());
      const states = (await ledger.overlappingJobs(signIns, span('06:00', '07:00'), 1)).map(({ state }) => state.state);
      expect(states.sort()).toEqual(['landed', 'pending', 'pending', 'split']);
    });

    test('overlapping jobs are of one stream', async () => {
      await createWindows(pass(0, '06:00', '07:00'));
      expect(await ledger.overlappingJobs({ ...signIns, logType: 'directory-audits' }, span('06:00', '07:00'), 3)).toEqual([]);
    });
  });

  describe('due', () => {
    test('pending jobs of all streams, the longest due first, no more than asked for', async () => {
      const jobs = [blobs('a'), blobs('b'), blobsOf(sharePoint, 'c')] as const;
      await ledger.createJob(jobs[0], at('09:30'));
      await ledger.createJob(jobs[1], at('09:10'));
      await ledger.createJob(jobs[2], at('09:20'));
      const sorted = [
        { ref: jobRef(jobs[1]), dueAt: at('09:10') },
        { ref: jobRef(jobs[2]), dueAt: at('09:20') },
        { ref: jobRef(jobs[0]), dueAt: at('09:30') },
      ];
      expect(await ledger.dueJobs(at('09:31'), 10)).toEqual(sorted);
      expect(await ledger.dueJobs(at('09:31'), 2)).toEqual(sorted.slice(0, 2));
      expect(await ledger.dueJobs(at('09:30'), 10)).toEqual(sorted.slice(0, 2));
    });

    test('of more due jobs than asked for, those that have been due longest', async () => {
      const jobs = Array.from({ length: 24 }, (_, index) => blobs(String(index)));
      for (const [index, job] of jobs.entries()) await ledger.createJob(job, due + minutes((index * 7) % 24));
      const longest = await ledger.dueJobs(due + minutes(60), 5);
      expect(longest.map(({ dueAt }) => dueAt)).toEqual([0, 1, 2, 3, 4].map((count) => due + minutes(count)));
    });

    test('a job that is due later than any park lasts counts as due, where it is asked for', async () => {
      await ledger.createJob(blobs('a'), at('09:10'));
      await ledger.createJob(blobs('b'), at('12:00'));
      await ledger.createJob(blobs('c'), at('18:00') + 1);
      const due = (found: Awaited<ReturnType<Ledger['dueJobs']>>): string[] => found.map(({ ref }) => ref.key);
      expect(due(await ledger.dueJobs(at('09:30'), 10, at('18:00')))).toEqual([jobRef(blobs('a')).key, jobRef(blobs('c')).key]);
      expect(due(await ledger.dueJobs(at('09:30'), 10))).toEqual([jobRef(blobs('a')).key]);
    });

    test('a job is postponed from where it was seen, and by one sweep only', async () => {
      const job = blobs('a');
      await ledger.createJob(job, due);
      const sweeps = await Promise.all([1, 2].map(() => ledger.postponeJob(jobRef(job), due, at('09:45'))));
      expect(sweeps.filter(Boolean)).toHaveLength(1);
      expect((await read(job)).state).toMatchObject({ dueAt: at('09:45'), version: 1 });
      expect(await ledger.dueJobs(at('09:45'), 10)).toEqual([]);
    });

    test('a final job is not postponed', async () => {
      const job = blobs('a');
      await ledger.createJob(job, due);
      await ledger.finishJob(jobRef(job), finish({ fates: 'l' }));
      expect(await ledger.postponeJob(jobRef(job), due, at('09:45'))).toBe(false);
      expect((await read(job)).state).not.toHaveProperty('dueAt');
    });
  });
}
