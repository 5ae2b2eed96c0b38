import { expect, test } from '@jest/globals';
import type { Clock } from '../../shared/ports/clock.ts';

/** What every clock keeps. @param pass Lets at least so many milliseconds pass, where time does not pass by itself. */
export function clockContract(make: () => { readonly clock: Clock; readonly pass: (ms: number) => Promise<void> }): void {
  test('a sleep ends when its time has passed, not before', async () => {
    const { clock, pass } = make();
    const start = clock.now();
    const sleep = clock.sleep(5).then(() => clock.now());
    await pass(20);
    // A timer may ring within the last millisecond.
    expect((await sleep) - start).toBeGreaterThanOrEqual(4);
  });

  test('sleeps end in the order of their ends', async () => {
    const { clock, pass } = make();
    const ended: string[] = [];
    const sleeps = [
      clock.sleep(30).then(() => ended.push('long')),
      clock.sleep(0).then(() => ended.push('none')),
      clock.sleep(10).then(() => ended.push('short')),
    ];
    await pass(50);
    await Promise.all(sleeps);
    expect(ended).toEqual(['none', 'short', 'long']);
  });
}
