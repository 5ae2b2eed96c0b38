/** The tenant that a simulated run collects from: every log type that the simulator has, with the secret that the simulator knows. */

import type { Tenant } from '../../shared/domain/tenant.ts';
import type { Instant } from '../../shared/domain/window.ts';
import { logTypes } from '../../shared/log-types/index.ts';
import type { Tenants } from '../../shared/ports/tenants.ts';
import { simulatedLogTypes } from '../../simulator/log-types/index.ts';
import type { World } from '../../simulator/world.ts';

/** @param collectFrom Nothing older is asked for. */
export function simulatedTenantConfig(world: World, collectFrom: Instant): Tenant {
  const [tenant] = world.tenants;
  const [app] = tenant?.apps ?? [];
  if (!tenant || !app) throw new Error('the simulated world has no tenant with an app');
  const collected = logTypes.filter(({ id }) => isSimulated(id));
  const idsOf = (kind: 'content' | 'windows'): string[] => collected.filter(({ source }) => source.kind === kind).map(({ id }) => id);
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

/**
 * What a simulated run prints before its first list: a log type that is not simulated would be asked for again and again, for nothing.
 *
 * @param ids Of the catalog.
 */
export function notSimulated(ids: readonly string[]): readonly string[] {
  const missing = ids.filter((id) => !isSimulated(id));
  return missing.map(
    (id) =>
      `${id} is not collected: the simulator does not have it. Add simulator/log-types/${id}.ts and its line in simulator/log-types/index.ts`,
  );
}

function isSimulated(id: string): boolean {
  return simulatedLogTypes.some((logType) => logType.id === id);
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
