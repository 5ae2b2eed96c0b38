import { contentJob, jobRef, windowJob, type ContentJob, type JobRef, type Member, type WindowJob } from '../../shared/domain/fetch-job.ts';
import type { Stream } from '../../shared/domain/stream.ts';
import { days, type Instant, type Window } from '../../shared/domain/window.ts';
import type { Finish } from '../../shared/ports/ledger.ts';

/** A time of the day that the contracts take place on. */
export const at = (time: string): Instant => Date.parse(`2026-11-22T${time}:00Z`);

/** A tenant's GUID. */
export const contoso = '6f1c2a52-0a5d-4c7e-9d38-3c0d8f1b7a10';
/** Another tenant's GUID. */
export const fabrikam = 'a3b7d9e4-58c1-4f60-8e2b-1d9c7f504b22';

/** A stream of content. */
export const exchange: Stream = { cloud: 'enterprise', tenantId: contoso, logType: 'audit-exchange' };
/** Another stream of content, of the same tenant. */
export const sharePoint: Stream = { cloud: 'enterprise', tenantId: contoso, logType: 'audit-sharepoint' };
/** A stream of windows. */
export const signIns: Stream = { cloud: 'global', tenantId: contoso, logType: 'sign-ins-interactive' };

/** A content blob, served for seven days from its creation. */
export function member(name: string, created = at('08:00')): Member {
  const contentId = `20261122080000000000000$20261122080000000000000$${name}$Audit_Exchange`;
  const contentUri = `https://manage.office.com/api/v1.0/${contoso}/activity/feed/audit/${contentId}`;
  return { contentId, contentUri, created, expires: created + days(7) };
}

/** A job of Exchange blobs with these names, made at 09:00. */
export function blobs(...names: string[]): ContentJob {
  return blobsOf(exchange, ...names);
}

/** A job of blobs of another stream. */
export function blobsOf(stream: Stream, ...names: string[]): ContentJob {
  return contentJob(
    stream,
    'contoso',
    names.map((name) => member(name)),
    at('09:00'),
  );
}

/** A window between two times of day. */
export function span(start: string, end: string): Window {
  return { start: at(start), end: at(end) };
}

/** A window job of one pass. */
export function pass(number: number, start: string, end: string, stream = signIns): WindowJob {
  return windowJob(stream, 'contoso', span(start, end), number, at('09:00'));
}

/** When the jobs of samples are due, unless a test says otherwise. */
export const due = at('09:15');
/** For commits without jobs and gaps. */
export const nothing = { jobs: [], gaps: [], dueAt: due };

/** The write that ends a job: no rows, no losses, no children, but for what is given. */
export function finish(more: Partial<Finish> = {}): Finish {
  return { finishedAt: at('09:05'), rows: 7, bytes: 700, losses: [], children: [], gaps: [], ...more };
}

/** A job that is in no ledger. */
export const unknownJob: JobRef = jobRef(blobs('nobody-made-this'));
