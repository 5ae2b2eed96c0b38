/** Files that DuckDB cannot read as they are, written again: cut into pieces, or mended. */

import { createWriteStream, type WriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import { elementsOf, NoJsonArray } from './json-elements.ts';

/**
 * A JSON array file as several smaller ones, each of about `pieceBytes`; a single larger element is a piece of its own.
 * The file of a piece is gone when the next is asked for.
 *
 * @throws {@link NoJsonArray}
 */
export async function* piecesOf(file: string, pieceBytes: number): AsyncGenerator<string> {
  const piece = `${file}.piece`;
  let out: ArrayFile | undefined;
  for await (const element of elementsOf(file)) {
    out ??= beginArray(piece);
    await out.add(element);
    if (out.bytes() < pieceBytes) continue;
    await out.end();
    out = undefined;
    yield piece;
  }
  if (out) {
    await out.end();
    yield piece;
  }
  await rm(piece, { force: true });
}

/**
 * Rewrites a file in which JavaScript reads what DuckDB refuses: invalid UTF-8 and halves of surrogate pairs, which become
 * U+FFFD. All else stays as it came, byte for byte within an element: numbers, repeated keys, the order of keys.
 */
export async function mend(file: string): Promise<'clean' | 'mended' | 'unreadable'> {
  const out = beginArray(`${file}.mended`);
  let isMended = false;
  try {
    for await (const element of elementsOf(file)) {
      const text = mendedText(element);
      JSON.parse(text);
      isMended ||= !element.equals(Buffer.from(text));
      await out.add(text);
    }
    await out.end();
    if (isMended) await rename(`${file}.mended`, file);
    return isMended ? 'mended' : 'clean';
  } catch (error) {
    if (error instanceof NoJsonArray || error instanceof SyntaxError) return 'unreadable';
    throw error;
  } finally {
    await out.abandon();
  }
}

/** Surrogate pairs, halves of one (captured), and every other escape, so that `\\ud800`, which is no surrogate, is stepped over. */
const escapes = /\\u[dD][89abAB]..\\u[dD][c-fC-F]..|(\\u[dD][89a-fA-F]..)|\\./g;

function mendedText(element: Buffer): string {
  return element.toString('utf8').replace(escapes, (escape, half?: string) => (half === undefined ? escape : '\\ufffd'));
}

interface ArrayFile {
  add(element: Buffer | string): Promise<void>;
  bytes(): number;
  end(): Promise<void>;
  /** Removes a file that was not moved. */
  abandon(): Promise<void>;
}

function beginArray(file: string): ArrayFile {
  const stream = createWriteStream(file);
  let bytes = 0;
  const write = async (part: Buffer | string): Promise<void> => {
    bytes += part.length;
    if (!stream.write(part)) await once(stream, 'drain');
  };
  return {
    add: async (element) => {
      await write(bytes === 0 ? '[' : ',');
      await write(element);
    },
    bytes: () => bytes,
    end: async () => {
      await write(bytes === 0 ? '[]' : ']');
      await close(stream);
    },
    abandon: async () => {
      await close(stream);
      await rm(file, { force: true });
    },
  };
}

async function close(stream: WriteStream): Promise<void> {
  if (stream.closed) return;
  stream.end();
  await finished(stream);
}
