/** What an error answer means for the pipeline: tables of codes and statuses, and the order they are asked in. */

import type { Refusal } from '../ports/microsoft.ts';
import { activityErrors, auditingIsOff } from './activity-errors.ts';
import { factsOf } from './body-ends.ts';
import { readErrorBody, withoutPrivateParts } from './error-body.ts';
import type { ErrorRow } from './error-row.ts';
import { graphErrors, graphErrorTexts } from './graph-errors.ts';
import type { HttpReply } from './http.ts';
import { answersInstead } from './network-causes.ts';
import { refuse } from './refuse.ts';
import { tokenErrors } from './token-errors.ts';
import { isWebPage, redirected, webPage } from './wrong-body.ts';

/** A refusal with what the client itself needs to know about it. */
export interface Judgement {
  readonly refusal: Refusal;
  /** Microsoft's code where there is one. */
  readonly code: string | undefined;
  readonly isAboutPermission: boolean;
}

/** What was asked for decides what a bare status means. */
export type Asked = 'feed' | 'blob' | 'collection';

/** The meaning of an answer of the Management Activity API that is no success. The body counts before the status: AF429 comes as 403. */
export function judgeActivity(reply: HttpReply, asked: 'feed' | 'blob'): Judgement {
  const { code, text } = readErrorBody(reply.body);
  if (hasInOrder(text, ['DataServiceException', 'Tenant ', 'does not exist']))
    return judgement(reply, 'DataServiceException', text, auditingIsOff);
  return judgement(reply, code, text, rowOf(activityErrors, code) ?? (code?.startsWith('AF5') ? activityErrors.AF50000 : undefined), asked);
}

/** Whether a text has these one after the other, in capitals or not. */
function hasInOrder(text: string, words: readonly string[]): boolean {
  const lower = text.toLowerCase();
  let at = 0;
  for (const word of words) {
    const found = lower.indexOf(word.toLowerCase(), at);
    if (found === -1) return false;
    at = found + word.length;
  }
  return true;
}

/** The meaning of an answer of Microsoft Graph that is no success. */
export function judgeGraph(reply: HttpReply): Judgement {
  const { code, text } = readErrorBody(reply.body);
  const byText = reply.status === 400 ? graphErrorTexts.find((row) => row.text.test(text)) : undefined;
  // A code says more than a status, but a busy service never refuses, whatever the code is.
  const isServerFault = reply.status === 429 || reply.status >= 500;
  return judgement(reply, code, text, byText ?? (isServerFault ? undefined : rowOf(graphErrors, code)), 'collection');
}

/**
 * The meaning of a refused token request. Only an answer in OAuth's own words is a refusal; a page of a proxy, say, passes.
 *
 * @param details Further facts for the person who has to act; no secrets.
 * @param known What the number means here, where more is known than Microsoft's table says.
 */
export function judgeToken(reply: HttpReply, details: string, known?: ErrorRow): Refusal {
  if (isRedirect(reply.status)) return redirected(reply);
  if (reply.status !== 429 && reply.status < 500 && isWebPage(reply, factsOf(reply.body))) return webPage('the token');
  const { numbers, traceId, isOAuth } = readTokenError(reply.body);
  const number = numbers.find((one) => tokenErrors.has(one)) ?? numbers[0];
  const isRefused = isOAuth && reply.status >= 400 && reply.status < 500 && reply.status !== 429;
  const row = known ?? (number === undefined ? undefined : tokenErrors.get(number)) ?? (isRefused ? unknownTokenError : isBusy);
  const code = number === undefined ? `HTTP ${String(reply.status)}` : `AADSTS${String(number)}`;
  const trace = traceId === undefined ? '' : ` (trace ${traceId})`;
  const cause = { code, message: `${row.message}${details}${trace}`, cure: row.cure };
  return refuse(reply.status === 429 ? 'throttled' : row.kind, cause, reply.retryAfterMs);
}

/** AADSTS numbers of a token error, Microsoft's first one first. */
export function tokenErrorNumbers(body: Buffer): readonly number[] {
  return readTokenError(body).numbers;
}

const unknownTokenError: ErrorRow = {
  kind: 'refused',
  message: 'Microsoft Entra refused the request for a token',
  cure: 'Look the code up at https://login.microsoftonline.com/error',
};

function judgement(
  reply: HttpReply,
  code: string | undefined,
  text: string,
  known: ErrorRow | undefined,
  asked: Asked = 'feed',
): Judgement {
  const foreign = foreignAnswer(reply, asked, known !== undefined);
  if (foreign) return { refusal: foreign, code: undefined, isAboutPermission: false };
  const row = known ?? rowOfStatus(reply.status, asked);
  const words = known ? '' : withoutPrivateParts(text);
  const message = words === '' ? row.message : `${row.message}; Microsoft's words: ${words}`;
  const named = code === undefined || code === 'UnknownError' ? `HTTP ${String(reply.status)}` : code;
  const refusal = refuse(row.kind, { code: named, message, cure: row.cure }, reply.retryAfterMs);
  return { refusal, code, isAboutPermission: row.isAboutPermission ?? false };
}

