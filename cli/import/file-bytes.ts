/** A file's bytes as UTF-8 text, whatever it is packed or written in. */

import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { through } from './through.ts';

/**
 * Unpacks what begins like gzip (several members too), turns UTF-16 with a byte order mark into UTF-8, and takes the mark away. The
 * file's name says nothing.
 *
 * @param onRead Told of bytes as they are read from disk.
 * @throws What unpacking says, once everything before the damage was given.
 */
export async function* fileBytes(file: string, onRead: (bytes: number) => void = () => undefined): AsyncGenerator<Buffer> {
  const packed = await peek(counted(createReadStream(file), onRead));
  const isGzip = packed.head[0] === 0x1f && packed.head[1] === 0x8b;
  const plain = await peek(isGzip ? through<Buffer>(packed.all, createGunzip()) : packed.all);
  yield* withoutMark(plain.head, plain.all);
}

interface Peeked {
  /** Some bytes of the beginning; at least three, if there are as many. */
  readonly head: Buffer;
  readonly all: AsyncGenerator<Buffer>;
}

async function peek(source: AsyncGenerator<Buffer>): Promise<Peeked> {
  const first: Buffer[] = [];
  let isOver = false;
  while (!isOver && Buffer.concat(first).length < 3) {
    const next = await source.next();
    if (next.done) isOver = true;
    else first.push(next.value);
  }
  const head = Buffer.concat(first);
  return { head, all: rejoin(head, source) };
}

async function* rejoin(head: Buffer, rest: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  if (head.length > 0) yield head;
  yield* rest;
}

async function* counted(source: AsyncIterable<Buffer>, onRead: (bytes: number) => void): AsyncGenerator<Buffer> {
  for await (const chunk of source) {
    onRead(chunk.length);
    yield chunk;
  }
}

async function* withoutMark(head: Buffer, all: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const encoding = encodings.find(({ mark }) => head.subarray(0, mark.length).equals(mark));
  if (!encoding) yield* all;
  else if (encoding.name === 'utf-8') yield* skip(all, encoding.mark.length);
  else yield* decoded(all, encoding.name);
}

/** PowerShell writes UTF-16 when its output is redirected. */
const encodings = [
  { name: 'utf-8', mark: Buffer.from([0xef, 0xbb, 0xbf]) },
  { name: 'utf-16le', mark: Buffer.from([0xff, 0xfe]) },
  { name: 'utf-16be', mark: Buffer.from([0xfe, 0xff]) },
] as const;

async function* skip(all: AsyncIterable<Buffer>, bytes: number): AsyncGenerator<Buffer> {
  let left = bytes;
  for await (const chunk of all) {
    yield chunk.subarray(left);
    left = 0;
  }
}

async function* decoded(all: AsyncIterable<Buffer>, encoding: string): AsyncGenerator<Buffer> {
  const decoder = new TextDecoder(encoding);
  for await (const chunk of all) yield Buffer.from(decoder.decode(chunk, { stream: true }));
}
