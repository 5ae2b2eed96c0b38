import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { paces, slidingWindowPacing, type PaceId } from '../../../shared/microsoft/pacing.ts';
import { VirtualClock } from '../../fakes/virtual-clock.ts';

const start = Date.parse('2026-11-22T06:00:00Z');

test('the sixth reporting request within ten seconds waits until the first is ten seconds old', async () => {
  const clock = new VirtualClock(start);
  const pacing = slidingWindowPacing(clock);
  const turns: number[] = [];
  for (let count = 0; count < 6; count += 1) void pacing.turn('app', 'reporting', 60_000).then(() => turns.push(clock.now() - start));
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
          void pacing.turn('app', pace as PaceId, Infinity).then(() => turns.push(clock.now()));
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
  for (let count = 0; count < 5; count += 1) await pacing.turn('app', 'reporting', 0);
  expect(await pacing.turn('app', 'reporting', 0)).toEqual({ kind: 'too-far', waitMs: 10_250 });
  expect(await pacing.turn('app', 'security', 0)).toEqual({ kind: 'go' });
  expect(await pacing.turn('other app', 'reporting', 0)).toEqual({ kind: 'go' });
});

test('a turn that is too far is not taken', async () => {
  const clock = new VirtualClock(start);
  const pacing = slidingWindowPacing(clock);
  for (let count = 0; count < 20; count += 1) await pacing.turn('app', 'reporting', 0);
  await clock.advance(10_250);
  expect(await pacing.turn('app', 'reporting', 0)).toEqual({ kind: 'go' });
});

test('a held bucket lets nothing out, not even who has waited for a turn', async () => {
  const clock = new VirtualClock(start);
  const pacing = slidingWindowPacing(clock);
  for (let count = 0; count < 5; count += 1) await pacing.turn('app', 'reporting', 0);
  const waiting = pacing.turn('app', 'reporting', 60_000);
  pacing.hold('app', 'reporting', 120_000);
  await clock.advance(20_000);
  expect(await waiting).toEqual({ kind: 'too-far', waitMs: 109_750 });
  expect(await pacing.turn('app', 'reporting', 60_000)).toEqual({ kind: 'too-far', waitMs: 100_000 });
  await clock.advance(100_000);
  expect(await pacing.turn('app', 'reporting', 0)).toEqual({ kind: 'go' });
});
