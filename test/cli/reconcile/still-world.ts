/** A small tenant of which nothing new becomes available: what lies in a lake can be compared at leisure. */

import { simulatedTenantConfig } from '../../../cli/run/simulated-tenant.ts';
import { seededWorld } from '../../../simulator/seeded-world.ts';
import { simulatedTenant } from '../../../simulator/tenants.ts';
import type { World } from '../../../simulator/world.ts';
import { gridFloor, hours, minutes } from '../../../shared/domain/window.ts';
import { fastClock } from '../../fakes/fast-clock.ts';

export function stillWorld() {
  // A quarter past an hour: no later pass comes due while the test runs. Not in the future, for files are written now.
  const clock = fastClock(30, gridFloor(Date.now() - minutes(45), hours(1)) - minutes(45));
  const startAt = clock.now();
  const tenants = [simulatedTenant({ name: 'contoso', subscribed: [] })];
  const world = still(seededWorld({ seed: 'reconcile', startAt, tenants, recordsPerDay: 8_000 }));
  return { clock, world, tenant: simulatedTenantConfig(world, startAt - hours(4)) };
}

/** Nothing becomes available or due any more: what an old ledger does not know lies in the lake. */
function still(living: World): World {
  const { startAt, tenants } = living;
  return {
    ...living,
    tenants,
    blobs: (...of) => living.blobs(...of).filter(({ visibleAt }) => visibleAt <= startAt),
    versions: (...of) => living.versions(...of).filter(({ visibleFrom, time }) => visibleFrom <= startAt && time <= startAt - minutes(20)),
  };
}
