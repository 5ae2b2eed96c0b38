import { expect, test } from '@jest/globals';
import type { CollectorEvent } from '../../../local/collector.ts';
import { countEvent, noProgress, progressLine } from '../../../cli/run/progress-counts.ts';

type Fetched = Extract<CollectorEvent, { kind: 'fetched' }>['fetched'];

function lineAfter(...fetched: readonly Fetched[]): string {
  const counts = noProgress(12);
  const delivery = {} as Extract<CollectorEvent, { kind: 'fetched' }>['delivery'];
  for (const one of fetched) countEvent(counts, { kind: 'fetched', delivery, fetched: one });
  return progressLine(counts, 4);
}

test('progress names why jobs are parked', () => {
  const line = lineAfter({ kind: 'landed', rows: 1_500 }, { kind: 'parked', until: 0, because: 'AF50000' });
  expect(line).toBe('listed 0 of 12 · 1 jobs landed, 4 queued, 1 parked (AF50000) · 1,500 records');
});

test('a job that waits for an earlier pass has no cause to name', () => {
  expect(lineAfter({ kind: 'parked', until: 0 })).toContain(', 1 parked · ');
});
