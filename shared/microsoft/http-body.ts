/** Bodies of answers: unpacked, bounded, and into memory or a file. */

import { createWriteStream } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { addAbortSignal, Transform, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { BodyEnds, type FileFacts } from './body-ends.ts';
import { gunzipAtOnce, headOf } from './gunzip.ts';
import type { Limits } from './limits.ts';

/** The body is larger than it may be, or unpacks too well to be honest. */
export class BodyTooLarge extends Error {}

/** The body is packed in a way that was not asked for. */
export class UnknownEncoding extends Error {}

/**
 * Writes a body to a file as it comes, unpacked; a few buffers of it are in memory at any time.
 *
 * @throws BodyTooLarge, UnknownEncoding, an error of node:zlib (`Z_...`), of the connection, or of the disk; the file then holds what came.
 */
export async function bodyToFile(response: IncomingMessage, file: string, maxBytes: number, bounds: Bounds): Promise<FileFacts> {
  const ends = new BodyEnds();
  const sink = createWriteStream(file, { highWaterMark: 1_048_576 });
  await unpack(response, sink, maxBytes, bounds, (chunk) => {
    ends.note(chunk);
  });
  return ends.facts;
}

/** The whole body in memory. @throws As {@link bodyToFile}. */
export async function bodyToBuffer(response: IncomingMessage, maxBytes: number, bounds: Bounds): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const sink = new Writable({
    write: (_chunk, _encoding, done) => {
      done();
    },
  });
  await unpack(response, sink, maxBytes, bounds, (chunk) => chunks.push(chunk));
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
}

/** What ends the reading of a body early: too good a ratio of unpacked to packed bytes, or the signal. */
export type Bounds = Pick<Limits, 'ratio' | 'ratioFreeBytes'> & { readonly signal: AbortSignal };

async function unpack(response: IncomingMessage, sink: Writable, maxBytes: number, bounds: Bounds, note: (chunk: Buffer) => void) {
  const encoding = response.headers['content-encoding']?.toLowerCase() ?? 'identity';
  if (encoding !== 'identity' && encoding !== 'gzip') {
    response.destroy();
    throw new UnknownEncoding(`content-encoding is '${encoding}'; only gzip was asked for`);
  }
  if (encoding === 'identity') {
    await pipeline(response, meter(maxBytes, bounds, note), sink, bounds);
    return;
  }
  addAbortSignal(bounds.signal, response);
  const { packed, isWhole } = await headOf(response);
  const bytes = isWhole ? gunzipAtOnce(packed, Math.min(maxBytes, bounds.ratioFreeBytes)) : undefined;
  if (bytes) {
    note(bytes);
    await pipeline([bytes], sink, bounds);
    return;
  }
  const gunzip = createGunzip({ chunkSize: 262_144 });
  const source = isWhole ? [packed] : withHead(packed, response);
  await pipeline(source, gunzip, meter(maxBytes, bounds, note, gunzip), sink, bounds);
}

async function* withHead(head: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield head;
  yield* rest;
}

/** Notes what goes through, and ends it when it is too much. */
function meter(maxBytes: number, bounds: Bounds, note: (chunk: Buffer) => void, gunzip?: { readonly bytesWritten: number }): Transform {
  let bytes = 0;
  return new Transform({
    readableHighWaterMark: 1_048_576,
    transform: (chunk: Buffer, _encoding, done) => {
      bytes += chunk.length;
      const fault = tooLarge(bytes, gunzip?.bytesWritten ?? bytes, maxBytes, bounds);
      if (!fault) note(chunk);
      done(fault ?? null, fault ? undefined : chunk);
    },
  });
}

function tooLarge(bytes: number, packedBytes: number, maxBytes: number, bounds: Bounds): BodyTooLarge | undefined {
  if (bytes > maxBytes) return new BodyTooLarge(`body is larger than ${String(maxBytes)} bytes`);
  const isBomb = bytes > bounds.ratioFreeBytes && bytes > packedBytes * bounds.ratio;
  return isBomb ? new BodyTooLarge(`body unpacks to more than ${String(bounds.ratio)} times its size`) : undefined;
}
