import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { freshState, windowJob, type JobRecord, type JobState } from '../../../shared/domain/fetch-job.ts';
import { dueWindows, earlierPassesWait, firstWatermarks, gridMs } from '../../../shared/domain/passes.ts';
import { hours, minutes } from '../../../shared/domain/window.ts';
import { at, shown } from './at.ts';

const rules = { latencyMs: minutes(10), offsetsMs: [0, hours(1), hours(24)] };
const due = (watermarks: readonly string[], now: string): string[] =>
  dueWindows(watermarks.map(at), at(now), rules).map(({ pass, window }) => `${String(pass)}: ${shown(window.start)}-${shown(window.end)}`);

describe('the windows that are due', () => {
  test.each([
    { name: 'nothing before the latency has gone by', from: ['12:00', '11:00', '2026-11-21T12:00'], now: '12:14', windows: [] },
    {
      name: 'one five-minute window of the first pass',
      from: ['12:00', '11:00', '2026-11-21T12:00'],
      now: '12:15',
      windows: ['0: 12:00-12:05'],
    },
    {
      name: 'one window up to the last line that is due, after a pause',
      from: ['12:00', '11:00', '2026-11-21T12:00'],
      now: '12:58',
      windows: ['0: 12:00-12:45'],
    },
    {
      name: 'the second pass an hour later, over a whole hour',
      from: ['13:00', '11:00', '2026-11-21T13:00'],
      now: '13:10',
      windows: ['1: 11:00-12:00'],
    },
    {
      name: 'the third pass a day later',
      from: ['12:55', '11:00', '2026-11-21T11:00'],
      now: '13:09',
      windows: ['2: 2026-11-21T11:00-2026-11-21T12:00'],
    },
    {
      name: 'once for all passes what nobody has read and what is due for all of them',
      from: ['2026-11-21T09:00', '2026-11-21T09:00', '2026-11-21T09:00'],
      now: '12:16',
      windows: ['0: 2026-11-21T09:00-2026-11-21T12:00', '0: 2026-11-21T12:00-11:00', '0: 11:00-12:05'],
    },
    {
      name: 'no window longer than a day',
      from: ['2026-11-19T00:00', '2026-11-19T00:00', '2026-11-19T00:00'],
      now: '2026-11-20T01:20',
      windows: ['0: 2026-11-19T00:00-2026-11-19T01:00', '0: 2026-11-19T01:00-2026-11-20T00:00', '0: 2026-11-20T00:00-2026-11-20T01:10'],
    },
  ])('are $name', ({ from, now, windows }) => {
    expect(due(from, now)).toEqual(windows);
  });

  test('cover every instant of every pass once, in order, however often and whenever the list runs', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 3_000 }), { minLength: 1, maxLength: 30 }), (pausesInMinutes) => {
        const first = firstWatermarks(at('2026-11-20T00:00'), 3);
        let watermarks: readonly number[] = first;
        let now = at('2026-11-20T00:00');
        for (const pause of pausesInMinutes) {
          now += minutes(pause);
          for (const { pass, window, watermarks: next } of dueWindows(watermarks, now, rules)) {
            expect(window.start).toBe(watermarks[pass]);
            expect(window.end).toBeGreaterThan(window.start);
            for (const [reader, watermark] of next.entries()) {
              // A pass that moves reads all of what it moves over, late enough for it, and never overtakes the one before.
              if (watermark === watermarks[reader]) continue;
              expect([watermarks[reader], watermark]).toEqual([window.start, window.end]);
              expect(now).toBeGreaterThanOrEqual(window.end + rules.latencyMs + (rules.offsetsMs[reader] ?? 0));
              expect(watermark % gridMs(reader)).toBe(0);
              if (reader > 0) expect(watermark).toBeLessThanOrEqual(next[reader - 1] ?? 0);
            }
            watermarks = next;
          }
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('a later pass', () => {
  const stream = { cloud: 'global', tenantId: '11111111-1111-4111-8111-111111111111', logType: 'directory-audits' } as const;
  const earlier = (state: Partial<JobState>): JobRecord => ({
    job: windowJob(stream, 'contoso', { start: at('11:00'), end: at('11:05') }, 0, at('11:15')),
    state: { ...freshState(at('11:30'), 0), ...state },
  });

  test.each([
    { name: 'reads at once when nothing came before', jobs: [], wait: undefined },
    { name: 'waits five minutes for an earlier one that is pending', jobs: [earlier({})], wait: '13:05' },
    {
      name: 'waits until an earlier one has been final for 45 minutes',
      jobs: [earlier({ state: 'landed', finishedAt: at('12:40') })],
      wait: '13:25',
    },
    { name: 'counts a split as landed then', jobs: [earlier({ state: 'split', finishedAt: at('12:30') })], wait: '13:15' },
    { name: 'reads when they are long final', jobs: [earlier({ state: 'landed', finishedAt: at('12:15') })], wait: undefined },
  ])('$name', ({ jobs, wait }) => {
    const until = earlierPassesWait(jobs, at('13:00'));
    expect(until === undefined ? undefined : shown(until)).toBe(wait);
  });
});
