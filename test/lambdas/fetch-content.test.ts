import { describe, expect, test } from '@jest/globals';
import type { NormalizedDataset } from '../../shared/datasets/normalized-dataset.ts';
import { jobRef, type ContentJob } from '../../shared/domain/fetch-job.ts';
import { landingKey, malformedStem } from '../../shared/domain/landing-key.ts';
import { quarantineBeforeExpiryMs } from '../../shared/domain/retry.ts';
import { days, hours, minutes, seconds } from '../../shared/domain/window.ts';
import { blobs, blobsOf, due, exchange, fabrikam, member } from '../contracts/samples.ts';
import { refusal } from './scripted-microsoft.ts';
import { openStage } from './stage.ts';

/** A stage with one pending job of these blobs, each holding the record `r-<name>`. */
async function stageWith(...names: string[]) {
  const stage = openStage();
  const job = blobs(...names);
  stage.microsoft.blobs = names.map((name) => ({ ...member(name), records: [`r-${name}`] }));
  await stage.ledger.createJob(job, due);
  return { ...stage, job, attempt: () => stage.fetch(jobRef(job)), state: async () => (await stage.ledger.readJob(jobRef(job)))?.state };
}

const story = (given: Partial<NormalizedDataset>): NormalizedDataset => ({
  name: 'story',
  vendor: 'test',
  product: 'Stories',
  meaning: '',
  logTypes: ['audit-exchange'],
  columns: {},
  ...given,
});

