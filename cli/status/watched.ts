/** Whom `lake status` reports. */

import type { LogTypeChoice } from '../../shared/domain/tenant.ts';
import { streamKey, type Stream } from '../../shared/domain/stream.ts';
import { isLogTypeId, logTypeById } from '../../shared/log-types/index.ts';
import type { TenantEntry } from '../../shared/ports/tenants.ts';
import { idsWaiting, isSwitchedOn, nameOf, type TenantStore } from '../tenants/tenant-store.ts';
import { keyOf } from '../tenants/draft.ts';
import type { Watched } from './lake-status.ts';

/** The tenants of a store, switched on or not, or the one of this name. */
export async function watchedAt(store: TenantStore, name: string | undefined): Promise<Watched[]> {
  const entries = (await store.entries()).filter((entry) => name === undefined || nameOf(entry) === name);
  return Promise.all(entries.map((entry) => watchedOf(store, entry)));
}

async function watchedOf(store: TenantStore, entry: TenantEntry): Promise<Watched> {
  if (entry.kind === 'broken') return entry;
  const config = (await store.config(entry.tenant.name)) ?? {};
  return { kind: 'tenant', tenant: entry.tenant, isEnabled: isSwitchedOn(config), waiting: idsWaiting(config) };
}

/** Who is in a ledger, where no tenants file says it: a simulation, or tenants of a file that is elsewhere. */
export function watchedInLedger(
  all: readonly { readonly stream: Stream; readonly tenantName?: string }[],
  isSimulated: boolean,
): Watched[] {
  const known = all.filter(({ stream }) => isLogTypeId(stream.logType));
  const byTenant = Map.groupBy(known, ({ stream }) => stream.tenantId);
  return [...byTenant].map(([tenantId, some]) => {
    const name = some.find(({ tenantName }) => tenantName !== undefined)?.tenantName ?? tenantId;
    const streams = some.map(({ stream }) => stream).sort(byKey);
    const [managementActivity, graph] = [choiceOf(streams, 'managementActivity'), choiceOf(streams, 'graph')];
    const tenant = { name, tenantDomain: tenantId, clientId: '', credentialKind: 'secret' as const };
    const chosen = { ...(managementActivity && { managementActivity }), ...(graph && { graph }) };
    return { kind: 'tenant', tenant: { ...tenant, ...chosen }, isEnabled: true, waiting: [], ...(isSimulated && { isSimulated }) };
  });
}

/** The streams of one API, in the first of their clouds: a tenant is in one. */
function choiceOf(streams: readonly Stream[], key: 'managementActivity' | 'graph'): LogTypeChoice | undefined {
  const own = streams.filter(({ logType }) => keyOf(logTypeById(logType)) === key);
  const [first] = own;
  return first && { cloud: first.cloud, logTypes: own.filter(({ cloud }) => cloud === first.cloud).map(({ logType }) => logType) };
}

const byKey = (a: Stream, b: Stream): number => (streamKey(a) < streamKey(b) ? -1 : 1);
