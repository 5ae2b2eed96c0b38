/** What stands in the ledger's tables, as the domain's values and back. The tables are strict, so a row's types are trusted. */

import type { SQLOutputValue } from 'node:sqlite';
import { jobKey, type FetchJob, type JobRecord, type JobRef, type JobState, type Member } from '../../shared/domain/fetch-job.ts';
import type { EvidenceNote } from '../../shared/domain/evidence/manifest.ts';
import { unpackSealed } from '../../shared/domain/sealed-object.ts';
import { streamKey, type Stream } from '../../shared/domain/stream.ts';
import type { Cursor, CursorBody, Deliveries, Gap, Loss, Notice, TokenFailure } from '../../shared/ports/ledger.ts';

/** A row as SQLite answers it: column name to value. */
export type Row = Record<string, SQLOutputValue>;

const notOfAPass = -1;

/** The cursor of a row of `cursors`; undefined for one that only a mean was noted in (version 0). */
export function cursorFromRow(row: Row): Cursor | undefined {
  if (row.version === 0) return undefined;
  const { version, body, mean_blob_bytes: mean } = row as { version: number; body: string; mean_blob_bytes: number | null };
  return { ...(JSON.parse(body) as CursorBody), version, ...(mean === null ? {} : { meanBlobBytes: mean }) };
}

/** A new job's row; the members have a row of their own. */
export function jobToRow(job: FetchJob, dueAt: number, malformed: readonly number[]) {
  const { members: _members, ...fixed } = { members: undefined, ...job };
  return {
    stream: streamKey(job.stream),
    key: jobKey(job),
    tenantName: job.tenantName,
    job: JSON.stringify(fixed),
    windowStart: job.kind === 'window' ? job.window.start : null,
    windowEnd: job.kind === 'window' ? job.window.end : null,
    pass: job.kind === 'window' ? job.pass : null,
    dueAt,
    malformed: JSON.stringify(malformed),
  };
}

/** What a final job's row says that a new one's does not. */
export function finalToRow({ state, finishedAt, fates, rows, bytes, version }: JobState) {
  return { state, finishedAt: finishedAt ?? null, fates: fates ?? null, rows: rows ?? null, bytes: bytes ?? null, version };
}

/** The job of a row of `jobs`, joined with its `members`. */
export function jobFromRow(row: Row): JobRecord {
  const fixed = JSON.parse(row.job as string) as FetchJob;
  if (fixed.kind === 'window') return { job: fixed, state: stateFromRow(row) };
  return { job: { ...fixed, members: JSON.parse(row.members as string) as Member[] }, state: stateFromRow(row) };
}

function stateFromRow(row: Row): JobState {
  return {
    state: row.state as JobState['state'],
    starts: row.starts as number,
    parks: row.parks as number,
    malformed: JSON.parse(row.malformed as string) as number[],
    version: row.version as number,
    ...(row.due_at === null ? {} : { dueAt: row.due_at as number }),
    // An older lake that is read only has no such column.
    ...(typeof row.because === 'string' && { because: row.because }),
    ...(row.fates === null ? {} : { fates: row.fates as string }),
    ...(row.finished_at === null ? {} : { finishedAt: row.finished_at as number }),
    ...(row.rows === null ? {} : { rows: row.rows as number }),
    ...(row.bytes === null ? {} : { bytes: row.bytes as number }),
    ...(typeof row.objects === 'string' && { objects: unpackSealed(row.objects) }),
  };
}

/** Where a job is and when it is due, of a row of `jobs`. */
export function dueJobFromRow(row: Row): { readonly ref: JobRef; readonly dueAt: number } {
  const {
    stream,
    key,
    tenant_name: tenantName,
    due_at: dueAt,
  } = row as { stream: string; key: string; tenant_name: string; due_at: number };
  return { ref: { stream: streamFromKey(stream), tenantName, key }, dueAt };
}

/** A row of `evidence_notes`. */
export function noteToRow({ dataset, id, entries }: EvidenceNote) {
  return { dataset, id, entries: JSON.stringify(entries) };
}

/** A row of `losses`. */
export function lossToRow(loss: Loss) {
  return { stream: streamKey(loss.stream), contentId: loss.contentId, reason: loss.reason, jobId: loss.jobId, created: loss.created };
}

/** The loss of a row of `losses`. */
export function lossFromRow(row: Row): Loss {
  return {
    stream: streamFromKey(row.stream as string),
    contentId: row.content_id as string,
    reason: row.reason as Loss['reason'],
    jobId: row.job_id as string,
    created: row.created as number,
  };
}

/** Why a tenant has never had a token; undefined without a row. */
export function tokenFailureFromRow(row: Row | undefined): TokenFailure | undefined {
  return row && (JSON.parse(row.failure as string) as TokenFailure);
}

/** A finding of the outbox, of a row of `notices`. */
export function noticeFromRow(row: Row): Notice {
  const {
    finding_id: findingId,
    finding,
    at,
    deliveries,
  } = row as { finding_id: string; finding: string; at: number; deliveries: string | null };
  return { findingId, finding, at, ...(deliveries !== null && { deliveries: JSON.parse(deliveries) as Deliveries }) };
}

/** A row of `gaps`. */
export function gapToRow(gap: Gap) {
  return { stream: streamKey(gap.stream), from: gap.from, to: gap.to, pass: gap.pass ?? notOfAPass, reason: gap.reason };
}

/** The gap of a row of `gaps`. */
export function gapFromRow(row: Row): Gap {
  return {
    stream: streamFromKey(row.stream as string),
    from: row.from_time as number,
    to: row.to_time as number,
    reason: row.reason as string,
    ...(row.pass === notOfAPass ? {} : { pass: row.pass as number }),
  };
}

/** None of a key's three parts can hold a `#`: they are our own ids and a GUID. */
export function streamFromKey(key: string): Stream {
  const [cloud, tenantId, logType] = key.split('#');
  return { cloud, tenantId, logType } as Stream;
}
