/** The streams of a seed: one, or several of several tenants. */

import type { Tenant } from '../../shared/domain/tenant.ts';
import type { Environment } from './environment.ts';
import { Harness } from './harness.ts';
import type { Plan } from './plan.ts';

/** The names of tenants, and their ids. */
const tenants = [
  { name: 'contoso', tenantId: '6f1c2a52-0a5d-4c7e-9d38-3c0d8f1b7a10' },
  { name: 'fabrikam', tenantId: '0b7e4f1d-93c2-4a58-8e16-5d2f9c3a7b64' },
] as const;

/** A harness for each stream, two of a tenant; of a plan that names no others for the one there is. */
export function streamsOf(plan: Plan, environment: Environment<Harness>, broken: (invariant: string, how: string) => void): Harness[] {
  const plans = plan.fleet?.streams ?? [plan];
  return plans.map((own, index) => {
    const { name, tenantId } = tenants[Math.floor(index / 2) % tenants.length] ?? tenants[0];
    const logType = own.rows?.logType ?? 'audit-general';
    const tenant = tenantOf(name, plan, plan.fleet ? undefined : logType);
    return new Harness(own, environment, { tenant, stream: { cloud: own.rows ? 'global' : 'enterprise', tenantId, logType } }, broken);
  });
}

/** @param only Its one log type, where it has one. */
function tenantOf(name: string, plan: Plan, only: string | undefined): Tenant {
  return {
    name,
    tenantDomain: `${name}.onmicrosoft.com`,
    clientId: '22222222-2222-4222-8222-222222222222',
    credentialKind: 'secret',
    managementActivity: { cloud: 'enterprise', logTypes: [only ?? 'audit-general'] },
    graph: { cloud: 'global', logTypes: [only ?? 'sign-ins-interactive'] },
    ...(plan.begunEarlier === undefined ? { collectFrom: plan.start } : {}),
  };
}
