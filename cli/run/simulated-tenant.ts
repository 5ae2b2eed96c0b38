/** The tenant that a simulated run collects from: every log type of the catalog, with the secret that the simulator knows. */

import type { Tenant } from '../../shared/domain/tenant.ts';
import type { Instant } from '../../shared/domain/window.ts';
import { logTypes } from '../../shared/log-types/index.ts';
import type { Tenants } from '../../shared/ports/tenants.ts';
import type { World } from '../../simulator/world.ts';

/** @param collectFrom Nothing older is asked for. */
export function simulatedTenantConfig(world: World, collectFrom: Instant): Tenant {
  const [tenant] = world.tenants;
  const [app] = tenant?.apps ?? [];
  if (!tenant || !app) throw new Error('the simulated world has no tenant with an app');
  const idsOf = (kind: 'content' | 'windows'): string[] => logTypes.filter(({ source }) => source.kind === kind).map(({ id }) => id);
  return {
    name: tenant.name,
    tenantDomain: tenant.domains[0] ?? tenant.tenantId,
    clientId: app.clientId,
    credentialKind: 'secret',
    managementActivity: { cloud: 'enterprise', logTypes: idsOf('content') },
    graph: { cloud: 'global', logTypes: idsOf('windows') },
    collectFrom,
  };
}

/** The Tenants port over this one tenant, with the secret that the simulated world knows. */
export function tenantsInMemory(tenant: Tenant, world: World): Tenants {
  const secret = world.tenants[0]?.apps[0]?.secrets[0]?.value ?? '';
  return {
    list: () => Promise.resolve([{ kind: 'tenant', tenant }]),
    byName: (name) => Promise.resolve(name === tenant.name ? tenant : undefined),
    credential: () => Promise.resolve({ kind: 'secret', secret }),
  };
}
