/** The console's server: the page, its API, and nobody else. */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { z } from 'zod';
import type { Instant } from '../../shared/domain/window.ts';
import { routes, streams, type RouteName, type StreamName } from '../../console/api/routes.ts';
import { admit, cookieName, safeHeaders } from './guard.ts';
import type { Backend } from './backend.ts';
import type { PageFiles } from './page-files.ts';
import { answers } from './routes/index.ts';
import { streamAnswers } from './routes/streams.ts';
import { writeLines } from './write-lines.ts';

/** What a console is made of. */
export interface ConsoleOptions {
  readonly backend: Backend;
  readonly files: Promise<PageFiles>;
  /** Random, of at least 128 bits. */
  readonly token: string;
  /** 0 for any that is free. */
  readonly port: number;
  readonly now: () => Instant;
}

/** A console that listens. */
export interface RunningConsole {
  /** With the token in it. */
  readonly url: string;
  readonly port: number;
  /** When it was asked last. */
  readonly askedAt: () => Instant;
  close(): Promise<void>;
}

/** Listens on the loopback address. @throws UsageError-like errors of the port, such as EADDRINUSE. */
export async function startConsole(options: ConsoleOptions): Promise<RunningConsole> {
  let askedAt = options.now();
  let port = options.port;
  const server = createServer((request, response) => {
    askedAt = options.now();
    void handle(request, response, { ...options, port }).catch(() => {
      response.destroy();
    });
  });
  await listen(server, options.port);
  ({ port } = server.address() as AddressInfo);
  return {
    url: `http://127.0.0.1:${String(port)}/?token=${options.token}`,
    port,
    askedAt: () => askedAt,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      resolve();
    });
  });
}

async function handle(request: IncomingMessage, response: ServerResponse, options: ConsoleOptions): Promise<void> {
  for (const [name, header] of Object.entries(safeHeaders)) response.setHeader(name, header);
  const { method = 'GET', url = '/', headers } = request;
  const admission = admit({ method, url, headers }, options.port, options.token);
  switch (admission.kind) {
    case 'refused':
      send(response, admission.status, 'text/plain; charset=utf-8', `${admission.because}\n`);
      return;
    case 'enter':
      response.setHeader('set-cookie', `${cookieName(options.port)}=${options.token}; HttpOnly; SameSite=Strict; Path=/`);
      response.setHeader('location', admission.to);
      send(response, 303, 'text/plain', '');
      return;
    case 'page':
      await sendPage(response, url, options);
      return;
    case 'api':
      await answerApi(request, response, url.slice('/api/'.length), options.backend);
  }
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'content-type': type }).end(body);
}

/** Every path without a dot is a screen of the page, which reads the address itself. */
async function sendPage(response: ServerResponse, url: string, { files, token }: ConsoleOptions): Promise<void> {
  const { pathname } = new URL(url, 'http://127.0.0.1');
  const file = (await files).get(pathname.includes('.') ? pathname : '/index.html');
  if (!file) send(response, 404, 'text/plain; charset=utf-8', 'there is no such file\n');
  else send(response, 200, file.type, file.type.startsWith('text/html') ? file.text.replace('{{token}}', token) : file.text);
}

const mostBytes = 1_000_000;

async function answerApi(request: IncomingMessage, response: ServerResponse, name: string, backend: Backend): Promise<void> {
  const calledOff = new AbortController();
  response.once('close', () => {
    calledOff.abort();
  });
  try {
    if (Number(request.headers['content-length'] ?? Infinity) > mostBytes) throw new Fault(413, 'the request is too long');
    const body: unknown = JSON.parse(await text(request));
    if (Object.hasOwn(streams, name)) await answerLines(response, name as StreamName, body, backend, calledOff.signal);
    else if (Object.hasOwn(routes, name)) await answerJson(response, name as RouteName, body, backend, calledOff.signal);
    else throw new Fault(404, 'there is no such route');
  } catch (error) {
    if (calledOff.signal.aborted) return;
    const [status, message] = error instanceof Fault ? [error.status, error.message] : [422, messageOf(error)];
    send(response, status, 'application/json', JSON.stringify({ message }));
  }
}

class Fault extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

async function answerJson(response: ServerResponse, name: RouteName, body: unknown, backend: Backend, signal: AbortSignal): Promise<void> {
  const request = checked(routes[name].request, body);
  const answer =
    (await (answers[name] as (backend: Backend, request: unknown, signal: AbortSignal) => unknown)(backend, request, signal)) ?? {};
  send(response, 200, 'application/json', JSON.stringify(routes[name].answer.parse(answer)));
}

async function answerLines(
  response: ServerResponse,
  name: StreamName,
  body: unknown,
  backend: Backend,
  signal: AbortSignal,
): Promise<void> {
  const request = checked(streams[name].request, body) as { readonly limit: number };
  const question = (streamAnswers[name] as (backend: Backend, request: unknown) => Parameters<typeof writeLines>[1])(backend, request);
  response.writeHead(200, { 'content-type': 'application/x-ndjson' });
  await writeLines(response, question, { asking: await backend.asking(), limit: request.limit, signal });
}

function checked(schema: z.ZodType, body: unknown): unknown {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => `${path.map(String).join('.')}: ${message}`);
  throw new Fault(400, `the request cannot be read: ${faults.join('; ')}`);
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
