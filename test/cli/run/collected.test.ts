import { describe, expect, test } from '@jest/globals';
import { collected, uncovered } from '../../../cli/run/collected.ts';
import { freshState, windowJob } from '../../../shared/domain/fetch-job.ts';
import { logTypeById } from '../../../shared/log-types/index.ts';
import { at, contoso } from '../../contracts/samples.ts';
import { shown } from '../../shared/domain/at.ts';

const windows = (...spans: [string, string][]) => spans.map(([start, end]) => ({ start: at(start), end: at(end) }));

describe('the parts of a span that no window covers', () => {
  test.each([
    { name: 'are the whole span when there is no window', covered: [], parts: ['08:00-12:00'] },
    {
      name: 'lie before, between and after',
      covered: windows(['09:00', '10:00'], ['10:30', '11:00']),
      parts: ['08:00-09:00', '10:00-10:30', '11:00-12:00'],
    },
    { name: 'are none when windows overlap them all, in any order', covered: windows(['10:00', '13:00'], ['07:00', '10:30']), parts: [] },
  ])('$name', ({ covered, parts }) => {
    const found = uncovered({ start: at('08:00'), end: at('12:00') }, covered);
    expect(found.map(({ start, end }) => `${shown(start)}-${shown(end)}`)).toEqual(parts);
  });
});

describe('what a run must have collected', () => {
  const base = {
    tenantId: contoso,
    from: at('06:00'),
    cursor: undefined,
    jobs: [],
    listedAt: at('12:34'),
    endedAt: at('12:35'),
    isFirstRun: false,
  };

  test('of content: what lies further back than an hour was last listed by a deep list, the rest just now', () => {
    const cursor = { version: 1, watermarks: [at('11:00')], deepDoneAt: { hourly: at('10:00'), daily: at('09:00') } };
    const parts = collected({ ...base, cursor, logType: logTypeById('audit-exchange') });
    expect(parts.map((part) => [part.from, part.until, part.at].map(shown))).toEqual([
      ['06:00', '11:00', '09:00'],
      ['11:00', '12:34', '12:34'],
    ]);
  });

  test('of windows: each landed one as it was read, the rest as it was probed, up to the last grid line that was due', () => {
    const stream = { cloud: 'global', tenantId: contoso, logType: 'directory-audits' } as const;
    const [window] = windows(['06:00', '11:00']);
    if (!window) throw new Error('there is a window');
    const job = windowJob(stream, 'contoso', window, 0, at('11:10'));
    const jobs = [{ job, state: { ...freshState(at('11:25'), 0), state: 'landed' as const, finishedAt: at('11:12') } }];
    const parts = collected({ ...base, jobs, logType: logTypeById('directory-audits') });
    expect(parts.map(({ from, until, at: readAt, through = 0 }) => [from, until, readAt, through].map(shown))).toEqual([
      ['06:00', '11:00', '11:10', '11:12'],
      ['11:00', '12:20', '12:30', '12:35'],
    ]);
  });
});
