import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { replaceOnce } from './mutation.ts';
import { planOf } from './draw-plan.ts';
import { fleetModes, modeOf, modes, type Mode } from './plan.ts';
import { ablation } from './planted-bugs/planted-bug.ts';
import { plantedBugs } from './planted-bugs/index.ts';
import { Random } from './random.ts';
import { simulate } from './simulation.ts';
import { workloads } from './workloads.ts';

/** What `npm run proof` does ten thousand times; here, a little of each mode. */
describe('exactly once under faults', () => {
  test.each(modes.map((mode) => ({ mode })))(
    'nothing is lost, twice or untrue: $mode',
    async ({ mode }) => {
      const failed: string[] = [];
      for (let seed = 1; seed <= seedsOf(mode); seed += 1) {
        const { failures } = await simulate(seed, mode);
        if (failures.length > 0) failed.push(`--seed ${String(seed)} --mode ${mode}: ${failures[0] ?? ''}`);
      }
      expect(failed).toEqual([]);
    },
    300_000,
  );

  test('the same seed has the same trace, byte for byte', async () => {
    for (const mode of modes) {
      const [first, second] = [await simulate(7, mode, { isTraced: true }), await simulate(7, mode, { isTraced: true })];
      expect(second.trace.join('\n')).toBe(first.trace.join('\n'));
      expect(second.traceHash).toBe(first.traceHash);
    }
  }, 600_000);

  test('another seed has another trace', async () => {
    const [first, second] = [await simulate(7, 'mixed'), await simulate(8, 'mixed')];
    expect(second.traceHash).not.toBe(first.traceHash);
  });

  test('faults do happen, and a calm seed has none', async () => {
    const seeds = Array.from({ length: 40 }, (_, index) => index + 1);
    const outcomes = [];
    for (const seed of seeds) outcomes.push({ isCalm: planOf(seed, 'mixed').isCalm, faults: (await simulate(seed, 'mixed')).sums.faults });
    const [calm, rough] = [outcomes.filter(({ isCalm }) => isCalm), outcomes.filter(({ isCalm }) => !isCalm)];
    expect(calm.map(({ faults }) => faults)).toEqual(calm.map(() => 0));
    expect(Math.max(...rough.map(({ faults }) => faults))).toBeGreaterThan(50);
  });

  test('a lost write is found: the oracle can fail', async () => {
    const plan = planOf(3, 'mixed');
    const { failures } = await simulate(3, 'mixed', { plan: { ...plan, end: plan.publishUntil } });
    expect(failures).not.toEqual([]);
  });
});

describe('the fixed workloads', () => {
  test.each(workloads)('$name: holds when nothing fails, and when the 100th call kills its caller', async ({ plan }) => {
    const calm = await simulate(plan.seed, plan.mode, { plan, faults: () => 'no fault' });
    expect(calm.failures).toEqual([]);
    const crashed = await simulate(plan.seed, plan.mode, { plan, faults: (_call, index) => (index === 100 ? 'crash-after' : 'no fault') });
    expect(crashed.failures).toEqual([]);
    expect(crashed.traceHash).not.toBe(calm.traceHash);
  });
});

describe('the planted bugs', () => {
  test.each([...plantedBugs, { name: 'what mends is switched off', edits: ablation }])(
    'can be written into the sources: $name',
    ({ edits }) => {
      const sources = new Map<string, string>();
      for (const edit of edits) sources.set(edit.file, replaceOnce(sources.get(edit.file) ?? readFileSync(edit.file, 'utf8'), edit));
      expect(sources.size).toBeGreaterThan(0);
    },
  );

  test('each has a name of its own, and every one that may survive says why', () => {
    expect(new Set(plantedBugs.map(({ name }) => name)).size).toBe(plantedBugs.length);
    expect(plantedBugs.filter(({ breaks, survives }) => breaks === 'nothing' && survives === undefined)).toEqual([]);
    expect(plantedBugs.length).toBeGreaterThanOrEqual(50);
  });

  test('text that is not there, or twice, is refused', () => {
    const edit = { file: 'x.ts', from: 'a b', to: 'c' };
    expect(replaceOnce('a\n  b', edit)).toBe('c');
    expect(() => replaceOnce('a', edit)).toThrow('0 times in x.ts instead of once');
    expect(() => replaceOnce('a b a b', edit)).toThrow('2 times in x.ts instead of once');
  });
});

describe('chance', () => {
  test('the same seed and name give the same numbers, others give others', () => {
    const numbers = (seed: number, name: string): number[] => {
      const random = new Random(seed, name);
      return Array.from({ length: 5 }, () => random.next());
    };
    expect(numbers(1, 'a')).toEqual(numbers(1, 'a'));
    expect(numbers(1, 'a')).not.toEqual(numbers(2, 'a'));
    expect(numbers(1, 'a')).not.toEqual(numbers(1, 'b'));
  });

  test('every mode has its share of the seeds', () => {
    const seen = new Set(Array.from({ length: 100 }, (_, seed) => modeOf(seed)));
    expect([...seen].sort()).toEqual([...modes].sort());
  });
});

/** The quick modes more often: all of it takes a few seconds. */
function seedsOf(mode: Mode): number {
  if (fleetModes.some((one) => one === mode)) return 4;
  return mode === 'mixed' || mode === 'race' ? 50 : 15;
}
