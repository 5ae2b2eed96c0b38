/** Microsoft as a script: a server on this machine that answers what a test says, and remembers what it was asked. */

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import type { Tenant } from '../../../shared/domain/tenant.ts';
import type { Instant } from '../../../shared/domain/window.ts';
import { connectMicrosoft, type ConnectedMicrosoft } from '../../../shared/microsoft/connect.ts';
import type { Limits } from '../../../shared/microsoft/limits.ts';
import type { Clock } from '../../../shared/ports/clock.ts';
import type { Credential } from '../../../shared/ports/tenants.ts';
import { FakeLog } from '../../fakes/fake-log.ts';

export interface Asked {
  readonly method: string;
  /** The host that the request was meant for. */
  readonly host: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  readonly at: Instant;
}

export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer | object;
  readonly isGzip?: boolean;
  /** The connection is cut after so many bytes of the body. */
  readonly cutAfter?: number;
  /** The connection is closed without an answer. */
  readonly hangsUp?: boolean;
  /** No answer, ever, or no body. */
  /** Real time before the answer begins: for what is measured by the sockets' own clock. */
  readonly delayMs?: number;
  readonly hangs?: 'at once' | 'after the head';
}
export type Answering = Reply | ((asked: Asked) => Reply);

export const tenantId = '11111111-2222-3333-4444-555555555555';
const clientId = '66666666-7777-8888-9999-000000000000';
export const start = Date.parse('2026-11-22T06:00:00Z');

export const contoso: Tenant = {
  name: 'contoso',
  tenantDomain: 'contoso.onmicrosoft.com',
  clientId,
  credentialKind: 'secret',
  managementActivity: { cloud: 'enterprise', logTypes: ['audit-exchange', 'audit-general'] },
  graph: { cloud: 'global', logTypes: ['sign-ins-interactive', 'directory-audits', 'alerts'] },
};

export class FakeMicrosoft {
  readonly asked: Asked[] = [];
  readonly log = new FakeLog();
  readonly slept: number[] = [];
  readonly credentialReads: (string | undefined)[] = [];
  /** An error is thrown in place of a credential. */
  credential: Credential | Error = { kind: 'secret', secret: 'first secret' };
  now = start;
  readonly #rules: { readonly path: RegExp; readonly answers: Answering[] }[] = [];
  readonly #server = createServer((request, response) => void this.#serve(request, response));

  static async open(): Promise<FakeMicrosoft> {
    const fake = new FakeMicrosoft();
    await new Promise<void>((resolve) => fake.#server.listen(0, '127.0.0.1', resolve));
    return fake;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  get baseUrl(): string {
    return `http://127.0.0.1:${String((this.#server.address() as AddressInfo).port)}`;
  }

  readonly clock: Clock = {
    now: () => this.now,
    sleep: (ms) => {
      this.slept.push(ms);
      this.now += ms;
      return Promise.resolve();
    },
  };

  connect(limits: Partial<Limits> = {}): ConnectedMicrosoft {
    const credential = (_name: string, refresh?: 'refresh'): Promise<Credential> => {
      this.credentialReads.push(refresh);
      return this.credential instanceof Error ? Promise.reject(this.credential) : Promise.resolve(this.credential);
    };
    return connectMicrosoft({ tenants: { credential }, clock: this.clock, log: this.log, limits, hostOverride: { baseUrl: this.baseUrl } });
  }

  /** Answers to requests whose `host/path` matches, in turn; the last one stays. Later rules win. */
  answer(path: RegExp, ...answers: Answering[]): this {
    this.#rules.unshift({ path, answers });
    return this;
  }

  askedFor(path: RegExp): Asked[] {
    return this.asked.filter((asked) => path.test(asked.host + asked.path));
  }

  get tokenRequests(): Asked[] {
    return this.askedFor(/oauth2/);
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const url = new URL(request.url ?? '', 'http://fake');
    const [, host = '', ...path] = url.pathname.split('/');
    const asked: Asked = {
      method: request.method ?? '',
      host,
      path: `/${path.join('/')}`,
      query: url.searchParams,
      headers: request.headers,
      body: Buffer.concat(chunks).toString('utf8'),
      at: this.now,
    };
    this.asked.push(asked);
    const answers = this.#rules.find((rule) => rule.path.test(asked.host + asked.path))?.answers;
    const answer =
      (answers && answers.length > 1 ? answers.shift() : answers?.[0]) ?? (host.startsWith('login.') ? tokenReply() : { status: 404 });
    const reply = typeof answer === 'function' ? answer(asked) : answer;
    if (reply.delayMs !== undefined) await sleep(reply.delayMs);
    give(response, reply);
  }
}

function give(response: ServerResponse, reply: Reply): void {
  const { status = 200, headers = {}, body = '', isGzip = false, cutAfter, hangs, hangsUp = false } = reply;
  if (hangs === 'at once') return;
  if (hangsUp) {
    response.socket?.destroy();
    return;
  }
  const plain = Buffer.isBuffer(body) ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  const bytes = isGzip ? gzipSync(plain) : plain;
  response.writeHead(status, { 'content-length': bytes.length, ...(isGzip ? { 'content-encoding': 'gzip' } : {}), ...headers });
  if (hangs === 'after the head') response.flushHeaders();
  else if (cutAfter === undefined) response.end(bytes);
  else response.write(bytes.subarray(0, cutAfter), () => response.destroy());
}

let tokens = 0;

/** A token of a tenant: unsigned, which is all that our side looks at. */
export function tokenReply(claims: object = {}, expiresInSeconds = 3_599): Reply {
  tokens += 1;
  const part = (json: object): string => Buffer.from(JSON.stringify(json)).toString('base64url');
  const token = `${part({ alg: 'none' })}.${part({ tid: tenantId, roles: ['ActivityFeed.Read', 'AuditLog.Read.All'], n: tokens, ...claims })}.unsigned`;
  return { body: { token_type: 'Bearer', expires_in: expiresInSeconds, ext_expires_in: expiresInSeconds, access_token: token } };
}

export function tokenError(number: number, status = 401, headers: Record<string, string> = {}): Reply {
  const body = {
    error: 'invalid_client',
    error_description: `AADSTS${String(number)}: a text of Microsoft. Trace ID: 1`,
    error_codes: [number],
    trace_id: 'trace-1',
    correlation_id: 'correlation-1',
  };
  return { status, body, headers };
}

export function apiError(status: number, code: string, message = 'a text of Microsoft', headers: Record<string, string> = {}): Reply {
  return { status, body: { error: { code, message } }, headers };
}
