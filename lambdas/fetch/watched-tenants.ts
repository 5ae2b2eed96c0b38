/** Tenants as the station of absences looks at them. */

import type { Tenant } from '../../shared/domain/tenant.ts';
import type { Ledger } from '../../shared/ports/ledger.ts';
import type { TenantEntry } from '../../shared/ports/tenants.ts';
import type { WatchedTenant } from './find-absences.ts';

/** Those that are switched on, and whose GUID the ledger has: they have been listed once. */
export async function watchedTenants(entries: readonly TenantEntry[], ledger: Pick<Ledger, 'tenantId'>): Promise<WatchedTenant[]> {
  const watched: WatchedTenant[] = [];
  for (const entry of entries) {
    const tenantId = entry.kind === 'tenant' ? await ledger.tenantId(entry.tenant.name) : undefined;
    if (entry.kind === 'tenant' && tenantId !== undefined)
      watched.push({ name: entry.tenant.name, tenantId, streams: streamsOf(entry.tenant, tenantId) });
  }
  return watched;
}

function streamsOf({ managementActivity, graph }: Tenant, tenantId: string): WatchedTenant['streams'] {
  return [managementActivity, graph].flatMap((choice) =>
    (choice?.logTypes ?? []).map((logType) => ({ cloud: choice?.cloud ?? 'global', tenantId, logType })),
  );
}
