/** Microsoft on one port: login hosts, the Management Activity API and Graph of every cloud, as faithful as we know them. */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { clouds } from '../shared/clouds.ts';
import type { Clock } from '../shared/ports/clock.ts';
import { openRequestLog, type RequestLog } from './request-log.ts';
import { deliver, openDelivery, type Delivery } from './delivery.ts';
import type { SimulatedRequest } from './http-message.ts';
import { noFaults, type Faults } from './faults.ts';
import { dispatchTo, type Dispatch } from './dispatch.ts';
import { usualQuirks, type Quirks } from './quirks.ts';
import { faithfulThrottle, type Throttle } from './throttle.ts';
import type { World } from './world.ts';

/** What is served, when, and how badly. */
export interface SimulatorOptions {
  /** 0, the default, takes any free port. */
  readonly port?: number;
  readonly world: World;
  /** Times of tokens, listings, limits and `Date` headers; may be virtual. */
  readonly clock: Clock;
  readonly faults?: Faults;
  readonly tokenLifetimeSeconds?: number;
  readonly throttle?: 'faithful' | 'off' | Partial<Throttle>;
  readonly quirks?: Partial<Quirks>;
}

/** A simulator that listens. */
export interface Simulator {
  readonly port: number;
  readonly baseUrl: string;
  /** Every host that is played, and the base URL to use instead of `https://host`. */
  readonly hosts: readonly { readonly host: string; readonly url: string }[];
  readonly requestLog: RequestLog;
  close(): Promise<void>;
}

/**
 * Starts the simulator on 127.0.0.1. Host H is reached at `{baseUrl}/H/…`; URLs inside answers name Microsoft's own hosts.
 *
 * @throws When the port is taken.
 */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const recorder = openRequestLog();
  const dispatch = dispatchTo({
    world: options.world,
    faults: options.faults ?? noFaults,
    quirks: { ...usualQuirks, ...options.quirks },
    throttle: throttleOf(options.throttle ?? 'faithful'),
    tokenLifetimeSeconds: options.tokenLifetimeSeconds ?? 3_599,
    recorder,
  });
  const delivery = openDelivery(options.clock, options.faults ?? noFaults);
  const server = createServer((incoming, outgoing) => {
    answer(incoming, outgoing, dispatch, delivery).catch((error: unknown) => {
      // A bug of the simulator: say so to whoever runs it, and let the client see a broken connection.
      process.emitWarning(error instanceof Error ? error : String(error));
      outgoing.destroy();
    });
  });
  const port = await listen(server, options.port ?? 0);
  const baseUrl = `http://127.0.0.1:${String(port)}`;
  return {
    port,
    baseUrl,
    hosts: simulatedHosts().map((host) => ({ host, url: `${baseUrl}/${host}` })),
    requestLog: recorder.requestLog,
    close: () => close(server),
  };
}

/** Every host of the cloud table. */
export function simulatedHosts(): readonly string[] {
  return [...new Set(clouds.flatMap((cloud) => [cloud.authority, cloud.host]))];
}

async function answer(incoming: IncomingMessage, outgoing: ServerResponse, dispatch: Dispatch, delivery: Delivery): Promise<void> {
  const body = await bodyOf(incoming);
  const request = requestOf(incoming, body, delivery.clock.now());
  await deliver(dispatch(request), request, outgoing, delivery);
}

function requestOf(incoming: IncomingMessage, body: string, now: number): SimulatedRequest {
  const url = new URL(incoming.url ?? '/', 'http://127.0.0.1');
  const [, host = '', ...rest] = url.pathname.split('/');
  return {
    host,
    method: incoming.method ?? 'GET',
    path: `/${rest.join('/')}`,
    query: url.searchParams,
    headers: incoming.headers,
    body,
    now,
  };
}

async function bodyOf(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function throttleOf(throttle: 'faithful' | 'off' | Partial<Throttle>): Throttle {
  if (throttle === 'faithful') return faithfulThrottle;
  return throttle === 'off' ? { ...faithfulThrottle, ...unlimited } : { ...faithfulThrottle, ...throttle };
}

const unlimited = {
  managementPerMinute: Number.POSITIVE_INFINITY,
  reportingPer10Seconds: Number.POSITIVE_INFINITY,
  reportingPerAppPer10Seconds: Number.POSITIVE_INFINITY,
  alertsPerMinute: Number.POSITIVE_INFINITY,
  identityProtectionPerSecond: Number.POSITIVE_INFINITY,
};

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
    // Also those that a fault left hanging.
    server.closeAllConnections();
  });
}
