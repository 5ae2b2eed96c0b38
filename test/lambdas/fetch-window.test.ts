import { describe, expect, test } from '@jest/globals';
import { jobRef, windowJob, type WindowJob } from '../../shared/domain/fetch-job.ts';
import { landingKey } from '../../shared/domain/landing-key.ts';
import type { Stream } from '../../shared/domain/stream.ts';
import { days, minutes } from '../../shared/domain/window.ts';
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

  test('parks when Microsoft refuses', async () => {
    const job = passOver(0, '09:00', '09:05');
    const stage = await stageWith(job);
    stage.microsoft.onWindow = () => refusal('throttled', minutes(7));
    expect(await stage.fetch(jobRef(job))).toMatchObject({ kind: 'parked' });
  });
});
