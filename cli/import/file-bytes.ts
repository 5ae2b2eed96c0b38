/** A file's bytes as UTF-8 text, whatever it is packed or written in. */

import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { decoderOf, encodingOf, type TextEncoding } from '../../local/text-encoding.ts';
import { through } from './through.ts';

/** What is reported while a file is read. */
export interface ReadingNotes {
  /** Called with the number of bytes, as they are read from disk. */
  readonly onRead?: (bytes: number) => void;
  /** Called with what was guessed, such as an encoding. */
  readonly onGuess?: (guess: string) => void;
}

/**
 * Unpacks what begins like gzip (several members too, and gzip within gzip), turns UTF-16 and UTF-32 into UTF-8, and removes byte order
 * marks. The file's name does not matter. Bytes of no UTF-8 are passed on as they are: what they are is judged record by record.
 *
 * @throws The error of unpacking, once everything before the damage was given.
 */
export function fileBytes(file: string, notes: ReadingNotes = {}): AsyncGenerator<Buffer> {
  return textBytes(createReadStream(file), notes);
}

/** The same of bytes that come from anywhere. */
export async function* textBytes(source: AsyncIterable<Buffer>, { onRead, onGuess }: ReadingNotes = {}): AsyncGenerator<Buffer> {
  const plain = await unpacked(counted(source, onRead));
  const encoding = encodingOf(plain.head);
  if (encoding.isGuess) onGuess?.(`no byte order mark: read as ${encoding.name.toUpperCase()}`);
  yield* withoutMarks(encoding.name === 'utf-8' ? plain.all : decoded(plain.all, encoding));
}

/** What was packed once more on its way is unpacked as often; more than this is nobody's way of keeping records. */
const maxPacked = 3;

async function unpacked(source: AsyncGenerator<Buffer>): Promise<Peeked> {
  let peeked = await peek(source);
  for (let times = 0; times < maxPacked && isGzip(peeked.head); times += 1)
    peeked = await peek(through<Buffer>(inPieces(peeked.all), createGunzip()));
  return peeked;
}

const isGzip = (head: Buffer): boolean => head[0] === 0x1f && head[1] === 0x8b;

interface Peeked {
  /** Some bytes of the beginning; enough to recognize the encoding, if there are as many. */
  readonly head: Buffer;
  readonly all: AsyncGenerator<Buffer>;
}

const headBytes = 1_024;

async function peek(source: AsyncGenerator<Buffer>): Promise<Peeked> {
  const first: Buffer[] = [];
  let size = 0;
  while (size < headBytes) {
    const next = await nextOf(source, size);
    if (next === undefined) break;
    first.push(next);
    size += next.length;
  }
  return { head: Buffer.concat(first), all: rejoin(first, source) };
}

/** The next piece. Damage that comes while there is something already is found again by who reads on. */
async function nextOf(source: AsyncGenerator<Buffer>, before: number): Promise<Buffer | undefined> {
  if (before === 0) return (await source.next()).value as Buffer | undefined;
  const next = await source.next().catch((error: unknown) => ({ done: true, value: undefined, error }));
  if ('error' in next) damage.set(source, next.error);
  return next.value as Buffer | undefined;
}

/** What ended a source while it was looked at. */
const damage = new WeakMap<AsyncGenerator<Buffer>, unknown>();

async function* rejoin(first: readonly Buffer[], rest: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  yield* first;
  if (damage.has(rest)) throw damage.get(rest);
  yield* rest;
}

async function* counted(source: AsyncIterable<Buffer>, onRead: (bytes: number) => void = () => undefined): AsyncGenerator<Buffer> {
  for await (const chunk of source) {
    onRead(chunk.length);
    yield chunk;
  }
}

/** What is packed a thousandfold comes out a thousandfold: few bytes at once keep that small. */
const packedPieceBytes = 4_096;

async function* inPieces(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  for await (const chunk of source)
    for (let at = 0; at < chunk.length; at += packedPieceBytes) yield chunk.subarray(at, at + packedPieceBytes);
}

const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

/** Some tools write a mark before a mark. */
async function* withoutMarks(all: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  const { head, all: whole } = await peek(all);
  let marks = 0;
  while (head.subarray(marks, marks + byteOrderMark.length).equals(byteOrderMark)) marks += byteOrderMark.length;
  yield* skip(whole, marks);
}

async function* skip(all: AsyncIterable<Buffer>, bytes: number): AsyncGenerator<Buffer> {
  let left = bytes;
  for await (const chunk of all) {
    if (left < chunk.length) yield chunk.subarray(left);
    left = Math.max(0, left - chunk.length);
  }
}

async function* decoded(all: AsyncIterable<Buffer>, { name }: TextEncoding): AsyncGenerator<Buffer> {
  const decoder = decoderOf(name);
  for await (const chunk of all) yield Buffer.from(decoder.decode(chunk));
  yield Buffer.from(decoder.decode());
}
