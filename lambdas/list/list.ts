/** The list station: finds what one stream published, and makes a fetch job for each piece. */

import { isInTheFuture } from '../../shared/domain/clock.ts';
import { suspensionMs } from '../../shared/domain/retry.ts';
import type { Stream } from '../../shared/domain/stream.ts';
import type { Tenant } from '../../shared/domain/tenant.ts';
import type { Instant } from '../../shared/domain/window.ts';
import type { LogType } from '../../shared/log-types/log-type.ts';
import type { Cursor } from '../../shared/ports/ledger.ts';
import type { Cause, Refusal } from '../../shared/ports/microsoft.ts';
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

  const streamOf = (tenantId: string): Stream => ({ cloud: choice.cloud, tenantId, logType: logType.id });

  // Known without a token, so that a credential that was refused is not tried before its time.
  const knownId = await deps.ledger.tenantId(tenant.name);
  const known = knownId === undefined ? undefined : await read(streamOf(knownId), deps);
  if (known && isSuspended(known, deps)) return { kind: 'suspended', until: known.suspendedUntil };

  const identity = await deps.microsoft.identify(tenant, logType);
  if (identity.kind !== 'ok') {
    if (known) await noteRefusal(known.stream, identity, deps);
    else await noteNoToken(tenant, identity, deps);
    return stopped(tenant, logType, identity, deps);
  }
  const { tenantId } = identity.value;
  if (tenantId !== knownId) await deps.ledger.noteTenantId(tenant.name, tenantId);
  const found = known?.stream.tenantId === tenantId ? known : await read(streamOf(tenantId), deps);
  return isSuspended(found, deps) ? { kind: 'suspended', until: found.suspendedUntil } : listFrom(tenant, logType, found, deps);
}

async function listFrom(tenant: Tenant, logType: LogType, { stream, cursor }: StreamFound, deps: ListDeps): Promise<Listed> {
  const listing: Listing = { tenant, logType, stream, deps };
  const listed = logType.source.kind === 'content' ? await listContent(listing, cursor) : await listWindows(listing, cursor);
  if (listed.kind === 'listed' && cursor?.failing) await noteFailing(stream, undefined, deps);
  if (listed.kind !== 'stopped') return listed;
  await noteRefusal(stream, listed.by, deps);
  return stopped(tenant, logType, listed.by, deps);
}

/** A stream, and its state when the list began. */
interface StreamFound {
  readonly stream: Stream;
  readonly cursor: Cursor | undefined;
  /** In the past for one that may be listed. */
  readonly suspendedUntil: Instant;
}

async function read(stream: Stream, { ledger }: ListDeps): Promise<StreamFound> {
  const cursor = await ledger.readCursor(stream);
  return { stream, cursor, suspendedUntil: cursor?.suspendedUntil ?? 0 };
}

/** A suspension lasts an hour: one that ends later than that was noted by a clock that was ahead, and is over. */
function isSuspended({ suspendedUntil }: StreamFound, { clock }: ListDeps): boolean {
  const now = clock.now();
  return suspendedUntil > now && !isInTheFuture(suspendedUntil, now + suspensionMs);
}

/** Notes, for whoever asks how the tenant stands, why it has never had a token; once for each cause. */
async function noteNoToken({ name }: Tenant, { kind, cause }: Refusal, { ledger, clock }: ListDeps): Promise<void> {
  const noted = await ledger.tokenFailure(name);
  if (noted?.cause.code === cause.code) return;
  await ledger.noteTokenFailure(name, { since: noted?.since ?? clock.now(), isRefused: kind === 'refused', cause });
}

/** Throttling passes by itself, and is met every day. */
async function noteRefusal(stream: Stream, by: Refusal, deps: ListDeps): Promise<void> {
  if (by.kind === 'refused') await suspend(stream, by.cause, deps);
  else if (by.kind !== 'throttled') await noteFailing(stream, by.cause.code, deps);
}

/** Notes once, for whoever asks how the stream stands, that its list fails, or that it does no more. What holds an hour back is noted already. */
async function noteFailing(stream: Stream, because: string | undefined, { ledger, clock }: ListDeps): Promise<void> {
  const cursor = await ledger.readCursor(stream);
  const { failing, ...body } = cursor ? cursorBody(cursor) : { watermarks: [] as const };
  if (failing?.because === because || (because !== undefined && body.heldBackBy)) return;
  const noted = because === undefined ? body : { ...body, failing: { since: failing?.since ?? clock.now(), because } };
  await ledger.commitCursor(stream, cursor?.version ?? 0, noted, nothingElse);
}

/** A stream that is refused keeps its cursor and is probed again later: an outage shorter than Microsoft's retention loses nothing. */
async function suspend(stream: Stream, cause: Cause, { ledger, clock }: ListDeps): Promise<void> {
  const cursor = await ledger.readCursor(stream);
  const body = cursor ? cursorBody(cursor) : { watermarks: [] };
  const suspended = { ...body, suspendedUntil: clock.now() + suspensionMs, suspendedBecause: cause.code };
  await ledger.commitCursor(stream, cursor?.version ?? 0, suspended, nothingElse);
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
  if (by.kind === 'refused' || by.kind === 'not-offered' || by.cause.code === 'clock') deps.log.error('listing was refused', fields);
  else deps.log.warn('listing stopped early', fields);
  return { kind: 'stopped', by };
}
