import { describe, expect, test } from '@jest/globals';
import type { Stream } from '../../shared/domain/stream.ts';
import { days, hours, minutes } from '../../shared/domain/window.ts';
import { at, contoso } from '../contracts/samples.ts';
import { shown } from '../shared/domain/at.ts';
import { refusal } from './scripted-microsoft.ts';
import { openStage } from './stage.ts';

const audits: Stream = { cloud: 'global', tenantId: contoso, logType: 'directory-audits' };
const row = (id: string, time: string) => ({ id, at: at(time) });

describe('a list of windows', () => {
  test('makes jobs of the long windows of a catch-up without asking whether they have rows, but for the first', async () => {
    const stage = openStage();
    stage.microsoft.rows = [row('a', '06:30')];
    expect(await stage.list('directory-audits')).toMatchObject({ kind: 'listed', jobs: 2 });
    expect(stage.microsoft.calls).toEqual(['identify', 'probe']);
    expect(stage.sent.map(({ ref }) => ref.key)).toEqual([
      '2026-11-22T06:00:00.000Z#0#2026-11-22T08:00:00.000Z',
      '2026-11-22T08:00:00.000Z#0#2026-11-22T09:20:00.000Z',
    ]);
    expect((await stage.ledger.readCursor(audits))?.watermarks.map(shown)).toEqual(['09:20', '08:00', '06:00']);
  });

  test('makes a job of a window that has rows, and none of an empty one', async () => {
    const stage = openStage();
    await stage.list('directory-audits');
    stage.microsoft.rows = [row('a', '09:21')];
    await stage.clock.advance(minutes(5));
    expect(await stage.list('directory-audits')).toMatchObject({ jobs: 1 });
    await stage.clock.advance(minutes(5));
    expect(await stage.list('directory-audits')).toMatchObject({ jobs: 0 });
  });

  test('goes on from there after five minutes, with one request', async () => {
    const stage = openStage();
    await stage.list('directory-audits');
    await stage.clock.advance(minutes(5));
    stage.microsoft.calls.length = 0;
    await stage.list('directory-audits');
    expect(stage.microsoft.calls).toEqual(['identify', 'probe']);
  });

  test.each(['throttled', 'malformed', 'unavailable'] as const)(
    'takes an error (%s) for no answer: what was probed before is committed, the rest is probed again',
    async (kind) => {
      const stage = openStage();
      await stage.list('directory-audits');
      stage.sent.length = 0;
      // At 10:13 a window of the second pass is due, and twenty minutes later one more of the first.
      await stage.clock.advance(minutes(43));
      stage.microsoft.rows = [row('a', '09:21')];
      stage.microsoft.onProbe = (window) => (window.start === at('09:20') ? undefined : refusal(kind));
      expect(await stage.list('directory-audits')).toMatchObject({ kind: 'stopped', by: { kind } });
      expect((await stage.ledger.readCursor(audits))?.watermarks.map(shown)).toEqual(['10:00', '08:00', '06:00']);
      expect(stage.sent).toHaveLength(1);
      stage.microsoft.onProbe = () => undefined;
      await stage.list('directory-audits');
      expect((await stage.ledger.readCursor(audits))?.watermarks.map(shown)).toEqual(['10:00', '09:00', '06:00']);
    },
  );

  test('makes a job of a window of hours that is too long for Microsoft, whose first minute it answers for', async () => {
    const stage = openStage();
    stage.microsoft.onProbe = ({ start, end }) => (end - start > minutes(30) ? refusal('unavailable') : undefined);
    expect(await stage.list('directory-audits')).toMatchObject({ kind: 'listed', jobs: 2 });
    expect((await stage.ledger.readCursor(audits))?.watermarks.map(shown)).toEqual(['09:20', '08:00', '06:00']);
  });

  test('notes since when lists fail and why, once, until one ends well', async () => {
    const stage = openStage();
    await stage.list('directory-audits');
    const failing = async () => (await stage.ledger.readCursor(audits))?.failing;
    expect(await failing()).toBeUndefined();
    await stage.clock.advance(minutes(5));
    const since = stage.clock.now();
    stage.microsoft.onProbe = () => refusal('unavailable');
    await stage.list('directory-audits');
    expect(await failing()).toEqual({ since, because: 'unavailable' });
    const { version } = (await stage.ledger.readCursor(audits)) ?? {};
    await stage.clock.advance(minutes(5));
    await stage.list('directory-audits');
    expect((await stage.ledger.readCursor(audits))?.version).toBe(version);
    stage.microsoft.onProbe = () => refusal('malformed');
    await stage.list('directory-audits');
    expect(await failing()).toEqual({ since, because: 'malformed' });
    stage.microsoft.onProbe = () => undefined;
    await stage.list('directory-audits');
    expect(await failing()).toBeUndefined();
  });

  test('that is throttled notes nothing: it passes by itself', async () => {
    const stage = openStage();
    await stage.list('directory-audits');
    await stage.clock.advance(minutes(5));
    stage.microsoft.onProbe = () => refusal('throttled');
    await stage.list('directory-audits');
    expect(await stage.ledger.readCursor(audits)).not.toHaveProperty('failing');
  });

  test('makes no job when another list has moved the watermarks', async () => {
    const stage = openStage();
    stage.ledger.commitCursor = () => Promise.resolve('overtaken');
    expect(await stage.list('directory-audits')).toEqual({ kind: 'overtaken' });
    expect(stage.sent).toEqual([]);
  });

  test('writes a gap row for each pass that retention cuts off, in the same write as the watermarks', async () => {
    const stage = openStage();
    await stage.list('directory-audits');
    await stage.clock.advance(days(31));
    await stage.list('directory-audits');
    const gaps = await stage.ledger.gaps(audits);
    expect(gaps.map(({ pass, from }) => `${String(pass)} ${shown(from)}`)).toEqual(['2 06:00', '1 08:00', '0 09:20']);
  });

  test('makes the jobs of what is served still in the write that has the gap rows', async () => {
    const stage = openStage();
    await stage.list('directory-audits');
    await stage.clock.advance(days(31));
    stage.microsoft.onProbe = () => undefined;
    stage.microsoft.rows = [{ id: 'a', at: stage.clock.now() - days(1) }];
    const before = stage.sent.length;
    await stage.list('directory-audits');
    const made = stage.sent.slice(before);
    expect(made.length).toBeGreaterThan(0);
    for (const { ref } of made) expect(await stage.ledger.readJob(ref)).toMatchObject({ state: { state: 'pending' } });
  });

  test.each([days(8), -days(8), minutes(16)])('by a clock that is %d ms ahead lists nothing, and logs it', async (leadMs) => {
    const stage = openStage();
    await stage.list('directory-audits');
    const before = await stage.ledger.readCursor(audits);
    await stage.clock.advance(days(1));
    stage.microsoft.leadMs = leadMs;
    expect(await stage.list('directory-audits')).toMatchObject({ kind: 'stopped', by: { cause: { code: 'clock' } } });
    const { version: _version, failing, ...rest } = (await stage.ledger.readCursor(audits)) ?? never();
    const { version: _before, ...unchanged } = before ?? never();
    expect(rest).toEqual(unchanged);
    expect(failing?.because).toBe('clock');
    expect(stage.log.of('error').map(({ fields }) => fields.code)).toEqual(['clock']);
  });

  test('begins no stream while Microsoft does not answer, for nobody knows what time it is', async () => {
    const stage = openStage();
    stage.microsoft.onProbe = () => refusal('unavailable');
    expect(await stage.list('directory-audits')).toMatchObject({ kind: 'stopped' });
    expect(await stage.ledger.readCursor(audits)).toMatchObject({ watermarks: [], failing: { because: 'unavailable' } });
    stage.microsoft.onProbe = () => undefined;
    await stage.list('directory-audits');
    expect((await stage.ledger.readCursor(audits))?.watermarks.map(shown)).toEqual(['09:20', '08:00', '06:00']);
  });

  test('goes on from now where a clock that was ahead has left its watermarks in the future', async () => {
    const stage = openStage();
    const ahead = at('09:00') + days(8);
    await stage.ledger.commitCursor(audits, 0, { watermarks: [ahead, ahead, ahead] }, { jobs: [], dueAt: 0, gaps: [] });
    await stage.clock.advance(hours(2));
    stage.microsoft.rows = [row('a', '11:05')];
    expect(await stage.list('directory-audits')).toMatchObject({ kind: 'listed', jobs: 1 });
    expect((await stage.ledger.readCursor(audits))?.watermarks.map(shown)).toEqual(['11:20', '11:00', '11:00']);
    expect(await stage.ledger.gaps(audits)).toEqual([]);
  });
});

function never(): never {
  throw new Error('there has to be a cursor');
}
