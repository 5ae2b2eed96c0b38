/** The one way out: every request of the Microsoft client is sent here. */

import type { ClientRequest, IncomingMessage } from 'node:http';
import { clouds } from '../clouds.ts';
import type { Clock } from '../ports/clock.ts';
import type { Instant } from '../domain/window.ts';
import type { Answer, Cause, Refusal } from '../ports/microsoft.ts';
import { overrideTarget, type HostOverride } from './host-override.ts';
import { bodyToBuffer, bodyToFile, BodyTooLarge, UnknownEncoding, type Bounds, type FiledBody } from './http-body.ts';
import type { Limits } from './limits.ts';
import { networkCause } from './network-causes.ts';
import type { Proxy } from './proxy.ts';
import { retryAfterMs } from './retry-after.ts';
import type { GuardedUrl } from './url-guard.ts';

// Not by an import, for which Node loads its WebSocket client too, with all of undici: 0.04 CPU s of every start.
const { request: httpRequest, Agent: HttpAgent } = process.getBuiltinModule('node:http');
const { request: httpsRequest, Agent: HttpsAgent } = process.getBuiltinModule('node:https');

/** One request, to a URL that has passed a guard. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly url: GuardedUrl;
  /** Sent as a bearer token; the guard has passed the URL before one is here. */
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** From the request sent to the first byte of the answer, where more than `limits.headersMs` is worth waiting. */
  readonly headersMs?: number;
  /** Where the body of a 200 goes; every other body is held in memory, at most `limits.smallBytes` of it. */
  readonly into: { readonly kind: 'memory'; readonly maxBytes: number } | IntoFile;
}

/** A body that goes into a file, unless it is small enough to stay in memory. */
interface IntoFile {
  readonly kind: 'file';
  readonly file: string;
  readonly maxBytes: number;
  /** Unpacked bytes of a body that comes in one piece and needs no file; 0 when absent. */
  readonly keptBytes?: number;
}

/** An answer that came whole, whatever its status. */
export interface HttpReply {
  readonly status: number;
  /** When its head came, by our clock: a long body takes minutes more. */
  readonly receivedAt: Instant;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Empty when the body was to go into a file. */
  readonly body: Buffer;
  readonly file?: FiledBody;
  readonly retryAfterMs?: number;
}

/** Sends requests; the only thing of the client that touches the network. */
export interface Http {
  /**
   * Any status is `ok`: an answer came. `unavailable`: no answer came, or not the whole of it. `malformed`: all of it came, and it is
   * packed wrongly or too large; of a request into a file, the file holds the beginning.
   *
   * Redirects are never followed.
   *
   * @throws When the file cannot be written.
   */
  send(request: HttpRequest): Promise<Answer<HttpReply>>;
}

/**
 * Connections for all requests of a client, kept open between them.
 *
 * @param way `override`: every request goes there instead, token requests too. `proxy`: every other request goes through it, by CONNECT, so
 *   that the proxy sees host and port and nothing more; TLS and the guards are the same.
 * @throws When the override is not plain http on this machine.
 */
export function connectHttp(clock: Clock, limits: Limits, way: { readonly override?: HostOverride; readonly proxy?: Proxy } = {}): Http {
  const open = way.override ? toOverride(way.override, limits) : toMicrosoft(limits, way.proxy);
  return {
    send: async (request) => {
      try {
        return await sendAndRead(request, open, limits, clock);
      } catch (error) {
        return explain(error);
      }
    },
  };
}

type Open = (request: HttpRequest, signal: AbortSignal) => ClientRequest;

const knownHosts: ReadonlySet<string> = new Set(clouds.flatMap((cloud) => [cloud.host, cloud.authority]));

function toMicrosoft(limits: Limits, proxy: Proxy | undefined): Open {
  const proxyEnv = proxy && { HTTPS_PROXY: proxy.url, NO_PROXY: proxy.except };
  const agent = new HttpsAgent({ keepAlive: true, maxSockets: 64, scheduling: 'lifo', ...(proxyEnv && { proxyEnv }) });
  return (request, signal) => {
    const { hostname, pathname, search } = splitUrl(request.url);
    const path = pathname + search;
    return httpsRequest({ agent, hostname, path, method: request.method, headers: headersOf(request), signal, timeout: limits.connectMs });
  };
}

function toOverride(override: HostOverride, limits: Limits): Open {
  const target = overrideTarget(override);
  const agent = new HttpAgent({ keepAlive: true, maxSockets: 64, scheduling: 'lifo' });
  return (request, signal) => {
    const { hostname, pathname, search } = splitUrl(request.url);
    const path = `/${hostname}${pathname}${search}`;
    return httpRequest({ ...target, agent, path, method: request.method, headers: headersOf(request), signal, timeout: limits.connectMs });
  };
}

/** The guard's last word, whoever made the URL: nothing leaves for a host outside the cloud table. */
function splitUrl(url: GuardedUrl): URL {
  const parsed = new URL(url);
  if (parsed.protocol === 'https:' && parsed.port === '' && knownHosts.has(parsed.hostname)) return parsed;
  throw new Error(`request to '${parsed.protocol}//${parsed.host}' refused; only https hosts of the cloud table are allowed`);
}

function headersOf(request: HttpRequest): Record<string, string> {
  return {
    accept: 'application/json',
    'accept-encoding': 'gzip',
    'user-agent': 'm365-audit-lake',
    ...request.headers,
    ...(request.method === 'POST' ? { 'content-length': String(Buffer.byteLength(request.body ?? '')) } : {}),
    ...(request.token === undefined ? {} : { authorization: `Bearer ${request.token}` }),
  };
}

