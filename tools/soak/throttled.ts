/** Microsoft says "too many requests, come back in a minute" for minutes: nobody may ask more often than that. */

import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../../local/clock.ts';
import { parseFaults } from '../../simulator/faults.ts';
import { routes } from '../../simulator/routes.ts';
import { seededWorld } from '../../simulator/seeded-world.ts';
import { startSimulator, type Simulator } from '../../simulator/simulator.ts';
import { simulatedTenant } from '../../simulator/tenants.ts';
import { hours, minutes } from '../../shared/domain/window.ts';
import { makePlace, startProduct } from './product.ts';

const retryAfterSeconds = 60;

/**
 * Runs the product against a simulator that throttles.
 *
 * @returns Whether it obeyed every Retry-After and landed everything exactly once.
 */
export async function soakThrottled(minutesLong: number, seed: number): Promise<boolean> {
  const startAt = systemClock.now();
  const world = seededWorld({
    seed: `throttled ${String(seed)}`,
    startAt,
    tenants: [simulatedTenant({ name: 'contoso', subscribed: [] })],
  });
  const place = await makePlace(world, startAt - hours(4));
  // Ten years of one API are an hour to the collector, and hold nothing else.
  const answerOf = (route: string) => (route === 'alerts' ? '429-retry-after-years' : '429-retry-after');
  const throttled = routes.filter((route) => route !== 'token');
  const script = throttled.map((route) => ({ from: '+0s', until: '+1d', route, answer: answerOf(route) }));
  const simulator = await startSimulator({ world, clock: systemClock, faults: parseFaults({ script, retryAfterSeconds }) });
  const run = startProduct(place, simulator, 'for ever');
  try {
    await Promise.race([sleep(minutes(minutesLong)), run.ended]);
    const streams = (place.tenant.managementActivity?.logTypes.length ?? 0) + (place.tenant.graph?.logTypes.length ?? 0);
    const asked = throttledRequests(simulator);
    const allowed = streams * (minutesLong + 1);
    console.log(
      `throttled for ${String(minutesLong)} minutes: ${String(asked)} requests of ${String(streams)} streams, ${String(allowed)} are one a minute and stream`,
    );
    return asked > 0 && asked <= allowed && run.child.exitCode === null;
  } finally {
    run.child.kill('SIGKILL');
    await run.ended;
    await simulator.close();
    await place.remove();
  }
}

function throttledRequests({ requestLog }: Simulator): number {
  return [...requestLog.faults].reduce((sum, [fault, count]) => sum + (fault.startsWith('429') ? count : 0), 0);
}
