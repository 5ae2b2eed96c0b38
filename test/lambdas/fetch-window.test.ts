import { describe, expect, test } from '@jest/globals';
import { jobRef, windowJob, type WindowJob } from '../../shared/domain/fetch-job.ts';
import { landingKey } from '../../shared/domain/landing-key.ts';
import type { Stream } from '../../shared/domain/stream.ts';
import { days, hours, minutes } from '../../shared/domain/window.ts';
import { oldestServed } from '../../shared/domain/retention.ts';
import { logTypeById } from '../../shared/log-types/index.ts';
import { at, contoso, due, span } from '../contracts/samples.ts';
import { shown } from '../shared/domain/at.ts';
import { refusal } from './scripted-microsoft.ts';
import { openStage } from './stage.ts';

const audits: Stream = { cloud: 'global', tenantId: contoso, logType: 'directory-audits' };
const passOver = (pass: number, start: string, end: string) => windowJob(audits, 'contoso', span(start, end), pass, at('09:30'));

async function stageWith(...jobs: WindowJob[]) {
  const stage = openStage('13:00');
  await stage.ledger.commitCursor(audits, 0, { watermarks: [0, 0, 0] }, { jobs, dueAt: due, gaps: [] });
  return stage;
}

describe('a fetch of a window', () => {
  test('lands its rows', async () => {
    const job = passOver(0, '09:00', '09:05');
    const stage = await stageWith(job);
    stage.microsoft.rows = [{ id: 'a', at: at('09:01') }];
    expect(await stage.fetch(jobRef(job))).toEqual({ kind: 'landed', rows: 1 });
  });

  test('writes an object without rows when there is nothing new, which closes the key', async () => {
    const job = passOver(0, '09:00', '09:05');
    const stage = await stageWith(job);
    expect(await stage.fetch(jobRef(job))).toEqual({ kind: 'landed', rows: 0 });
    expect([...stage.lake.all().values()].map(({ metadata }) => metadata.rows)).toEqual(['0']);
  });

  test('of a later pass lands only what the earlier ones lack, after they have settled', async () => {
    const [first, second] = [passOver(0, '09:00', '09:05'), passOver(1, '09:00', '10:00')];
    const stage = await stageWith(first, second);
    stage.microsoft.rows = [{ id: 'a', at: at('09:01') }];
    expect(await stage.fetch(jobRef(second))).toEqual({ kind: 'parked', until: at('13:05') });
    await stage.fetch(jobRef(first));
    stage.microsoft.rows.push({ id: 'late', at: at('09:02') });
    expect(await stage.fetch(jobRef(second))).toEqual({ kind: 'parked', until: at('13:45') });
    expect((await stage.ledger.readJob(jobRef(second)))?.state.parks).toBe(0);
    await stage.clock.advance(minutes(45));
    expect(await stage.fetch(jobRef(second))).toEqual({ kind: 'landed', rows: 1 });
    expect(stage.landed()).toEqual(['a', 'late']);
  });

  test('whose object had gone leaves out what every other pass has landed meanwhile, and waits for none', async () => {
    const [first, second] = [passOver(0, '09:00', '09:05'), passOver(1, '09:00', '10:00')];
    const stage = await stageWith(first, second);
    stage.microsoft.rows = [{ id: 'a', at: at('09:01') }];
    await stage.fetch(jobRef(first));
    stage.microsoft.rows.push({ id: 'late', at: at('09:02') });
    await stage.clock.advance(minutes(45));
    await stage.fetch(jobRef(second));
    stage.lake.remove(landingKey('msft_azure_ad_audit_raw', first));
    expect(await stage.ledger.reopenJob(jobRef(first), at('13:00'), [], due)).toBe(true);
    expect(await stage.fetch(jobRef(first))).toEqual({ kind: 'landed', rows: 1 });
    expect(stage.landed().sort()).toEqual(['a', 'late']);
  });

  test('with too many pages closes its key and is replaced by its halves', async () => {
    const job = passOver(0, '09:00', '10:00');
    const stage = await stageWith(job);
    stage.microsoft.rows = [
      { id: 'a', at: at('09:01') },
      { id: 'b', at: at('09:59') },
    ];
    stage.microsoft.pagesNeeded = 21;
    expect(await stage.fetch(jobRef(job))).toEqual({ kind: 'split' });
    expect(await stage.ledger.readJob(jobRef(job))).toMatchObject({ state: { state: 'split' } });
    stage.microsoft.pagesNeeded = 1;
    for (const { ref } of stage.sent) expect(await stage.fetch(ref)).toEqual({ kind: 'landed', rows: 1 });
    expect(stage.landed()).toEqual(['', 'a', 'b']);
  });

  test('that is too short to split is fetched whole', async () => {
    const job = passOver(0, '09:00', '09:01');
    const stage = await stageWith(job);
    stage.microsoft.rows = [{ id: 'a', at: at('09:00') }];
    stage.microsoft.pagesNeeded = 50;
    expect(await stage.fetch(jobRef(job))).toEqual({ kind: 'landed', rows: 1 });
  });

  test('is finished with a gap row naming its pass when retention has cut it off', async () => {
    const job = passOver(1, '09:00', '10:00');
    const stage = await stageWith(job);
    await stage.clock.advance(days(31));
    stage.microsoft.onWindow = () => refusal('out-of-range');
    expect(await stage.fetch(jobRef(job))).toEqual({ kind: 'landed', rows: 0 });
    const [gap] = await stage.ledger.gaps(audits);
    expect([gap?.pass, shown(gap?.from ?? 0), shown(gap?.to ?? 0)]).toEqual([1, '09:00', '10:00']);
  });

  test('that is not served any more ends with its gap row, though all of it is too long to be answered for ever', async () => {
    const job = passOver(1, '09:00', '10:00');
    const stage = await stageWith(job);
    await stage.clock.advance(days(31));
    stage.microsoft.onWindow = () => refusal('unavailable');
    stage.microsoft.onProbe = ({ start, end }) => refusal(end - start > minutes(1) ? 'unavailable' : 'out-of-range');
    expect(await stage.fetch(jobRef(job))).toEqual({ kind: 'landed', rows: 0 });
    expect(await stage.ledger.gaps(audits)).toHaveLength(1);
  });

  test('has a gap row for no more than retention has cut off', async () => {
    const job = passOver(1, '09:00', '10:00');
    const stage = await stageWith(job);
    await stage.clock.advance(days(30) + at('09:30') - stage.clock.now());
    await stage.fetch(jobRef(job));
    const [gap] = await stage.ledger.gaps(audits);
    expect(gap?.from).toBe(at('09:00'));
    expect(gap?.to).toBe(oldestServed(stage.clock.now(), logTypeById('directory-audits').retentionMs));
    expect(gap?.to).toBeLessThan(at('10:00'));
  });

  test('that fails the same way three times, while Microsoft answers for less, is halved down to a minute', async () => {
    const job = passOver(0, '09:00', '09:10');
    const stage = await stageWith(job);
    stage.microsoft.rows = [{ id: 'a', at: at('09:01') }];
    stage.microsoft.onWindow = ({ start, end }) => (end - start > minutes(2) ? refusal('unavailable') : undefined);
    // A half may be too long as well, even for one row of it.
    stage.microsoft.onProbe = stage.microsoft.onWindow;
    const queue = [jobRef(job)];
    let attempts = 0;
    for (let ref = queue.shift(); ref && attempts < 100; ref = queue.shift()) {
      const before = stage.sent.length;
      attempts += 1;
      const ended = await stage.fetch(ref);
      queue.push(...(ended.kind === 'parked' ? [ref] : []), ...stage.sent.slice(before).map((queued) => queued.ref));
    }
    // 10, 5 and 5, 2.5 four times: three attempts each; then eight windows of 75 seconds.
    expect(attempts).toBe(3 * 7 + 8);
    expect(stage.landed().join('')).toBe('a');
    expect(stage.log.of('warn').filter(({ message }) => message.includes('halved'))).toHaveLength(7);
  });

  test.each([
    { why: 'while Microsoft does not answer for less', kinds: ['unavailable'], isProbed: false },
    { why: 'for being throttled', kinds: ['throttled'], isProbed: true },
    { why: 'for failing in different ways', kinds: ['unavailable', 'malformed', 'missing'], isProbed: true },
  ] as const)('is not halved $why', async ({ kinds, isProbed }) => {
    const job = passOver(0, '09:00', '10:00');
    const stage = await stageWith(job);
    let attempt = 0;
    stage.microsoft.onWindow = () => refusal(kinds[attempt % kinds.length] ?? 'unavailable');
    stage.microsoft.onProbe = () => (isProbed ? undefined : refusal('unavailable'));
    for (; attempt < 9; attempt += 1) expect(await stage.fetch(jobRef(job))).toMatchObject({ kind: 'parked' });
  });

  test('that kills its workers is halved, and one too short for it is tried again', async () => {
    const [long, short] = [passOver(0, '09:00', '10:00'), passOver(0, '10:00', '10:01')];
    const stage = await stageWith(long, short);
    for (const ref of [jobRef(long), jobRef(short)]) for (let death = 0; death < 3; death += 1) await stage.ledger.startJob(ref);
    expect(await stage.fetch(jobRef(long))).toEqual({ kind: 'split' });
    expect(await stage.fetch(jobRef(short))).toMatchObject({ kind: 'parked' });
  });

  test('does not wait for a pass that ended in the future: a clock that was ahead has written that', async () => {
    const [first, second] = [passOver(0, '09:00', '09:05'), passOver(1, '09:00', '10:00')];
    const stage = await stageWith(first, second);
    await stage.ledger.finishJob(jobRef(first), { finishedAt: at('13:00') + days(8), rows: 0, losses: [], children: [], gaps: [] });
    expect(await stage.fetch(jobRef(second))).toMatchObject({ kind: 'landed' });
  });

  test('by a clock that is weeks ahead is not given up', async () => {
    const job = passOver(0, '09:00', '10:00');
    const stage = await stageWith(job);
    await stage.clock.advance(days(31));
    stage.microsoft.leadMs = days(31);
    stage.microsoft.onWindow = () => refusal('unavailable');
    expect(await stage.fetch(jobRef(job))).toMatchObject({ kind: 'parked' });
    stage.microsoft.onWindow = () => undefined;
    expect(await stage.fetch(jobRef(job))).toMatchObject({ kind: 'landed' });
    expect(await stage.ledger.gaps(audits)).toEqual([]);
  });

  test('is not given up while nobody answers: only an answer says what time it is', async () => {
    const job = passOver(0, '09:00', '10:00');
    const stage = await stageWith(job);
    await stage.clock.advance(days(31));
    // Our clock has jumped since it was compared.
    stage.microsoft.leadMs = 0;
    stage.microsoft.onWindow = () => refusal('unavailable');
    stage.microsoft.onProbe = () => refusal('unavailable');
    expect(await stage.fetch(jobRef(job))).toMatchObject({ kind: 'parked' });
    stage.microsoft.onProbe = () => {
      stage.microsoft.leadMs = days(31);
      return undefined;
    };
    expect(await stage.fetch(jobRef(job))).toMatchObject({ kind: 'parked' });
    expect(stage.lake.all().size).toBe(0);
  });

  test('that is older than what is served is given up at once when Microsoft answers so', async () => {
    const job = passOver(0, '09:00', '10:00');
    const stage = await stageWith(job);
    await stage.clock.advance(days(31));
    stage.microsoft.onWindow = () => refusal('out-of-range');
    expect(await stage.fetch(jobRef(job))).toEqual({ kind: 'landed', rows: 0 });
    expect(await stage.ledger.gaps(audits)).toMatchObject([{ from: at('09:00'), to: at('10:00') }]);
  });

  test('whose object another worker has put waits with its gap row until Microsoft answers', async () => {
    const job = passOver(0, '09:00', '10:00');
    const stage = await stageWith(job);
    const finishJob = stage.ledger.finishJob.bind(stage.ledger);
    stage.ledger.finishJob = () => Promise.reject(new Error('the worker dies'));
    await expect(stage.fetch(jobRef(job))).rejects.toThrow('dies');
    stage.ledger.finishJob = finishJob;
    await stage.clock.advance(days(31));
    stage.microsoft.onProbe = () => refusal('unavailable');
    expect(await stage.fetch(jobRef(job))).toMatchObject({ kind: 'parked' });
    stage.microsoft.onProbe = () => {
      stage.microsoft.leadMs = days(31);
      return undefined;
    };
    expect(await stage.fetch(jobRef(job))).toMatchObject({ kind: 'landed' });
    expect(await stage.ledger.gaps(audits)).toEqual([]);
  });

  test('that is finished by a clock that is weeks slow is remembered for as long as any other', async () => {
    const [first, second] = [passOver(0, '09:00', '09:05'), passOver(1, '09:00', '10:00')];
    const stage = await stageWith(first, second);
    stage.microsoft.rows = [{ id: 'a', at: at('09:01') }];
    const finishJob = stage.ledger.finishJob.bind(stage.ledger);
    stage.ledger.finishJob = () => Promise.reject(new Error('the worker dies'));
    await expect(stage.fetch(jobRef(first))).rejects.toThrow('dies');
    stage.ledger.finishJob = finishJob;
    stage.microsoft.leadMs = days(42);
    await stage.fetch(jobRef(first));
    await stage.ledger.forget(at('13:00') + days(1));
    stage.microsoft.leadMs = 0;
    await stage.clock.advance(days(1));
    expect(await stage.fetch(jobRef(second))).toEqual({ kind: 'landed', rows: 0 });
    expect(stage.landed().filter((records) => records !== '')).toEqual(['a']);
  });

  test('that is split by a clock weeks away has halves of its own landing hour', async () => {
    const job = passOver(0, '09:00', '10:00');
    const stage = await stageWith(job);
    stage.microsoft.pagesNeeded = 21;
    stage.microsoft.leadMs = -days(42);
    expect(await stage.fetch(jobRef(job))).toEqual({ kind: 'split' });
    const halves = await Promise.all(stage.sent.map(({ ref }) => stage.ledger.readJob(ref)));
    expect(halves.map((half) => half?.job.landingHour)).toEqual([job.landingHour, job.landingHour]);
  });

  test('that has not landed for hours, and was tried for hours, is an error in the log', async () => {
    const job = passOver(0, '09:00', '09:01');
    const stage = await stageWith(job);
    stage.microsoft.onWindow = () => refusal('unavailable');
    for (let attempt = 0; attempt < 8; attempt += 1) await stage.fetch(jobRef(job));
    expect(stage.log.of('error')).toEqual([]);
    await stage.clock.advance(hours(3));
    await stage.fetch(jobRef(job));
    expect(stage.log.of('error')).toMatchObject([{ message: 'a job does not land', fields: { because: 'unavailable', count: 1 } }]);
    stage.microsoft.onWindow = () => refusal('throttled');
    await stage.fetch(jobRef(job));
    expect(stage.log.of('error')).toHaveLength(1);
  });

  test('parks when Microsoft refuses', async () => {
    const job = passOver(0, '09:00', '09:05');
    const stage = await stageWith(job);
    stage.microsoft.onWindow = () => refusal('throttled', minutes(7));
    expect(await stage.fetch(jobRef(job))).toMatchObject({ kind: 'parked' });
  });
});
