import type { DatabaseSync } from 'node:sqlite';
import { streamKey, type Stream } from '../shared/domain/stream.ts';
import { gridFloor, hours, type Instant } from '../shared/domain/window.ts';
import { expiryOf } from '../shared/log-types/expiry.ts';
import type { LandedHour, StreamState, StreamStates } from '../shared/ports/stream-states.ts';
import { answer } from './answer.ts';
import { inSnapshot, openDatabase } from './database.ts';
import { cursorFromRow, gapFromRow, jobFromRow, lossFromRow, streamFromKey, tokenFailureFromRow } from './ledger/rows.ts';
import { stuckOf } from '../shared/domain/stuck.ts';

/** The states of streams in a lake folder, and which streams there are. */
export interface LocalStreamStates extends StreamStates {
  /** Every stream that has a cursor or a job, with the name of the tenant where a job or a token has it. */
  streams(): Promise<readonly { readonly stream: Stream; readonly tenantName?: string }[]>;
  close(): void;
}

/** The states of the streams in a lake folder's ledger; a run that is going on neither waits for this nor holds it up. */
export function openStreamStates(ledgerFile: string): LocalStreamStates {
  const db = openDatabase(ledgerFile, '', { readOnly: true });
  const sql = prepare(db);
  return {
    tenantId: (tenantName) => answer(() => sql.tenantId.get(tenantName)?.tenant_id as string | undefined),
    tokenFailure: (tenantName) => answer(() => tokenFailureFromRow(sql.tokenFailure?.get(tenantName))),
    read: (streams, since) => answer(() => inSnapshot(db, () => streams.map((stream) => stateOf(sql, stream, since)))),
    streams: () =>
      answer(() =>
        sql.streams.all().map(({ stream, tenant_name: name }) => ({
          stream: streamFromKey(stream as string),
          ...(typeof name === 'string' && { tenantName: name }),
        })),
      ),
    pendingStreams: () =>
      answer(() =>
        sql.pendingStreams.all().map(({ stream, tenant_name: tenantName, jobs }) => ({
          stream: streamFromKey(stream as string),
          tenantName: tenantName as string,
          jobs: jobs as number,
        })),
      ),
    close: () => {
      db.close();
    },
  };
}

type Statements = ReturnType<typeof prepare>;

function prepare(db: DatabaseSync) {
  // A lake of an earlier version has no such table before its next run.
  const knowsFailures = db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'token_failures'").get() !== undefined;
  return {
    ...(knowsFailures && { tokenFailure: db.prepare('SELECT failure FROM token_failures WHERE tenant_name = ?') }),
    tenantId: db.prepare('SELECT tenant_id FROM tenants WHERE tenant_name = ?'),
    streams: db.prepare(`
      SELECT stream, coalesce(
        (SELECT tenant_name FROM jobs WHERE jobs.stream = known.stream ORDER BY finished_at DESC LIMIT 1),
        (SELECT min(tenant_name) FROM tenants WHERE known.stream LIKE '%#' || tenant_id || '#%')) AS tenant_name
      FROM (SELECT stream FROM cursors UNION SELECT DISTINCT stream FROM jobs) AS known ORDER BY stream`),
    pendingStreams: db.prepare(`
      SELECT stream, max(tenant_name) AS tenant_name, count(*) AS jobs FROM jobs WHERE due_at IS NOT NULL GROUP BY stream ORDER BY stream`),
    cursor: db.prepare('SELECT version, body, mean_blob_bytes FROM cursors WHERE stream = ?'),
    pending: db.prepare(`
      SELECT jobs.*, members.members FROM jobs LEFT JOIN members USING (stream, key) WHERE stream = ? AND due_at IS NOT NULL`),
    landed: db.prepare(`
      WITH finished AS (
        SELECT rows, finished_at - finished_at % :hourMs AS hour, coalesce(window_end,
          (SELECT max(value ->> 'created') FROM members, json_each(members.members) WHERE members.stream = jobs.stream AND members.key = jobs.key),
          finished_at) AS newest
        FROM jobs WHERE stream = :stream AND finished_at >= :since AND rows > 0)
      SELECT hour, sum(rows) AS rows, max(newest) AS newest FROM finished GROUP BY hour ORDER BY hour`),
    losses: db.prepare('SELECT * FROM losses WHERE stream = ? ORDER BY created, content_id'),
    gaps: db.prepare('SELECT * FROM gaps WHERE stream = ? ORDER BY from_time, to_time, pass'),
  };
}

function stateOf(sql: Statements, stream: Stream, since: Instant): StreamState {
  const key = streamKey(stream);
  const row = sql.cursor.get(key);
  const cursor = row && cursorFromRow(row);
  const pending = sql.pending.all(key).map(jobFromRow);
  const parked = pending.flatMap(({ state }) => (state.parks > 0 ? [state.dueAt ?? 0] : []));
  const expiries = pending.flatMap(({ job }) => expiryOf(job) ?? []);
  return {
    stream,
    ...(cursor && { cursor }),
    pending: pending.length,
    ...(parked.length > 0 && { parkedUntil: Math.min(...parked) }),
    ...stuckOf(pending),
    ...(expiries.length > 0 && { nextExpiry: Math.min(...expiries) }),
    landed: sql.landed.all({ stream: key, since: gridFloor(since, hours(1)), hourMs: hours(1) }) as unknown as LandedHour[],
    losses: sql.losses.all(key).map(lossFromRow),
    gaps: sql.gaps.all(key).map(gapFromRow),
  };
}
