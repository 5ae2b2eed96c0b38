/** Plays the Microsoft that a lake folder simulates: for its run, and for whoever compares the lake with it later. */

import { logTypes } from '../../shared/log-types/index.ts';
import type { Tenant } from '../../shared/domain/tenant.ts';
import { hours } from '../../shared/domain/window.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Tenants } from '../../shared/ports/tenants.ts';
import { recordsWorld, type Skipped } from '../../simulator/records-world.ts';
import { seededWorld } from '../../simulator/seeded-world.ts';
import { startSimulator, type Simulator } from '../../simulator/simulator.ts';
import { simulatedTenant } from '../../simulator/tenants.ts';
import type { SimulatedTenant, World } from '../../simulator/world.ts';
import { simulatedTenantConfig, tenantsInMemory } from './simulated-tenant.ts';
import type { Simulation } from './simulation.ts';

interface Played {
  readonly world: World;
  readonly skipped: readonly Skipped[];
  readonly simulator: Simulator;
  readonly tenant: Tenant;
  readonly tenants: Tenants;
}

/** Seed data begins this long before the simulation; nothing older is asked for. */
const seedDataMs = hours(24);

/** The same simulation serves the same records, whenever it is played. The caller closes the simulator. */
export async function playSimulation(simulation: Simulation, clock: Clock): Promise<Played> {
  const { world, skipped } = await worldOf(simulation);
  const tenant = simulatedTenantConfig(world, simulation.startAt - seedDataMs);
  // Microsoft's own retired alerts API answers with nothing; here it shows what its log type would land.
  const simulator = await startSimulator({ world, clock, quirks: { legacyAlerts: 'served' } });
  return { world, skipped, simulator, tenant, tenants: tenantsInMemory(tenant, world) };
}

/** A subscription that an earlier run started is still there: Microsoft does not forget when a collector is killed. */
function tenantsOf({ isRemembered }: Simulation): SimulatedTenant[] {
  const contentTypes = logTypes.flatMap(({ source }) => (source.kind === 'content' ? [source.contentType] : []));
  return [simulatedTenant({ name: 'contoso', subscribed: isRemembered ? contentTypes : [] })];
}

async function worldOf(simulation: Simulation): Promise<{ world: World; skipped: readonly Skipped[] }> {
  const { startAt, seed, records } = simulation;
  const tenants = tenantsOf(simulation);
  if (records === undefined) return { world: seededWorld({ seed: String(seed), startAt, tenants }), skipped: [] };
  const world = await recordsWorld({ folder: records, startAt, tenants });
  return { world, skipped: world.skipped };
}
