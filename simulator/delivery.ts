/** An answer on its way: packing, dates, and the faults of the way. */

import type { ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gzip, gzipSync } from 'node:zlib';
import type { Clock } from '../shared/ports/clock.ts';
import { boundedCache, type BoundedCache } from './bounded-cache.ts';
import { header, type SimulatedAnswer, type SimulatedRequest } from './http-message.ts';
import type { FaultName, Faults } from './faults.ts';
import type { DispatchedAnswer } from './dispatch.ts';

export interface Delivery {
  readonly clock: Clock;
  readonly faults: Faults;
  /** Bodies of content blobs that were served lately. */
  readonly made: BoundedCache<Buffer>;
  readonly packed: BoundedCache<Promise<Buffer>>;
}

export function openDelivery(clock: Clock, faults: Faults): Delivery {
  return { clock, faults, made: boundedCache((bytes) => bytes.length, 64_000_000), packed: boundedCache(() => 1, 2_000) };
}

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
  if (fault === 'late') await delivery.clock.sleep(delivery.faults.lateMs);
  if (fault === 'zip-bomb') {
    sendWhole(outgoing, answer, request, zipBomb(), 'gzip');
    return;
  }
  if (fault === 'big') {
    await sendPadded(outgoing, answer, request, delivery);
    return;
  }
  const isPacked = (header(request, 'accept-encoding') ?? '').includes('gzip');
  const body = await bodyOf(answer, isPacked && fault !== 'truncated', delivery);
  sendWhole(outgoing, answer, request, spoilt(body.bytes, fault), body.encoding);
}

function spoilt(bytes: Buffer, fault: FaultName | undefined): Buffer {
  if (fault === 'truncated' || fault === 'truncated-gzip') return bytes.subarray(0, Math.floor(bytes.length / 2));
  if (fault === 'malformed') return Buffer.from('{"Message":"An error has occurred."');
  return fault === 'empty-body' ? Buffer.alloc(0) : bytes;
}

function sendWhole(
  outgoing: ServerResponse,
  answer: SimulatedAnswer,
  request: SimulatedRequest,
  bytes: Buffer,
  encoding: 'gzip' | undefined,
): void {
  outgoing.writeHead(answer.status, {
    ...answer.headers,
    Date: new Date(request.now).toUTCString(),
    'Content-Length': bytes.length,
    ...(encoding === undefined ? {} : { 'Content-Encoding': encoding }),
  });
  outgoing.end(bytes);
}

/** White space after the opening bracket: the same records in a great many bytes. */
async function sendPadded(outgoing: ServerResponse, answer: SimulatedAnswer, request: SimulatedRequest, delivery: Delivery): Promise<void> {
  const { bytes } = await bodyOf(answer, false, delivery);
  const padding = Buffer.alloc(1_000_000, ' ');
  outgoing.writeHead(answer.status, { ...answer.headers, Date: new Date(request.now).toUTCString() });
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