async function sendAndRead(request: HttpRequest, open: Open, limits: Limits, clock: Clock): Promise<Answer<HttpReply>> {
  const headersMs = Math.max(limits.headersMs, request.headersMs ?? 0);
  const signal = AbortSignal.timeout(limits.requestMs + headersMs - limits.headersMs);
  try {
    return await answered(request, open, { limits: { ...limits, headersMs }, signal, clock });
  } catch (error) {
    // Whatever the abortion looks like from where it was met.
    if (signal.aborted) throw new TimedOut('took too long as a whole', { cause: error });
    throw error;
  }
}

interface Sending {
  readonly limits: Limits;
  readonly signal: AbortSignal;
  readonly clock: Clock;
}

async function answered(request: HttpRequest, open: Open, { limits, signal, clock }: Sending): Promise<Answer<HttpReply>> {
  const response = await respond(request, open, limits, signal);
  const status = response.statusCode ?? 0;
  const headers = Object.fromEntries(
    Object.entries(response.headers).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]),
  );
  const receivedAt = clock.now();
  const wait = retryAfterMs(headers['retry-after'], headers.date, receivedAt);
  const facts = { status, receivedAt, headers, ...(wait === undefined ? {} : { retryAfterMs: wait }) };
  const bounds = { ratio: limits.ratio, ratioFreeBytes: limits.ratioFreeBytes, signal };
  if (status === 200 && request.into.kind === 'file') {
    const file = await bodyToFile(response, request.into, bounds);
    return { kind: 'ok', value: { ...facts, body: Buffer.alloc(0), file } };
  }
  if (status === 200) return { kind: 'ok', value: { ...facts, body: await bodyToBuffer(response, request.into.maxBytes, bounds) } };
  return { kind: 'ok', value: { ...facts, body: await errorBody(response, limits.smallBytes, bounds) } };
}

/** The body of an error is worth reading and not worth failing for: without it the status counts. */
async function errorBody(response: IncomingMessage, maxBytes: number, bounds: Bounds): Promise<Buffer> {
  try {
    return await bodyToBuffer(response, maxBytes, bounds);
  } catch (error) {
    if (explain(error).kind !== 'malformed') throw error;
    return Buffer.alloc(0);
  }
}

/** Sends, and waits for the head of the answer. A kept connection that the server has just closed is tried once more on a new one. */
async function respond(request: HttpRequest, open: Open, limits: Limits, signal: AbortSignal): Promise<IncomingMessage> {
  const outgoing = open(request, signal);
  try {
    return await head(outgoing, request, limits);
  } catch (error) {
    if (!(outgoing.reusedSocket && codeOf(error) === 'ECONNRESET')) throw error;
    return head(open(request, signal), request, limits);
  }
}

function head(outgoing: ClientRequest, request: HttpRequest, limits: Limits): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    let phase = 'connecting';
    let answer: IncomingMessage | undefined;
    outgoing.on('timeout', () => (answer ?? outgoing).destroy(new TimedOut(`timed out ${phase}`)));
    outgoing.on('error', reject);
    // Node answers nothing at all for a change of protocol that nobody listens for, and nobody asked for one.
    outgoing.on('upgrade', (_response, socket) => {
      socket.destroy();
      reject(new NoAnswer('the answer changes the protocol'));
    });
    outgoing.on('close', () => {
      reject(new NoAnswer('the connection ended without an answer'));
    });
    outgoing.once('finish', () => {
      phase = 'waiting for the answer';
      outgoing.setTimeout(limits.headersMs);
    });
    outgoing.once('response', (response) => {
      phase = 'reading the answer';
      answer = response;
      outgoing.setTimeout(limits.idleMs);
      resolve(response);
    });
    outgoing.end(request.body);
  });
}

class TimedOut extends Error {}

/** What came is no answer. */
class NoAnswer extends Error {
  readonly code = 'no-answer';
}

const diskCodes: ReadonlySet<string> = new Set([
  'ENOSPC',
  'EDQUOT',
  'EACCES',
  'ENOENT',
  'EROFS',
  'EISDIR',
  'EMFILE',
  'ENFILE',
  'EIO',
  'EFBIG',
]);

/** What went wrong on the way. Errors that are neither the network's nor the body's are ours, and thrown on. */
function explain(error: unknown): Refusal {
  const code = codeOf(error);
  if (error instanceof TimedOut) return unavailable('timeout', `the request ${error.message}`);
  if (error instanceof BodyTooLarge) return malformed('too-large', error.message);
  if (error instanceof UnknownEncoding) return malformed('content-encoding', error.message);
  if (code.startsWith('Z_')) return malformed('gzip', 'the packed answer is damaged or cut short');
  if (code === '' || (diskCodes.has(code) && !isOfSocket(error))) throw error;
  return { kind: 'unavailable', cause: networkCause(code, proxyStatusOf(error)) };
}

/** A code such as EMFILE is the disk's or the connection's: the call that failed decides. */
function isOfSocket(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error && ['connect', 'socket', 'getaddrinfo', 'bind'].includes(String(error.syscall));
}

/** What a proxy answered instead of connecting. */
function proxyStatusOf(error: unknown): number | undefined {
  const isStatus = codeOf(error) === 'ERR_PROXY_TUNNEL' && typeof error === 'object' && error !== null && 'statusCode' in error;
  return isStatus && typeof error.statusCode === 'number' ? error.statusCode : undefined;
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

function unavailable(code: string, message: string): Refusal {
  return { kind: 'unavailable', cause: cause(code, message) };
}

function malformed(code: string, message: string): Refusal {
  return { kind: 'malformed', cause: cause(code, message) };
}

function cause(code: string, message: string): Cause {
  return { code, message, cure: '' };
}
