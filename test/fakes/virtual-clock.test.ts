import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { clockContract } from '../contracts/clock-contract.ts';
import { VirtualClock } from './virtual-clock.ts';

describe('the virtual clock', () => {
  clockContract(() => {
    const clock = new VirtualClock(0);
    return { clock, pass: (ms) => clock.advance(ms) };
  });

  test('stands still until it is moved', async () => {
    const clock = new VirtualClock(1_000);
    let isOver = false;
    void clock.sleep(1).then(() => (isOver = true));
    await new Promise((resolve) => setImmediate(resolve));
    expect([clock.now(), isOver]).toEqual([1_000, false]);
    await clock.advance(1);
    expect([clock.now(), isOver]).toEqual([1_001, true]);
  });

  test('moves from timer to timer, each at its own time, also those set on the way', async () => {
    const clock = new VirtualClock(0);
    const rings: number[] = [];
    const tick = async (): Promise<void> => {
      for (let count = 0; count < 3; count += 1) {
        await clock.sleep(10);
        rings.push(clock.now());
      }
    };
    void tick();
    await clock.advance(25);
    expect(rings).toEqual([10, 20]);
    expect([clock.now(), clock.nextAt]).toEqual([25, 30]);
    expect(clock.next(29)).toBe(false);
    expect(clock.next()).toBe(true);
    expect(clock.now()).toBe(30);
  });

  test('timers ring by time, those of one instant in the order they were set', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 20 })), (times) => {
        const clock = new VirtualClock(0);
        const rung: number[] = [];
        times.forEach((at, index) => {
          clock.schedule(at, () => rung.push(index));
        });
        while (clock.next());
        const expected = times.map((at, index) => ({ at, index })).sort((a, b) => a.at - b.at || a.index - b.index);
        expect(rung).toEqual(expected.map(({ index }) => index));
      }),
    );
  });
});
