import { describe, expect, test } from '@jest/globals';
import type { NormalizedDataset } from '../../shared/datasets/normalized-dataset.ts';
import { jobRef, type ContentJob } from '../../shared/domain/fetch-job.ts';
import { landingKey } from '../../shared/domain/landing-key.ts';
import { days, hours, seconds } from '../../shared/domain/window.ts';
import { blobs, due, exchange, fabrikam, member } from '../contracts/samples.ts';
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

const story = (said: Partial<NormalizedDataset>): NormalizedDataset => ({
  name: 'story',
  vendor: 'test',
  product: 'Stories',
  meaning: '',
  logTypes: ['audit-exchange'],
  columns: {},
  ...said,
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

  test('quarantines a member after five malformed answers, with its bytes kept first', async () => {
    const stage = await stageWith('a');
    stage.microsoft.onFetch = () => refusal('malformed');
    for (let attempt = 1; attempt <= 4; attempt += 1) expect(await stage.attempt()).toMatchObject({ kind: 'parked' });
    expect(await stage.attempt()).toEqual({ kind: 'landed', rows: 0 });
    expect(await stage.ledger.losses(exchange)).toMatchObject([{ reason: 'quarantined' }]);
    expect(await stage.lake.list('quarantine/')).toHaveLength(1);
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
    expect(await stage.attempt()).toMatchObject({ kind: 'parked' });
    await stage.clock.advance(days(8));
    expect(await stage.attempt()).toEqual({ kind: 'landed', rows: 0 });
  });

  test('isolates every member after three workers died, and quarantines unread the one that kills in five spaced attempts', async () => {
    const stage = await stageWith('a', 'b');
    for (let death = 0; death < 3; death += 1) await stage.ledger.startJob(jobRef(stage.job));
    await stage.attempt();
    expect(await stage.state()).toMatchObject({ fates: 'xx' });
    const children = stage.sent.map(({ ref }) => ref);
    expect(children).toHaveLength(2);
    const [killer, other] = children as [(typeof children)[0], (typeof children)[0]];
    expect(await stage.fetch(other)).toEqual({ kind: 'landed', rows: 1 });
    for (let killed = 1; killed <= 5; killed += 1) {
      for (let death = 0; death < 3; death += 1) await stage.ledger.startJob(killer);
      expect(await stage.fetch(killer)).toMatchObject(killed < 5 ? { kind: 'parked' } : { kind: 'landed', rows: 0 });
    }
    expect(await stage.lake.list('quarantine/')).toHaveLength(1);
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

  test('parks a job whose tenant leads to another Microsoft tenant now, and asks for nothing', async () => {
    const stage = await stageWith('a');
    stage.microsoft.identify = () => Promise.resolve({ kind: 'ok', value: { tenantId: fabrikam } });
    expect(await stage.attempt()).toMatchObject({ kind: 'parked' });
    expect(stage.microsoft.calls).toEqual([]);
  });
});
