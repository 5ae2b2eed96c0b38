/** The tenants of the measurement, as the parameter store and the simulator both know them. */

import type { Parameter } from '@aws-sdk/client-ssm';
import { configPath, credentialPath, type TenantPaths } from '../shared/aws/tenant-parameters.ts';
import { simulatedTenant } from '../simulator/tenants.ts';
import type { SimulatedTenant } from '../simulator/world.ts';

export const idleTenantName = (index: number): string => `tenant-${String(index).padStart(4, '0')}`;

export function idleTenants(count: number): SimulatedTenant[] {
  return Array.from({ length: count }, (_, index) => simulatedTenant({ name: idleTenantName(index) }));
}

/** Both parameters of each tenant, in the order of their names. */
export function parametersOf(tenants: readonly SimulatedTenant[], paths: TenantPaths, logTypes: readonly string[]): Parameter[] {
  return tenants.flatMap(({ name, domains, apps }) => {
    const config = {
      tenantDomain: domains[0],
      clientId: apps[0]?.clientId,
      credential: { kind: 'secret' },
      managementActivity: { cloud: 'enterprise', logTypes },
    };
    return [
      { Name: configPath(paths, 'enterprise', name), Type: 'String', Value: JSON.stringify(config) },
      { Name: credentialPath(paths, 'enterprise', name), Type: 'SecureString', Value: apps[0]?.secrets[0]?.value },
    ] satisfies Parameter[];
  });
}
