/** Windows of Microsoft Graph collections. */

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Tenant } from '../domain/tenant.ts';
import { gridFloor, hours, isoSeconds, seconds, type Instant, type Window } from '../domain/window.ts';
import type { WindowSource } from '../log-types/log-type.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Answer, FetchedWindow, Refusal } from '../ports/microsoft.ts';
import type { ApiCalls, ApiRequest, Session } from './api-call.ts';
import { instantOf } from './instant-of.ts';
import { refuse } from './refuse.ts';
import { factsOf } from './body-ends.ts';
import { splitGraphPage, type GraphPage } from './graph-page.ts';
import type { HttpReply } from './http.ts';
import { jsonOf } from './json.ts';
import type { Limits } from './limits.ts';
import { guardNextLink, ownUrl, type GuardedUrl } from './url-guard.ts';
import { brackets, wrongBody } from './wrong-body.ts';

/** What reading windows needs. */
export interface GraphDeps {
  readonly clock: Pick<Clock, 'now'>;
  readonly calls: ApiCalls;
  readonly log: Log;
  readonly limits: Limits;
}

/** Whether the window has any row. A page without rows proves nothing while it names a next one. */
export async function probeWindow(session: Session, window: Window, deps: GraphDeps): Promise<Answer<'empty' | 'rows'>> {
  const read = await readPages(session, { window, top: 1, maxPages: deps.limits.probePages }, deps, (page) => {
    return Promise.resolve(page.isEmpty ? 'more' : 'enough');
  });
  // Too many empty pages: fetching finds out.
  if (read.kind === 'too-many-pages') return { kind: 'ok', value: 'rows' };
  return read.kind === 'ok' ? { kind: 'ok', value: read.end === 'enough' ? 'rows' : 'empty' } : read;
}

/** Writes all rows of the window into files of the folder, a file a page that has any; byte for byte as served. */
export async function fetchWindow(
  session: Session,
  window: Window,
  folder: string,
  bounds: { readonly maxPages: number; readonly until: Instant | undefined },
  deps: GraphDeps,
): Promise<Answer<FetchedWindow> | { readonly kind: 'too-many-pages' }> {
  let files: string[] = [];
  const asked: PagesAsked = { window, top: largestPage, ...bounds };
  const read = await readPages(session, asked, deps, async (page, number) => {
    if (number === 1) files = [];
    if (page.isEmpty) return 'more';
    const file = join(folder, `page-${String(number).padStart(5, '0')}.json`);
    await writeFile(file, page.rows);
    files.push(file);
    return 'more';
  });
  return read.kind === 'ok' ? { kind: 'ok', value: { files } } : read;
}

/** The time of the newest row of the window; undefined when it has no row. Microsoft serves newest first, so one page is enough. */
export async function newestRow(session: Session, window: Window, deps: GraphDeps): Promise<Answer<Instant | undefined>> {
  const { timeField } = windowsOf(session);
  let newest: Instant | undefined;
  const read = await readPages(session, { window, top: newestRows, maxPages: deps.limits.probePages }, deps, (page) => {
    if (page.isEmpty) return Promise.resolve('more');
    newest = latestOf(page.rows, timeField);
    return Promise.resolve('enough');
  });
  return read.kind === 'ok' || read.kind === 'too-many-pages' ? { kind: 'ok', value: newest } : read;
}

/** Directory audits come in no order that is documented: the newest of some. */
const newestRows = 25;

/** Rows that cannot be read have no time. */
function latestOf(rows: Buffer, timeField: string): Instant | undefined {
  const times = timedRows.safeParse(jsonOf(rows)).data?.flatMap((row) => {
    const time = row[timeField];
    const instant = typeof time === 'string' ? instantOf(time) : undefined;
    return instant === undefined ? [] : [instant];
  });
  return times && times.length > 0 ? Math.max(...times) : undefined;
}

const timedRows = z.array(z.record(z.string(), z.unknown()));

/** Microsoft's default and largest page of sign-ins; larger wishes are cut to it by the other collections. */
const largestPage = 1_000;

/** The filter of a window: both ends inclusive and unquoted, the only form that every collection honours. */
function windowFilter(source: WindowSource, window: Window, isBeta: boolean): string {
  const end = gridFloor(window.end + seconds(1) - 1, seconds(1));
  const span = `${source.timeField} ge ${isoSeconds(window.start)} and ${source.timeField} le ${isoSeconds(end)}`;
  const filter = isBeta || source.beta === undefined ? source.filter : undefined;
  return filter === undefined ? span : `${span} and ${filter}`;
}

/** Whether the tenant wants the beta API, or also collects what only that knows. */
function usesBeta(source: WindowSource, { graph }: Tenant): boolean {
  return source.beta !== undefined && (graph?.signInsApi === 'beta' || source.beta.whenAlso.some((id) => graph?.logTypes.includes(id)));
}

type PagesRead = { readonly kind: 'ok'; readonly end: 'enough' | 'last page' } | { readonly kind: 'too-many-pages' } | Refusal;
type Visit = (page: GraphPage, number: number) => Promise<'more' | 'enough'>;

/** Which pages of a window, and how long they are waited for. */
interface PagesAsked {
  readonly window: Window;
  /** Rows of a page. */
  readonly top: number;
  readonly maxPages: number;
  readonly until?: Instant | undefined;
}

/** Pages are numbered from 1. A next page that Microsoft no longer accepts begins the window again, once. */
async function readPages(session: Session, asked: PagesAsked, deps: GraphDeps, visit: Visit): Promise<PagesRead> {
  const first = await readPagesOnce(session, asked, deps, visit);
  if (first.kind !== 'bad-next-link') return first;
  const second = await readPagesOnce(session, asked, deps, visit);
  return second.kind === 'bad-next-link' ? second.refusal : second;
}

