/** An answer on its way: packing, dates, and the faults of the way. */

import type { ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gzip, gzipSync } from 'node:zlib';
import type { Clock } from '../shared/ports/clock.ts';
import { boundedCache, type BoundedCache } from './bounded-cache.ts';
import { header, type SimulatedAnswer, type SimulatedRequest } from './http-message.ts';
import type { FaultName } from './fault-names.ts';
import type { Faults } from './faults.ts';
import type { DispatchedAnswer } from './dispatch.ts';

/** What sending answers takes. */
export interface Delivery {
  readonly clock: Clock;
  readonly faults: Faults;
  /** Bodies of content blobs that were served lately. */
  readonly made: BoundedCache<Buffer>;
  readonly packed: BoundedCache<Promise<Buffer>>;
}

/** Begins with empty caches of at most 64 MB of bodies and 2,000 packed ones. */
export function openDelivery(clock: Clock, faults: Faults): Delivery {
  return { clock, faults, made: boundedCache((bytes) => bytes.length, 64_000_000), packed: boundedCache(() => 1, 2_000) };
}

/** Sends an answer, or what its fault leaves of it. */
export async function deliver(
  { answer, fault }: DispatchedAnswer,
  request: SimulatedRequest,
  outgoing: ServerResponse,
  delivery: Delivery,
): Promise<void> {
  if (fault === 'hang') return;
  if (fault === 'reset') {
    outgoing.destroy();
    return;
  }
  const headers = { ...answer.headers, Date: dateOf(request, fault, delivery.faults) };
  if (fault === 'late' || fault === 'long-window-late') await delivery.clock.sleep(delivery.faults.lateMs);
  if (fault === 'big') await sendPadded(outgoing, answer, headers, delivery);
  else if (fault === 'zip-bomb') sendWhole(outgoing, answer.status, headers, { bytes: zipBomb(), encoding: 'gzip' });
  else await sendBody(outgoing, fault === 'bom' ? withMark(answer) : answer, headers, { request, fault, delivery });
}

type Headers = Readonly<Record<string, string>>;

function dateOf({ now }: SimulatedRequest, fault: FaultName | undefined, { dateSkewSeconds }: Faults): string {
  return new Date(fault === 'date-skew' ? now + dateSkewSeconds * 1_000 : now).toUTCString();
}

/** A byte order mark before the body, packed with it. */
function withMark(answer: SimulatedAnswer): SimulatedAnswer {
  const { content, cacheKey, body } = answer;
  const marked = (bytes: Buffer) => Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), bytes]);
  if (!content) return { ...answer, body: marked(Buffer.from(body)) };
  return { ...answer, content: () => marked(content()), ...(cacheKey === undefined ? {} : { cacheKey: `${cacheKey} with mark` }) };
}

interface Sending {
  readonly request: SimulatedRequest;
  readonly fault: FaultName | undefined;
  readonly delivery: Delivery;
}

async function sendBody(
  outgoing: ServerResponse,
  answer: SimulatedAnswer,
  headers: Headers,
  { request, fault, delivery }: Sending,
): Promise<void> {
  const isPacked = (header(request, 'accept-encoding') ?? '').includes('gzip');
  const body = await bodyOf(answer, isPacked && fault !== 'truncated', delivery);
  if (fault === 'cut-short') sendHalf(outgoing, answer.status, headers, body);
  else sendWhole(outgoing, answer.status, headers, { ...body, bytes: spoilt(body.bytes, fault) });
}

function spoilt(bytes: Buffer, fault: FaultName | undefined): Buffer {
  if (fault === 'truncated' || fault === 'truncated-gzip') return bytes.subarray(0, Math.floor(bytes.length / 2));
  if (fault === 'malformed') return Buffer.from('{"Message":"An error has occurred."');
  return fault === 'empty-body' ? Buffer.alloc(0) : bytes;
}

function headersOf(headers: Headers, { bytes, encoding }: Body): Readonly<Record<string, string | number>> {
  return { ...headers, 'Content-Length': bytes.length, ...(encoding === undefined ? {} : { 'Content-Encoding': encoding }) };
}

function sendWhole(outgoing: ServerResponse, status: number, headers: Headers, body: Body): void {
  outgoing.writeHead(status, headersOf(headers, body));
  outgoing.end(body.bytes);
}

/** The headers promise the whole; the connection dies after half of it. */
function sendHalf(outgoing: ServerResponse, status: number, headers: Headers, body: Body): void {
  outgoing.writeHead(status, headersOf(headers, body));
  outgoing.write(body.bytes.subarray(0, Math.floor(body.bytes.length / 2)), () => outgoing.destroy());
}

/** White space after the opening bracket: the same records in a great many bytes. */
async function sendPadded(outgoing: ServerResponse, answer: SimulatedAnswer, headers: Headers, delivery: Delivery): Promise<void> {
  const { bytes } = await bodyOf(answer, false, delivery);
  const padding = Buffer.alloc(1_000_000, ' ');
  outgoing.writeHead(answer.status, headers);
  outgoing.write(bytes.subarray(0, 1));
  for (let sent = 0; sent < delivery.faults.bigMb && !outgoing.destroyed; sent++) await drained(outgoing, padding);
  outgoing.end(bytes.subarray(1));
}

function drained(outgoing: ServerResponse, chunk: Buffer): Promise<void> {
  return new Promise((resolve) => {
    if (outgoing.write(chunk)) {
      resolve();
      return;
    }
    const go = () => {
      outgoing.off('drain', go);
      outgoing.off('close', go);
      resolve();
    };
    outgoing.once('drain', go);
    outgoing.once('close', go);
  });
}

interface Body {
  readonly bytes: Buffer;
  readonly encoding: 'gzip' | undefined;
}

/** Small bodies are not worth packing; content blobs are packed once, as they are served again and again. */
async function bodyOf(answer: SimulatedAnswer, mayPack: boolean, { made, packed }: Delivery): Promise<Body> {
  const bytes = answer.content ? made.get(answer.cacheKey ?? '', answer.content) : Buffer.from(answer.body);
  if (!mayPack || bytes.length < 1_024) return { bytes, encoding: undefined };
  const packing = answer.cacheKey === undefined ? pack(bytes) : packed.get(answer.cacheKey, () => pack(bytes));
  return { bytes: await packing, encoding: 'gzip' };
}

const gzipBytes = promisify(gzip);
// The lowest level: the point is that clients unpack, not that the simulator's processor is busy.
const pack = (bytes: Buffer): Promise<Buffer> => gzipBytes(bytes, { level: 1 });

/** 64 packed pieces of 16 MB of blanks: some kilobytes that unpack to a gigabyte. */
function zipBomb(): Buffer {
  const piece = gzipSync(Buffer.alloc(16_000_000, ' '), { level: 9 });
  return Buffer.concat(Array<Buffer>(64).fill(piece));
}
