/** A simulator of many tenants, nearly all of them idle, in a process of its own. Arguments: tenants, how many of them are busy. */

import { systemClock } from '../../local/clock.ts';
import { benchWorld } from '../../simulator/bench-world.ts';
import { startSimulator } from '../../simulator/simulator.ts';
import { simulatedTenant } from '../../simulator/tenants.ts';
import type { World } from '../../simulator/world.ts';
import { idleTenantName } from '../idle-tenants.ts';

const [tenants = 0, busy = 0] = process.argv.slice(2).map(Number);
const subscribed = ['Audit.AzureActiveDirectory', 'Audit.Exchange', 'Audit.SharePoint', 'Audit.General', 'DLP.All'];
const startAt = systemClock.now();
const all = Array.from({ length: tenants }, (_, index) => simulatedTenant({ name: idleTenantName(index), subscribed }));
const worlds = new Map(all.slice(0, busy).map((tenant) => [tenant.tenantId, benchWorld({ startAt, tenant, records: 2_000, blobs: 400 })]));
const world: World = {
  startAt,
  tenants: all,
  records: 'given',
  blobs: (tenantId, logTypeId, window) => worlds.get(tenantId)?.blobs(tenantId, logTypeId, window) ?? [],
  blob: (tenantId, contentId) => worlds.get(tenantId)?.blob(tenantId, contentId),
  versions: () => [],
};
const simulator = await startSimulator({ world, clock: systemClock, throttle: 'off' });
process.send?.({ baseUrl: simulator.baseUrl });