/**
 * The refusal for what is no answer of Microsoft's: a redirect, or a page for people where an API would say what is wrong. A filter says
 * 403 or 404 with one, and neither permissions nor the collection are to blame. Microsoft's own codes count
 * in a page as well, and that a blob is not there needs no words.
 */
function foreignAnswer(reply: HttpReply, asked: Asked, isKnown: boolean): Refusal | undefined {
  const { status, body } = reply;
  if (isRedirect(status)) return redirected(reply);
  if (isKnown) return undefined;
  const isMissingBlob = asked === 'blob' && (status === 404 || status === 410);
  const isOfTheRequest = status >= 400 && status < 500 && status !== 429 && !isMissingBlob;
  return isOfTheRequest && isWebPage(reply, factsOf(body))
    ? webPage(`an error in the form of Microsoft's (HTTP ${String(status)})`)
    : undefined;
}

/** Own rows only: a code is a word from outside, and may be `constructor`. */
function rowOf(table: Readonly<Record<string, ErrorRow>>, code: string | undefined): ErrorRow | undefined {
  return code !== undefined && Object.hasOwn(table, code) ? table[code] : undefined;
}

const notOffered: ErrorRow = {
  kind: 'not-offered',
  message: 'this cloud does not offer the collection, or Microsoft has retired it',
  cure: "Take the log type out of the tenant's configuration",
};
const isBusy: ErrorRow = { kind: 'unavailable', message: 'Microsoft cannot answer at the moment', cure: '' };
const throttled: ErrorRow = { kind: 'throttled', message: 'too many requests', cure: '' };

const badRequest: ErrorRow = {
  kind: 'refused',
  message: 'Microsoft does not accept the request',
  cure: 'Report this as a bug of m365-audit-lake, with the code',
};

/** Of a proxy or a filter: Microsoft has no such answer. */
const elsewhere: ErrorRow = {
  kind: 'unavailable',
  message: 'something between here and Microsoft refuses the request',
  cure: answersInstead,
};

/** Statuses of 4xx that are about the moment or the connection, and not about the request: timeout, conflict, misdirected, locked, too early, client gone. */
const passing: ReadonlySet<number> = new Set([408, 409, 421, 423, 425, 499]);

const statusRows: Readonly<Record<number, ErrorRow | Readonly<Record<Asked, ErrorRow>>>> = {
  200: { kind: 'malformed', message: 'the answer is not what was asked for', cure: '' },
  206: { kind: 'unavailable', message: 'a provider failed and the answer is only a part', cure: '' },
  400: badRequest,
  401: {
    kind: 'refused',
    message: 'Microsoft refused a token that was just issued',
    cure: "Check cloud in the tenant's configuration, the application's permissions, and that it is enabled",
  },
  403: {
    kind: 'refused',
    message: 'the application may not read this',
    cure: "Add the log type's application permissions and grant admin consent",
    isAboutPermission: true,
  },
  404: {
    blob: { kind: 'missing', message: 'the content blob is not there', cure: '' },
    feed: isBusy,
    collection: notOffered,
  },
  410: {
    blob: { kind: 'missing', message: 'the content blob is gone', cure: '' },
    feed: isBusy,
    collection: notOffered,
  },
  407: elsewhere,
  451: elsewhere,
  429: throttled,
  501: { blob: isBusy, feed: isBusy, collection: notOffered },
};

function rowOfStatus(status: number, asked: Asked): ErrorRow {
  const row = statusRows[status];
  if (row) return 'kind' in row ? row : row[asked];
  // What is left of 4xx is a request that cannot succeed; 5xx and odd successes pass.
  return status >= 400 && status < 500 && !passing.has(status) ? badRequest : isBusy;
}

function isRedirect(status: number): boolean {
  return status >= 300 && status < 400;
}

function readTokenError(body: Buffer): { readonly numbers: readonly number[]; readonly traceId?: string; readonly isOAuth: boolean } {
  const text = body.subarray(0, 65_536).toString('utf8');
  const listed = /"error_codes"\s*:\s*\[([\d,\s]*)\]/.exec(text)?.[1]?.split(',').map(Number) ?? [];
  const named = [...text.matchAll(/AADSTS(\d{4,8})/g)].map((match) => Number(match[1]));
  const traceId = /"trace_id"\s*:\s*"([\w-]{1,40})"/.exec(text)?.[1];
  const isOAuth = /^\s*\{[^]*"error"\s*:\s*"/.test(text);
  return { isOAuth, numbers: [...listed, ...named].filter((number) => number > 0), ...(traceId === undefined ? {} : { traceId }) };
}
