import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { paces, slidingWindowPacing, type PaceId } from '../../../shared/microsoft/pacing.ts';
import { VirtualClock } from '../../fakes/virtual-clock.ts';

const start = Date.parse('2026-11-22T06:00:00Z');
const of = { bucket: 'app', pace: 'reporting', logType: 'directory-audits' } as const;

test('the sixth reporting request within ten seconds waits until the first is ten seconds old', async () => {
  const clock = new VirtualClock(start);
  const pacing = slidingWindowPacing(clock);
  const turns: number[] = [];
  for (let count = 0; count < 6; count += 1) void pacing.turn(of, 60_000).then(() => turns.push(clock.now() - start));
  await clock.advance(60_000);
  expect(turns).toEqual([0, 0, 0, 0, 0, 10_250]);
});

test.each(Object.entries(paces))('%s requests never exceed their pace, in whatever order they come', async (pace, { count, perMs }) => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(fc.nat({ max: perMs / 2 }), fc.nat({ max: count })), { maxLength: 20 }), async (bursts) => {
      const clock = new VirtualClock(start);
      const pacing = slidingWindowPacing(clock);
      const turns: number[] = [];
      for (const [pauseMs, requests] of bursts) {
        await clock.advance(pauseMs);
        for (let request = 0; request < requests; request += 1) {
          void pacing.turn({ ...of, pace: pace as PaceId }, Infinity).then(() => turns.push(clock.now()));
        }
      }
      await clock.advance(perMs * 60);
      expect(turns).toHaveLength(bursts.reduce((sum, [, requests]) => sum + requests, 0));
      turns.forEach((turn, index) => {
        const earlier = turns[index - count];
        if (earlier !== undefined) expect(turn - earlier).toBeGreaterThanOrEqual(perMs);
      });
    }),
    { numRuns: 20 },
  );
});

test('another tenant, and another kind of request, has a bucket of its own', async () => {
  const pacing = slidingWindowPacing(new VirtualClock(start));
  for (let count = 0; count < 5; count += 1) await pacing.turn(of, 0);
  expect(await pacing.turn(of, 0)).toEqual({ kind: 'too-far', waitMs: 10_250 });
  expect(await pacing.turn({ ...of, pace: 'security' }, 0)).toEqual({ kind: 'go' });
  expect(await pacing.turn({ ...of, bucket: 'other app' }, 0)).toEqual({ kind: 'go' });
});

test('a turn that is too far is not taken', async () => {
  const clock = new VirtualClock(start);
  const pacing = slidingWindowPacing(clock);
  for (let count = 0; count < 20; count += 1) await pacing.turn(of, 0);
  await clock.advance(10_250);
  expect(await pacing.turn(of, 0)).toEqual({ kind: 'go' });
});

test('a held bucket lets nothing out, not even who has waited for a turn', async () => {
  const clock = new VirtualClock(start);
  const pacing = slidingWindowPacing(clock);
  for (let count = 0; count < 5; count += 1) await pacing.turn(of, 0);
  const waiting = pacing.turn(of, 60_000);
  pacing.hold(of, 120_000);
  await clock.advance(20_000);
  expect(await waiting).toEqual({ kind: 'too-far', waitMs: 109_750 });
  expect(await pacing.turn(of, 60_000)).toEqual({ kind: 'too-far', waitMs: 100_000 });
  await clock.advance(100_000);
  expect(await pacing.turn(of, 0)).toEqual({ kind: 'go' });
});

test('a wait of one log type holds the others of its bucket for five minutes at most', async () => {
  const clock = new VirtualClock(start);
  const pacing = slidingWindowPacing(clock);
  const other = { ...of, logType: 'sign-ins-interactive' };
  pacing.hold(of, 1_800_000);
  expect(await pacing.turn(other, 0)).toEqual({ kind: 'too-far', waitMs: 300_000 });
  await clock.advance(300_000);
  expect(await pacing.turn(other, 0)).toEqual({ kind: 'go' });
  expect(await pacing.turn(of, 0)).toEqual({ kind: 'too-far', waitMs: 1_500_000 });
  pacing.hold(of, 1_000);
  await clock.advance(1_000_000);
  expect(await pacing.turn(of, 0)).toEqual({ kind: 'too-far', waitMs: 500_000 });
});

test('turns and waits that a clock noted which was days ahead hold nothing back once it is right again', async () => {
  const clock = new VirtualClock(start);
  let aheadMs = 8 * 86_400_000;
  const pacing = slidingWindowPacing({ now: () => clock.now() + aheadMs, sleep: (ms) => clock.sleep(ms) });
  for (let count = 0; count < 5; count += 1) await pacing.turn(of, 0);
  pacing.hold(of, 60_000);
  aheadMs = 0;
  expect(await pacing.turn(of, 0)).toEqual({ kind: 'go' });
});
