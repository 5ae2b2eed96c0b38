/** The Office 365 Management Activity API: subscriptions, lists of content, content blobs. Subscriptions are never stopped. */

import { readFile, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import type { Member } from '../domain/fetch-job.ts';
import { days, gridFloor, hours, isoSeconds, seconds, type Window } from '../domain/window.ts';
import type { Log } from '../ports/log.ts';
import type { Answer, FetchedBlob, Refusal, Subscription } from '../ports/microsoft.ts';
import { alreadyEnabled, badPageToken } from './activity-errors.ts';
import type { ApiCalls, Session } from './api-call.ts';
import { instantOf } from './instant-of.ts';
import { refuse } from './refuse.ts';
import { factsOf, type FileFacts } from './body-ends.ts';
import { isErrorBody, longestErrorBytes } from './error-body.ts';
import type { HttpReply } from './http.ts';
import { jsonOf } from './json.ts';
import type { Limits } from './limits.ts';
import { feedPath, guardContentUri, guardNextPageUri, ownUrl, type Guarded, type GuardedUrl } from './url-guard.ts';
import { brackets, wrongBody } from './wrong-body.ts';

/** What the calls of the Management Activity API need. */
export interface ManagementActivityDeps {
  readonly calls: ApiCalls;
  readonly log: Log;
  readonly limits: Limits;
}

const subscriptionRows = z.array(z.object({ contentType: z.string(), status: z.string().optional() }));

/** Every content type that was ever started; a row without status counts as not enabled. */
export async function listSubscriptions(
  session: Session,
  { calls, limits }: ManagementActivityDeps,
): Promise<Answer<readonly Subscription[]>> {
  const into = { kind: 'memory', maxBytes: limits.smallBytes } as const;
  const sent = await calls.send(session, { method: 'GET', url: feedUrl(session, 'list', {}), into, asked: 'feed' });
  if (sent.kind === 'failed') return sent.refusal;
  const rows = subscriptionRows.safeParse(jsonOf(sent.reply.body));
  if (!rows.success) return notAList('the list of subscriptions', sent.reply);
  const value = rows.data.map(({ contentType, status }) => ({ contentType, isEnabled: status?.toLowerCase() === 'enabled' }));
  return { kind: 'ok', value };
}

/** Starts the subscription; one that is enabled already is what was asked for. Microsoft wants 15 minutes between starts. */
export async function startSubscription(session: Session, { calls, limits }: ManagementActivityDeps): Promise<Answer<null>> {
  const url = feedUrl(session, 'start', { contentType: contentTypeOf(session) });
  const sent = await calls.send(session, { method: 'POST', url, into: { kind: 'memory', maxBytes: limits.smallBytes }, asked: 'feed' });
  return sent.kind === 'ok' || sent.refusal.cause.code === alreadyEnabled ? { kind: 'ok', value: null } : sent.refusal;
}

/**
 * All pages of what became available within the window; a contentId may be there twice.
 *
 * A page token that Microsoft no longer accepts begins the list again, once.
 *
 * @throws When the window is reversed or longer than 24 hours: Microsoft might answer with a part of it, and not say so.
 */
export async function listBlobs(session: Session, window: Window, deps: ManagementActivityDeps): Promise<Answer<readonly Member[]>> {
  if (window.end <= window.start || window.end - window.start > hours(24)) {
    throw new Error(
      `content window of ${String((window.end - window.start) / 1_000)} s; Microsoft serves more than 0 s and at most 24 hours`,
    );
  }
  const first = await listPages(session, window, deps);
  return first.kind !== 'ok' && first.cause.code === badPageToken ? listPages(session, window, deps) : first;
}

/**
 * Fetches one blob, unpacked: into a file, without holding it in memory, or, where it has at most `keptBytes`, into memory alone.
 *
 * An answer counts as a blob when its first byte is `[` and its last is `]`; landing reads the rest. On `malformed` the file
 * holds what came, and where nothing was fetched because the URI is unsafe, why.
 */
export async function fetchBlob(
  session: Session,
  member: Member,
  { file, keptBytes = 0 }: { readonly file: string; readonly keptBytes?: number | undefined },
  deps: ManagementActivityDeps,
): Promise<Answer<FetchedBlob>> {
  const guarded = guardContentUri(member.contentUri, session);
  if (guarded.kind !== 'safe') return refuseUri(session, guarded, file, deps.log);
  const into = { kind: 'file', file, maxBytes: deps.limits.blobBytes, keptBytes } as const;
  const sent = await deps.calls.send(session, { method: 'GET', url: guarded.url, into, asked: 'blob' });
  if (sent.kind === 'failed') return sent.refusal;
  const { content, ...facts } = sent.reply.file ?? { bytes: 0 };
  const [begin, end] = brackets.array;
  const isArray = facts.firstByte === begin && facts.lastByte === end;
  if (isArray) return { kind: 'ok', value: { bytes: facts.bytes, ...(content && { content }) } };
  if (content) await writeFile(file, content);
  return notABlob(session, sent.reply, file, facts, deps);
}

async function listPages(session: Session, window: Window, deps: ManagementActivityDeps): Promise<Answer<readonly Member[]>> {
  const members: Member[] = [];
  const seen = new Set<string>();
  let bytes = 0;
  let next: GuardedUrl | undefined = firstPage(session, window);
  while (next !== undefined) {
    if (seen.has(next)) return unavailable('paging-loop', 'a page of the content list leads back to an earlier one');
    if (seen.size >= deps.limits.listPages)
      return unavailable('too-many-pages', `the content list has more than ${String(seen.size)} pages`);
    seen.add(next);
    const into = { kind: 'memory', maxBytes: deps.limits.listBytes } as const;
    const sent = await deps.calls.send(session, { method: 'GET', url: next, into, asked: 'feed' });
    if (sent.kind === 'failed') return sent.refusal;
    const rows = contentRows(contentTypeOf(session)).safeParse(jsonOf(sent.reply.body));
    if (!rows.success) return notAList('a page of the content list', sent.reply);
    for (const row of rows.data) members.push(withUsableUri(row, session));
    bytes += sent.reply.body.length;
    if (members.length > deps.limits.listRows || bytes > deps.limits.listTotalBytes) return tooLong(members.length, bytes);
    const following = nextPage(session, sent.reply, deps.log);
    if (following.kind !== 'ok') return following;
    next = following.value;
  }
  return { kind: 'ok', value: members };
}

/** The start is rounded down and the end up: a blob listed twice is claimed once, a blob between two windows never. */
function firstPage(session: Session, window: Window): GuardedUrl {
  const end = gridFloor(window.end + seconds(1) - 1, seconds(1));
  const withoutZone = (instant: number): string => isoSeconds(instant).slice(0, -1);
  const span = { startTime: withoutZone(window.start), endTime: withoutZone(end) };
  return feedUrl(session, 'content', { contentType: contentTypeOf(session), ...span });
}

/** Pages follow one another by a header, whose name differs from document to document; a page without it is the last. */
function nextPage(session: Session, reply: HttpReply, log: Log): Answer<GuardedUrl | undefined> {
  const named = reply.headers.nextpageuri ?? reply.headers.nextpageurl;
  if (named === undefined || named.trim() === '') return { kind: 'ok', value: undefined };
  const guarded = guardNextPageUri(named.trim(), session);
  if (guarded.kind === 'safe') return { kind: 'ok', value: guarded.url };
  log.error('next page of a content list is not followed', {
    reason: guarded.why,
    count: 1,
    tenant: session.tenant.name,
    logType: session.logType.id,
  });
  const message = `the next page of the content list is not followed: ${guarded.why}`;
  return refuse('malformed', { code: 'unsafe-uri', message, cure: '' });
}

const instant = z
  .string()
  .transform((text) => instantOf(text) ?? Number.NaN)
  .refine((time) => !Number.isNaN(time));

/**
 * Microsoft's ids have some 150 characters, its URIs some 250. Ninety of the longest that are allowed still fit one item of DynamoDB
 * (400 KB), and an id its key (1,024 bytes, less than half of what the key may have).
 */
const longestContentId = 700;
const longestContentUri = 2_048;

/**
 * A URI that is too long to keep, or that no token is sent to, gives way to the documented one, `{root}/audit/{contentId}`: the blob is the
 * same, and what is claimed with a URI keeps it, also when Microsoft lists the blob with a right one again.
 */
function withUsableUri(member: Member, session: Session): Member {
  const { contentUri, contentId } = member;
  if (contentUri.length <= longestContentUri && guardContentUri(contentUri, session).kind === 'safe') return member;
  return { ...member, contentUri: `https://${session.cloud.host}${feedPath(session.tenantId)}/audit/${contentId}` };
}

/** Of another content type a row is not: the answer is to another question, from a cache that overlooks the query. */
const contentRows = (contentType: string) =>
  z.array(
    z
      .object({
        contentType: z
          .string()
          .refine((named) => named.toLowerCase() === contentType.toLowerCase())
          .optional(),
        contentId: z.string().min(1).max(longestContentId),
        contentUri: z.string().min(1),
        contentCreated: instant,
        contentExpiration: instant.optional(),
      })
      .transform(({ contentId, contentUri, contentCreated, contentExpiration }): Member => ({
        contentId,
        contentUri,
        created: contentCreated,
        // Microsoft keeps content for 7 days.
        expires: contentExpiration ?? contentCreated + days(7),
      })),
  );

/** The file holds what Microsoft sent instead of a blob: an error object has a meaning, anything else is malformed. */
async function notABlob(
  session: Session,
  reply: HttpReply,
  file: string,
  facts: FileFacts,
  { calls }: ManagementActivityDeps,
): Promise<Refusal> {
  const body = facts.bytes <= longestErrorBytes ? await readFile(file) : Buffer.alloc(0);
  if (isErrorBody(body)) return calls.judge(session, { ...reply, body }, 'blob');
  return wrongBody('the content blob', 'array', reply, facts);
}

async function refuseUri(session: Session, guarded: Exclude<Guarded, { kind: 'safe' }>, file: string, log: Log): Promise<Refusal> {
  log.error('content blob is not fetched', { reason: guarded.why, count: 1, tenant: session.tenant.name, logType: session.logType.id });
  if (guarded.kind === 'foreign') {
    const message = `the content blob is not fetched: ${guarded.why}`;
    return refuse('refused', {
      code: 'foreign-uri',
      message,
      cure: 'Check tenantDomain: it led to another tenant when the blob was listed',
    });
  }
  await writeFile(file, `not fetched: its URI is unsafe, ${guarded.why}\n`);
  return refuse('malformed', { code: 'unsafe-uri', message: `the content blob is not fetched: ${guarded.why}`, cure: '' });
}

function feedUrl(session: Session, operation: 'list' | 'start' | 'content', query: Readonly<Record<string, string>>): GuardedUrl {
  const path = `${feedPath(session.tenantId)}/subscriptions/${operation}`;
  return ownUrl(session.cloud, path, { ...query, PublisherIdentifier: session.publisherId });
}

/** @throws For a log type of the other API: the caller mixed something up. */
function contentTypeOf({ logType }: Session): string {
  if (logType.source.kind === 'content') return logType.source.contentType;
  throw new Error(`log type '${logType.id}' has no content blobs; it is read by windows`);
}

/** A body that is a JSON array, and not of what a list holds, is malformed as well. */
function notAList(what: string, reply: HttpReply): Refusal {
  if (jsonOf(reply.body) === undefined) return wrongBody(what, 'array', reply, factsOf(reply.body));
  return refuse('malformed', { code: 'odd-rows', message: `${what} holds something else`, cure: '' });
}

function tooLong(rows: number, bytes: number): Refusal {
  const message = `the content list of one window does not end after ${String(rows)} rows and ${String(bytes)} bytes`;
  return refuse('malformed', { code: 'list-too-long', message, cure: '' });
}

function unavailable(code: string, message: string): Refusal {
  return refuse('unavailable', { code, message, cure: '' });
}