describe('a fetch of content blobs', () => {
  test('lands all members in one object at the job`s key, with their fates', async () => {
    const stage = await stageWith('a', 'b');
    expect(await stage.attempt()).toEqual({ kind: 'landed', rows: 2 });
    expect(stage.lake.objectAt(landingKey('msft_o365_exchange_online_raw', stage.job))?.metadata).toMatchObject({ fates: 'll', rows: '2' });
    expect(await stage.state()).toMatchObject({ state: 'landed', fates: 'll', rows: 2 });
  });

  test('does nothing for a job that is final', async () => {
    const stage = await stageWith('a');
    await stage.attempt();
    stage.microsoft.calls.length = 0;
    expect(await stage.attempt()).toEqual({ kind: 'nothing-to-do' });
    expect(stage.microsoft.calls).toEqual([]);
  });

  test('finishes what another worker put, without asking Microsoft', async () => {
    const stage = await stageWith('a', 'b');
    await stage.attempt();
    const other = openStage();
    await other.ledger.createJob(stage.job, due);
    other.files.write('object', { records: ['r-a'] });
    await other.lake.putOnce(landingKey('msft_o365_exchange_online_raw', stage.job), 'object', {
      job: stage.job.jobId,
      rows: '1',
      fates: 'le',
    });
    expect(await other.fetch(jobRef(stage.job))).toEqual({ kind: 'landed', rows: 1 });
    expect(other.microsoft.calls).toEqual([]);
    expect(await other.ledger.losses(exchange)).toMatchObject([{ contentId: member('b').contentId, reason: 'expired' }]);
  });

  test('forgets its own view when the key is taken while it fetches', async () => {
    const stage = await stageWith('a', 'b');
    const head = stage.lake.head.bind(stage.lake);
    stage.lake.head = (key) => {
      // Between the look and the put another worker lands b as expired.
      stage.lake.head = head;
      stage.files.write('object', { records: ['r-a'] });
      return head(key).then(async (found) => {
        await stage.lake.putOnce(key, 'object', { job: stage.job.jobId, rows: '1', fates: 'le' });
        return found;
      });
    };
    await stage.attempt();
    expect(await stage.state()).toMatchObject({ fates: 'le', rows: 1 });
    expect(await stage.ledger.losses(exchange)).toHaveLength(1);
  });

  test('goes on after failures that are not in a row', async () => {
    const stage = await stageWith(...Array.from('abcdefghijklmnopqrstuvwxyz'));
    let asked = 0;
    stage.microsoft.onFetch = () => ((asked += 1) % 6 === 0 ? refusal('unavailable') : undefined);
    await stage.attempt();
    expect(asked).toBe(26);
  });

  test('waits a short Retry-After out in place, six times at most', async () => {
    const stage = await stageWith('a');
    let throttled = 0;
    stage.microsoft.onFetch = () => ((throttled += 1) <= 6 ? refusal('throttled', seconds(2)) : undefined);
    const attempt = stage.attempt();
    await stage.clock.advance(seconds(20));
    expect(await attempt).toEqual({ kind: 'landed', rows: 1 });
  });

  test('parks for as long as Microsoft says, and asks for nothing more in that attempt', async () => {
    const stage = await stageWith('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l');
    stage.microsoft.onFetch = () => refusal('throttled', hours(0.5));
    const started = stage.clock.now();
    expect(await stage.attempt()).toMatchObject({ kind: 'parked' });
    const { dueAt = 0, parks, starts } = (await stage.state()) ?? {};
    expect(dueAt - started).toBeGreaterThanOrEqual(hours(0.5));
    expect([parks, starts]).toEqual([1, 0]);
    expect(stage.microsoft.calls.length).toBeLessThanOrEqual(8);
  });

  test('does not ask again for what was fetched before it parked, and lands the same', async () => {
    const stage = await stageWith('a', 'b', 'c');
    stage.microsoft.isInMemory = true;
    let isThrottled = true;
    const throttled = member('c').contentId;
    stage.microsoft.onFetch = (id) => (isThrottled && id === throttled ? refusal('throttled', minutes(6)) : undefined);
    expect(await stage.attempt()).toMatchObject({ kind: 'parked' });
    isThrottled = false;
    stage.microsoft.calls.length = 0;
    expect(await stage.attempt()).toEqual({ kind: 'landed', rows: 3 });
    expect(stage.landed()).toEqual(['r-a r-b r-c']);
    expect(stage.microsoft.calls).toEqual(['identify', `fetch ${throttled}`]);
  });

  test('does not ask again for what a store that failed did not take', async () => {
    const stage = await stageWith('a', 'b');
    stage.microsoft.isInMemory = true;
    const putOnce = stage.lake.putOnce.bind(stage.lake);
    stage.lake.putOnce = () => Promise.reject(new Error('the disk is full'));
    await expect(stage.attempt()).rejects.toThrow('the disk is full');
    stage.lake.putOnce = putOnce;
    stage.microsoft.calls.length = 0;
    expect(await stage.attempt()).toEqual({ kind: 'landed', rows: 2 });
    expect(stage.microsoft.calls).toEqual(['identify']);
  });

  test.each([
    ['lands what it has for twelve hours after Microsoft has stopped to serve it', hours(11), 'l', []],
    ['records as expired what it could not land by then', hours(13), 'e', [`fetch ${member('a').contentId}`]],
  ])('%s', async (_, afterExpiry, fates, calls) => {
    const stage = await stageWith('a');
    stage.microsoft.isInMemory = true;
    stage.onLanding(() => {
      throw new Error('the landing fails');
    });
    await expect(stage.attempt()).rejects.toThrow('could not be written as Parquet: Error: the landing fails');
    stage.onLanding(() => undefined);
    stage.microsoft.onFetch = () => refusal('expired');
    await stage.clock.advance(member('a').expires + afterExpiry - stage.clock.now());
    stage.microsoft.calls.length = 0;
    await stage.attempt();
    expect(await stage.state()).toMatchObject({ fates });
    expect(stage.microsoft.calls).toEqual(['identify', ...calls]);
  });

  test('asks again for what could not be read when it was landed', async () => {
    const stage = await stageWith('a', 'b');
    stage.microsoft.isInMemory = true;
    const [, b] = stage.microsoft.blobs;
    const unreadable = { ...member('b'), records: 'none' as unknown as readonly string[] };
    stage.microsoft.blobs = stage.microsoft.blobs.map((blob) => (blob === b ? unreadable : blob));
    expect(await stage.attempt()).toMatchObject({ kind: 'parked' });
    stage.microsoft.blobs = stage.microsoft.blobs.map((blob) => (blob === unreadable && b ? b : blob));
    stage.microsoft.calls.length = 0;
    expect(await stage.attempt()).toEqual({ kind: 'landed', rows: 2 });
    expect(stage.microsoft.calls).toEqual(['identify', `fetch ${member('b').contentId}`]);
  });

  test('sets a stuck member aside at the second park and lands its neighbours', async () => {
    const stage = await stageWith('a', 'b', 'c');
    stage.microsoft.onFetch = (id) => (id === member('b').contentId ? refusal('missing') : undefined);
    expect(await stage.attempt()).toMatchObject({ kind: 'parked' });
    expect(await stage.attempt()).toEqual({ kind: 'landed', rows: 2 });
    expect(stage.landed()).toEqual(['r-a r-c']);
    stage.microsoft.onFetch = () => undefined;
    expect(await stage.fetch(stage.sent[0]?.ref ?? jobRef(stage.job))).toEqual({ kind: 'landed', rows: 1 });
    expect(stage.landed()).toEqual(['r-a r-c', 'r-b']);
  });

  /** A stage whose answers are these texts, each called malformed; the last one stays. */
  async function malformedStage(...answers: unknown[]) {
    const stage = await stageWith('a');
    stage.microsoft.fetchBlob = (_tenant, _logType, _member, file) => {
      stage.files.write(file, answers.length > 1 ? answers.shift() : answers[0]);
      return Promise.resolve(refusal('malformed'));
    };
    return stage;
  }

  test('asks again for what stays malformed, ever more rarely, for as long as Microsoft serves it', async () => {
    const stage = await malformedStage('<html>');
    const waits: number[] = [];
    for (let attempt = 1; attempt <= 20; attempt += 1) {
      const ended = await stage.attempt();
      if (ended.kind !== 'parked') throw new Error(`attempt ${String(attempt)} has ${ended.kind}`);
      waits.push(ended.until - stage.clock.now());
    }
    expect(waits[3]).toBeLessThan(minutes(10));
    expect(Math.min(...waits.slice(10))).toBeGreaterThanOrEqual(hours(6));
    expect(Math.max(...waits)).toBeLessThan(quarantineBeforeExpiryMs);
    expect(await stage.ledger.losses(exchange)).toEqual([]);
  });

  test('quarantines it once its expiry is near, with every distinct answer kept', async () => {
    const stage = await malformedStage('[{"half', '<html>', '<html>', '<html>');
    for (let attempt = 1; attempt <= 6; attempt += 1) await stage.attempt();
    await stage.clock.advance(member('a').expires - hours(11) - stage.clock.now());
    expect(await stage.attempt()).toEqual({ kind: 'landed', rows: 0 });
    expect(await stage.ledger.losses(exchange)).toMatchObject([{ reason: 'quarantined' }]);
    const kept = await stage.lake.list(malformedStem('msft_o365_exchange_online_raw', '2026-11-22T09', member('a').contentId));
    expect(kept.map((key) => stage.lake.objectAt(key)?.content).sort()).toEqual(['<html>', '[{"half']);
  });

  test('lands it whenever it can be read, after any number of malformed answers', async () => {
    const stage = await stageWith('a');
    stage.microsoft.onFetch = () => refusal('malformed');
    for (let attempt = 1; attempt <= 9; attempt += 1) await stage.attempt();
    stage.microsoft.onFetch = () => undefined;
    expect(await stage.attempt()).toEqual({ kind: 'landed', rows: 1 });
    expect(await stage.ledger.losses(exchange)).toEqual([]);
  });

  test('never quarantines what reads as a whole JSON array, whatever its answer was called', async () => {
    const stage = await malformedStage(['r-a']);
    for (let attempt = 1; attempt <= 5; attempt += 1) await stage.attempt();
    await stage.clock.advance(member('a').expires - hours(1) - stage.clock.now());
    expect(await stage.attempt()).toEqual({ kind: 'landed', rows: 1 });
    expect(await stage.ledger.losses(exchange)).toEqual([]);
  });

  test('by a clock that is days ahead counts nothing as expired that Microsoft does not', async () => {
    const stage = await stageWith('a');
    stage.microsoft.onFetch = () => refusal('missing');
    await stage.clock.advance(days(8));
    stage.microsoft.leadMs = days(8);
    expect(await stage.attempt()).toMatchObject({ kind: 'parked' });
    stage.microsoft.leadMs = 0;
    expect(await stage.attempt()).toEqual({ kind: 'landed', rows: 0 });
  });

  test('goes by the time of the answer, though the clock jumps before the fate is decided', async () => {
    const stage = await malformedStage('<html>');
    for (let attempt = 1; attempt <= 6; attempt += 1) await stage.attempt();
    const putOnce = stage.lake.putOnce.bind(stage.lake);
    stage.lake.putOnce = async (...put) => {
      await stage.clock.advance(days(8));
      return putOnce(...put);
    };
    expect(await stage.attempt()).toMatchObject({ kind: 'parked' });
    expect(await stage.ledger.losses(exchange)).toEqual([]);
  });

  test('names why it parks, and which store failed', async () => {
    const stage = await stageWith('a');
    stage.microsoft.onFetch = () => refusal('unavailable');
    await stage.attempt();
    expect((await stage.state())?.because).toBe('unavailable');
    stage.microsoft.onFetch = () => undefined;
    stage.lake.putOnce = () => Promise.reject(Object.assign(new Error('no space left on device'), { code: 'ENOSPC' }));
    await expect(stage.attempt()).rejects.toThrow('no space left');
    expect(await stage.state()).toMatchObject({ because: 'a store failed: ENOSPC', starts: 0, parks: 2 });
  });

  test('takes bytes that only landing finds unreadable for a malformed answer, and lands the rest', async () => {
    const stage = await stageWith('a', 'b');
    const fetchBlob = stage.microsoft.fetchBlob;
    stage.microsoft.fetchBlob = async (...args) => {
      const answer = await fetchBlob(...args);
      if (args[2].contentId === member('b').contentId) stage.files.write(args[3], 'no list');
      return answer;
    };
    expect(await stage.attempt()).toMatchObject({ kind: 'parked' });
    expect(await stage.state()).toMatchObject({ malformed: [0, 1] });
    expect(await stage.attempt()).toEqual({ kind: 'landed', rows: 1 });
  });

  test('writes a loss row for what has expired, and an object though there is no row', async () => {
    const stage = await stageWith('a');
    stage.microsoft.onFetch = () => refusal('expired');
    expect(await stage.attempt()).toEqual({ kind: 'landed', rows: 0 });
    expect(await stage.ledger.losses(exchange)).toMatchObject([{ reason: 'expired', contentId: member('a').contentId }]);
  });

  test('counts what is missing after its expiry as expired', async () => {
    const stage = await stageWith('a');
    stage.microsoft.onFetch = () => refusal('missing');
    await stage.clock.advance(member('a').expires - hours(1) - stage.clock.now());
    expect(await stage.attempt()).toMatchObject({ kind: 'parked' });
    await stage.clock.advance(hours(2));
    expect(await stage.attempt()).toEqual({ kind: 'landed', rows: 0 });
    expect(await stage.ledger.losses(exchange)).toMatchObject([{ reason: 'expired' }]);
  });

  test('isolates every member after three workers died, and gives none of them up unread', async () => {
    const stage = await stageWith('a', 'b');
    for (let death = 0; death < 3; death += 1) await stage.ledger.startJob(jobRef(stage.job));
    await stage.attempt();
    expect(await stage.state()).toMatchObject({ fates: 'xx' });
    const children = stage.sent.map(({ ref }) => ref);
    expect(children).toHaveLength(2);
    const [killer, other] = children as [(typeof children)[0], (typeof children)[0]];
    expect(await stage.fetch(other)).toEqual({ kind: 'landed', rows: 1 });
    for (let killed = 1; killed <= 9; killed += 1) {
      for (let death = 0; death < 3; death += 1) await stage.ledger.startJob(killer);
      expect(await stage.fetch(killer)).toMatchObject({ kind: 'parked' });
    }
    expect(await stage.fetch(killer)).toEqual({ kind: 'landed', rows: 1 });
    expect(await stage.ledger.losses(exchange)).toEqual([]);
  });

  test('a landing that throws over one member isolates it from the others, which land', async () => {
    const stage = await stageWith('a', 'b');
    stage.onLanding((request) => {
      if (request.from.some(({ contentId }) => contentId === member('b').contentId)) throw new Error('unreachable executed');
    });
    for (let attempt = 1; attempt <= 3; attempt += 1) await expect(stage.attempt()).rejects.toThrow('could not be written');
    expect(await stage.attempt()).toMatchObject({ kind: 'landed', rows: 0 });
    const ends = await Promise.all(
      stage.sent.map(({ ref }) =>
        stage.fetch(ref).then(
          ({ kind }) => kind,
          () => 'threw',
        ),
      ),
    );
    expect(ends.sort()).toEqual(['landed', 'threw']);
  });

  test('a landing that throws whatever it is given isolates and loses nothing, however long it lasts', async () => {
    const stage = await stageWith('a', 'b');
    stage.onLanding(() => {
      throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
    });
    for (let attempt = 1; attempt <= 40; attempt += 1) await stage.attempt().catch(() => undefined);
    expect((await stage.state())?.because).toBe('landing fails: ENOSPC');
    stage.onLanding(() => undefined);
    expect(await stage.attempt()).toEqual({ kind: 'landed', rows: 2 });
    expect(await stage.ledger.losses(exchange)).toEqual([]);
  });

  test('lands the normalized datasets from the object at the key', async () => {
    const stage = openStage('09:30', [story({ name: 'story' }), story({ name: 'tale' }), story({ name: 'other', logTypes: ['alerts'] })]);
    const job: ContentJob = blobs('a');
    stage.microsoft.blobs = [{ ...member('a'), records: ['r-a'] }];
    await stage.ledger.createJob(job, due);
    await stage.fetch(jobRef(job));
    for (const name of ['story', 'tale']) {
      const records = [`${name} of r-a in ${landingKey('msft_o365_exchange_online_raw', job)}`];
      expect(stage.lake.objectAt(landingKey(name, job))?.content).toEqual({ records });
    }
    expect(stage.lake.objectAt(landingKey('other', job))).toBeUndefined();
  });

  test('lands no normalized object where no raw row gives a row', async () => {
    const stage = openStage('09:30', [story({ name: 'without_a', where: 'r-a' })]);
    const job: ContentJob = blobs('a');
    stage.microsoft.blobs = [{ ...member('a'), records: ['r-a'] }];
    await stage.ledger.createJob(job, due);
    expect(await stage.fetch(jobRef(job))).toEqual({ kind: 'landed', rows: 1 });
    expect(await stage.lake.list('raw/without')).toEqual([]);
  });

  test('parks a job whose tenant is gone', async () => {
    const stage = openStage();
    const job = { ...blobs('a'), tenantName: 'fabrikam' };
    await stage.ledger.createJob(job, due);
    expect(await stage.fetch(jobRef(job))).toMatchObject({ kind: 'parked' });
  });

  test('parks a job whose tenant has moved to another cloud, and asks for nothing', async () => {
    const stage = openStage();
    const job = blobsOf({ ...exchange, cloud: 'gcc' }, 'a');
    await stage.ledger.createJob(job, due);
    expect(await stage.fetch(jobRef(job))).toMatchObject({ kind: 'parked' });
    expect(stage.microsoft.calls).toEqual([]);
  });

  test('parks a job whose tenant has no content API any more, and asks for nothing', async () => {
    const stage = openStage();
    await stage.ledger.createJob(blobs('a'), due);
    const { managementActivity: _off, ...rest } = stage.tenant;
    stage.tenants.byName = () => Promise.resolve(rest);
    expect(await stage.fetch(jobRef(blobs('a')))).toMatchObject({ kind: 'parked' });
    expect(stage.microsoft.calls).toEqual([]);
  });

  test('gives the child of what is set aside the malformed answers of each member', async () => {
    const stage = await stageWith('a', 'b', 'c');
    stage.microsoft.onFetch = (id) => (id === member('b').contentId ? refusal('malformed') : undefined);
    await stage.attempt();
    expect(await stage.attempt()).toEqual({ kind: 'landed', rows: 2 });
    const [child] = stage.sent;
    expect((await stage.ledger.readJob(child?.ref ?? jobRef(stage.job)))?.state.malformed).toEqual([1]);
  });

  test('parks a job whose tenant leads to another Microsoft tenant now, and asks for nothing', async () => {
    const stage = await stageWith('a');
    stage.microsoft.identify = () => Promise.resolve({ kind: 'ok', value: { tenantId: fabrikam } });
    expect(await stage.attempt()).toMatchObject({ kind: 'parked' });
    expect(stage.microsoft.calls).toEqual([]);
  });
});
