/** The list station: finds what one stream published, and makes a fetch job for each piece. */

import { suspensionMs } from '../../shared/domain/retry.ts';
import type { Stream } from '../../shared/domain/stream.ts';
import type { Tenant } from '../../shared/domain/tenant.ts';
import type { LogType } from '../../shared/log-types/log-type.ts';
import type { Cause, Refusal } from '../../shared/ports.ts';
import { listContent } from './list-content.ts';
import { listWindows } from './list-windows.ts';
import { cursorBody, nothingElse, type ListDeps, type Listed, type Listing } from './listing.ts';

/**
 * Lists what one stream published since its cursor.
 *
 * The cursor only moves over what is claimed in the ledger, so a run that dies anywhere is listed again and makes the same jobs.
 */
export async function list(tenant: Tenant, logType: LogType, deps: ListDeps): Promise<Listed> {
  const choice = logType.source.kind === 'content' ? tenant.managementActivity : tenant.graph;
  if (!choice) throw new Error(`tenant '${tenant.name}' does not collect ${logType.id}`);

  const identity = await deps.microsoft.identify(tenant, logType);
  if (identity.kind !== 'ok') return stopped(tenant, logType, identity, deps);
  const stream: Stream = { cloud: choice.cloud, tenantId: identity.value.tenantId, logType: logType.id };
  const listing: Listing = { tenant, logType, stream, deps };

  const cursor = await deps.ledger.readCursor(stream);
  if (cursor?.suspendedUntil !== undefined && cursor.suspendedUntil > deps.clock.now())
    return { kind: 'suspended', until: cursor.suspendedUntil };

  const listed = logType.source.kind === 'content' ? await listContent(listing, cursor) : await listWindows(listing, cursor);
  if (listed.kind !== 'stopped') return listed;
  if (listed.by.kind === 'refused') await suspend(listing, listed.by.cause);
  return stopped(tenant, logType, listed.by, deps);
}

/** A stream that is refused keeps its cursor and is probed again later: an outage shorter than Microsoft's retention loses nothing. */
async function suspend({ stream, deps }: Listing, cause: Cause): Promise<void> {
  const cursor = await deps.ledger.readCursor(stream);
  if (!cursor) return;
  const body = { ...cursorBody(cursor), suspendedUntil: deps.clock.now() + suspensionMs, suspendedBecause: cause.code };
  await deps.ledger.commitCursor(stream, cursor.version, body, nothingElse);
}

function stopped(tenant: Tenant, logType: LogType, by: Refusal, deps: ListDeps): Listed {
  const fields = {
    tenant: tenant.name,
    logType: logType.id,
    kind: by.kind,
    code: by.cause.code,
    message: by.cause.message,
    cure: by.cause.cure,
  };
  if (by.kind === 'refused' || by.kind === 'not-offered') deps.log.error('listing was refused', fields);
  else deps.log.warn('listing stopped early', fields);
  return { kind: 'stopped', by };
}
