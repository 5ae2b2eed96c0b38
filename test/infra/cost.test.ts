import { describe, expect, test } from '@jest/globals';
import { addRun } from '../../tools/cost/assumptions.ts';
import { compactionOfMillion, shareOfMillion } from '../../tools/cost/compaction.ts';
import type { Unit } from '../../tools/cost/prices.ts';
import { details } from '../../tools/cost/report.ts';
import { Usage } from '../../tools/cost/usage.ts';

function used(units: Readonly<Partial<Record<Unit, number>>>): Usage {
  const usage = new Usage();
  for (const [unit, count] of Object.entries(units)) usage.add(unit as Unit, count);
  return usage;
}

describe('a usage', () => {
  test('costs what its units cost', () => {
    expect(used({ s3Put: 1_000, dynamodbWrite: 1_000_000, kmsKey: 1 }).cost).toBeCloseTo(0.005 + 0.625 + 1);
  });

  test('beyond another is what that one has not, and never less than nothing', () => {
    const rest = used({ s3Put: 5, s3Get: 1 }).beyond(used({ s3Put: 3, s3Get: 4 }));
    expect([rest.of('s3Put'), rest.of('s3Get')]).toEqual([2, 0]);
  });

  test('is shown a line a unit, with its service', () => {
    expect(details('Puts', used({ s3Put: 200_000 }))).toBe(
      [
        'Puts: 1.00 USD',
        '| service | unit | units    | USD  |',
        '| ------- | ---- | -------- | ---- |',
        '| S3      | PUT  | 2.000e+5 | 1.00 |',
      ].join('\n'),
    );
  });
});

describe('a run of a function', () => {
  const run = { memoryMb: 1_769, cpuMs: 500, microsoftRequests: 10, awsRequests: 5, logBytes: 500 } as const;

  test.each([
    { name: 'a list asks Microsoft one thing after the other', kind: 'list', seconds: 0.5 + 10 * 0.2 + 5 * 0.01, schedules: 1 },
    { name: 'a fetch eight at a time', kind: 'fetch', seconds: 0.5 + 2 * 0.2 + 5 * 0.01, schedules: 0 },
  ] as const)('$name', ({ kind, seconds, schedules }) => {
    const usage = new Usage();
    addRun(usage, { ...run, kind });
    expect(usage.of('lambdaGbSecond')).toBeCloseTo((1_769 / 1_024) * seconds);
    expect([usage.of('lambdaRequest'), usage.of('schedulerRun')]).toEqual([1, schedules]);
  });

  test('with half the memory computing takes twice as long, and waiting as long as before', () => {
    const usage = new Usage();
    addRun(usage, { ...run, kind: 'sweep', memoryMb: 884.5, microsoftRequests: 0, awsRequests: 0 });
    expect(usage.of('lambdaGbSecond')).toBeCloseTo((884.5 / 1_024) * 1);
  });
});

describe('compaction of a million events', () => {
  // 3 datasets of 100,000 records that landed in 900 objects.
  const landed = { datasets: 3, objects: 900, bytes: 30_000_000 };

  test('reads every byte once, looks up what the merges before have written, and pays for its requests', () => {
    const share = shareOfMillion(landed, 100_000, 6, 590);
    expect(share.reading).toBeCloseTo(590e6 * 5e-12, 6);
    // The second to fourth merge of a day find 1/4, 2/4 and 3/4 of three datasets' rows, 24 bytes of each.
    expect(share.lookingUp).toBeCloseTo(3e6 * 1.5 * 24 * 5e-12, 6);
    expect(share.others).toBeGreaterThan(9_000 * 2 * 0.4e-6);
  });

  test('comes to the same whether it is counted by its parts or by its units', () => {
    const { reading, lookingUp, others } = shareOfMillion(landed, 100_000, 6, 300);
    expect(reading + lookingUp + others).toBeCloseTo(compactionOfMillion(landed, 100_000, 6).cost, 9);
  });

  test('looks nothing up where it merges once a day', () => {
    expect(shareOfMillion(landed, 100_000, 24, 590).lookingUp).toBe(0);
  });
});
