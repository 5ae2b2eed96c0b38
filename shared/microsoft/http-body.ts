/** Bodies of answers: unpacked, bounded, and into memory or a file. */

import { createWriteStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { addAbortSignal, Transform, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { giveBack } from '../domain/give-back.ts';
import { BodyEnds, factsOf, type FileFacts } from './body-ends.ts';
import { gunzipAtOnce, headOf } from './gunzip.ts';
import type { Limits } from './limits.ts';

/** The body is larger than it may be, or unpacks too well to be honest. */
export class BodyTooLarge extends Error {}

/** The body is packed in a way that was not asked for. */
export class UnknownEncoding extends Error {}

/** What is known of a body that was to go into a file, and the body itself where it stayed in memory: there is no file then. */
export interface FiledBody extends FileFacts {
  readonly content?: Buffer;
}

/** Where a body goes. */
export interface BodyFile {
  readonly file: string;
  readonly maxBytes: number;
  readonly keptBytes?: number;
}

/**
 * Writes a body to a file as it comes, unpacked; a few buffers of it are in memory at any time. A packed one that comes in one piece and
 * has at most `keptBytes` is answered instead: writing a file and reading it again costs as much as unpacking it.
 *
 * @throws BodyTooLarge, UnknownEncoding, an error of node:zlib (`Z_...`), of the connection, or of the disk; the file then holds what came.
 */
export async function bodyToFile(
  response: IncomingMessage,
  { file, maxBytes, keptBytes = 0 }: BodyFile,
  bounds: Bounds,
): Promise<FiledBody> {
  const body = await begun(response, maxBytes, bounds).catch(async (error: unknown) => {
    await writeFile(file, '');
    throw error;
  });
  if (body.kind === 'whole' && body.content.length <= keptBytes) return { ...factsOf(body.content), content: body.content };
  const ends = new BodyEnds();
  await pour(body, createWriteStream(file, { highWaterMark: 1_048_576 }), maxBytes, bounds, (chunk) => {
    ends.note(chunk);
  });
  return ends.facts;
}

/** The whole body in memory. @throws As {@link bodyToFile}. */
export async function bodyToBuffer(response: IncomingMessage, maxBytes: number, bounds: Bounds): Promise<Buffer> {
  const body = await begun(response, maxBytes, bounds);
  if (body.kind === 'whole') return body.content;
  const chunks: Buffer[] = [];
  const sink = new Writable({
    write: (_chunk, _encoding, done) => {
      done();
    },
  });
  await pour(body, sink, maxBytes, bounds, (chunk) => chunks.push(chunk));
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
}

/** What ends the reading of a body early: too good a ratio of unpacked to packed bytes, or the signal. */
export type Bounds = Pick<Limits, 'ratio' | 'ratioFreeBytes'> & { readonly signal: AbortSignal };

type Begun =
  | { readonly kind: 'whole'; readonly content: Buffer }
  | { readonly kind: 'plain'; readonly source: IncomingMessage }
  | { readonly kind: 'packed'; readonly source: Iterable<Buffer> | AsyncIterable<Buffer> };

/** Reads so much of a body that what is small is there at once, unpacked. */
async function begun(response: IncomingMessage, maxBytes: number, bounds: Bounds): Promise<Begun> {
  const encodings = encodingsOf(response.headers['content-encoding'] ?? '');
  if (encodings.length > 1 || encodings.some((name) => name !== 'gzip')) {
    response.destroy();
    throw new UnknownEncoding(`content-encoding is '${encodings.join(', ')}'; only gzip was asked for`);
  }
  if (encodings.length === 0) return { kind: 'plain', source: response };
  addAbortSignal(bounds.signal, response);
  const { packed, isWhole } = await headOf(response);
  const content = isWhole ? gunzipAtOnce(packed, Math.min(maxBytes, bounds.ratioFreeBytes)) : undefined;
  if (content) {
    giveBack(packed);
    return { kind: 'whole', content };
  }
  return { kind: 'packed', source: isWhole ? [packed] : withHead(packed, response) };
}

/**
 * How a body is packed, in the order it was done; empty where it is not.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#field.content-encoding for `x-gzip`; `none` is what some proxies write for nothing.
 */
function encodingsOf(header: string): string[] {
  const names = header.split(',').map((name) => name.trim().toLowerCase());
  return names.filter((name) => !['', 'identity', 'none'].includes(name)).map((name) => (name === 'x-gzip' ? 'gzip' : name));
}

async function pour(body: Begun, sink: Writable, maxBytes: number, bounds: Bounds, note: (chunk: Buffer) => void): Promise<void> {
  if (body.kind === 'whole') {
    note(body.content);
    await pipeline([body.content], sink, bounds);
  } else if (body.kind === 'plain') {
    await pipeline(body.source, meter(maxBytes, bounds, note), sink, bounds);
  } else {
    const gunzip = createGunzip({ chunkSize: 262_144 });
    await pipeline(body.source, gunzip, meter(maxBytes, bounds, note, gunzip), sink, bounds);
  }
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