interface BadNextLink {
  readonly kind: 'bad-next-link';
  readonly refusal: Refusal;
}

async function readPagesOnce(session: Session, asked: PagesAsked, deps: GraphDeps, visit: Visit): Promise<PagesRead | BadNextLink> {
  const { path, url } = firstPage(session, asked.window, asked.top);
  const seen = new Set<string>();
  let next: GuardedUrl | undefined = url;
  while (next !== undefined) {
    if (seen.size >= asked.maxPages) return { kind: 'too-many-pages' };
    if (seen.has(next)) return { kind: 'bad-next-link', refusal: unavailable('paging-loop', 'a page leads back to an earlier one') };
    seen.add(next);
    const sent = await deps.calls.send(session, pageRequest(next, asked, deps));
    if (sent.kind === 'failed') {
      const isLost = seen.size > 1 && isLostPage(sent.status);
      return isLost ? { kind: 'bad-next-link', refusal: lostPage(seen.size, sent.refusal) } : withBetaCure(session, sent);
    }
    const page = splitGraphPage(sent.reply.body);
    if (page.kind === 'malformed') return notAPage(sent.reply, page.why);
    if ((await visit(page, seen.size)) === 'enough') return { kind: 'ok', end: 'enough' };
    const following = nextPage(session, page, path, deps.log);
    if (following.kind !== 'ok') return following;
    // An empty page that leads to itself has nothing after it: what users of sign-ins report.
    next = page.isEmpty && following.value === next ? undefined : following.value;
  }
  return { kind: 'ok', end: 'last page' };
}

function pageRequest(url: GuardedUrl, { window, until }: PagesAsked, { limits, clock }: GraphDeps): ApiRequest {
  const into = { kind: 'memory', maxBytes: limits.pageBytes } as const;
  const headersMs = patienceMs(window, until, limits, clock.now());
  return { method: 'GET', url, headers: preferences, into, asked: 'collection', headersMs };
}

/** A long window of a large tenant takes Microsoft minutes to begin with; what is left of the worker's time is kept for the rest. */
function patienceMs(window: Window, until: Instant | undefined, limits: Limits, now: Instant): number {
  const isLong = window.end - window.start > hours(1);
  if (!isLong || until === undefined) return limits.headersMs;
  return Math.max(limits.headersMs, Math.min(limits.longWindowHeadersMs, (until - now) / 2));
}

/** Microsoft does not know its own page token: 400 "skip token", or, for ever with some windows, 404 "token not found". */
function isLostPage(status: number | undefined): boolean {
  return status === 400 || status === 404 || status === 410;
}

/** Some tenants of GCC High answer 400 to v1.0 sign-ins while beta works (reported, 2025): the refusal names the setting. */
function withBetaCure(session: Session, { refusal, status }: { readonly refusal: Refusal; readonly status?: number }): Refusal {
  const source = windowsOf(session);
  if (status !== 400 || refusal.kind !== 'refused' || !source.beta || usesBeta(source, session.tenant)) return refusal;
  const cure = `Try Microsoft's beta API for it: lake tenant edit ${session.tenant.name} --sign-ins-api beta, then lake tenant test`;
  return { ...refusal, cause: { ...refusal.cause, cure } };
}

function lostPage(pages: number, { cause }: Refusal): Refusal {
  const message = `Microsoft Graph does not know its own token of page ${String(pages)}, twice (${cause.code})`;
  return unavailable('page-token', message);
}

/** A body that is an object, and no page, has the reason that splitting it found. */
function notAPage(reply: HttpReply, why: string): Refusal {
  const facts = factsOf(reply.body);
  const isObject = facts.firstByte === brackets.object[0] && facts.lastByte === brackets.object[1];
  if (isObject) return refuse('malformed', { code: 'page', message: why, cure: '' });
  return wrongBody('a page of the window', 'object', reply, facts);
}

/** Without it new values of enumerations arrive as `unknownFutureValue`; next pages do not remember it. */
const preferences = { prefer: 'include-unknown-enum-members' };

function firstPage(session: Session, window: Window, top: number): { readonly path: string; readonly url: GuardedUrl } {
  const source = windowsOf(session);
  const isBeta = usesBeta(source, session.tenant);
  const path = isBeta && source.beta ? source.beta.path : source.path;
  const url = ownUrl(session.cloud, path, { $filter: windowFilter(source, window, isBeta), $top: String(top) });
  return { path, url };
}

function nextPage(session: Session, page: GraphPage, path: string, log: Log): Answer<GuardedUrl | undefined> {
  if (page.nextLink === undefined) return { kind: 'ok', value: undefined };
  const guarded = guardNextLink(page.nextLink, session.cloud, path);
  if (guarded.kind === 'safe') return { kind: 'ok', value: guarded.url };
  log.error('next page of a window is not followed', {
    reason: guarded.why,
    count: 1,
    tenant: session.tenant.name,
    logType: session.logType.id,
  });
  return refuse('malformed', { code: 'unsafe-uri', message: `the next page is not followed: ${guarded.why}`, cure: '' });
}

/** @throws For a log type of the other API: the caller mixed something up. */
function windowsOf({ logType }: Session): WindowSource {
  if (logType.source.kind === 'windows') return logType.source;
  throw new Error(`log type '${logType.id}' has no windows; it is read by content blobs`);
}

function unavailable(code: string, message: string): Refusal {
  return refuse('unavailable', { code, message, cure: '' });
}
