/** The records of a JSON array in a file, each read by the engine in turn. */

import { isUtf8 } from 'node:buffer';
import { open } from 'node:fs/promises';
import type { Engine } from './engine/engine.ts';

/** The file is no JSON array. */
export class NoJsonArray extends Error {
  override readonly name = 'NoJsonArray';
}

/** Where something is in the engine's memory. */
export interface FileBytes {
  readonly start: number;
  readonly end: number;
}

/** Goes from record to record. Where they are is given by addresses in the engine's memory. */
export class RecordCursor {
  /** The record that the engine has read last. */
  start = 0;
  end = 0;
  private readonly file: FileBytes;
  private readonly engine: Engine;
  private readonly shape: number;

  constructor(file: FileBytes, engine: Engine, shape: number) {
    this.file = file;
    this.engine = engine;
    this.shape = shape;
  }

  /**
   * Reads the next element of the array that is not `null`, which is no record: its cells are on the tape then.
   *
   * @returns Whether there is one.
   * @throws {@link NoJsonArray} For anything that is no JSON array.
   */
  next(): boolean {
    for (let at = this.before(); at !== undefined; at = this.before()) {
      this.start = at;
      this.end = this.engine.read(at, this.file.end, this.shape);
      if (this.end === 0) throw new NoJsonArray(`no JSON at byte ${String(at - this.file.start)}`);
      if (this.engine.bytes[at] !== letterN) return true;
    }
    return false;
  }

  /** Where the next element begins; undefined after the last. */
  private before(): number | undefined {
    if (this.end === 0) return this.first();
    const at = afterSpace(this.engine, this.end);
    const byte = this.engine.bytes[at];
    if (byte === comma) return afterSpace(this.engine, at + 1);
    if (byte !== closeBracket) throw new NoJsonArray('a comma is missing');
    this.finish(at);
    return undefined;
  }

  private first(): number | undefined {
    const { engine, file } = this;
    const begin = afterSpace(engine, startsWithMark(engine, file) ? file.start + byteOrderMark.length : file.start);
    if (engine.bytes[begin] !== openBracket) throw new NoJsonArray('no array begins');
    const at = afterSpace(engine, begin + 1);
    if (engine.bytes[at] !== closeBracket) return at;
    this.finish(at);
    return undefined;
  }

  private finish(at: number): void {
    if (at >= this.file.end || afterSpace(this.engine, at + 1) !== this.file.end) throw new NoJsonArray('something follows the array');
  }
}

const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);
const [quote, comma, openBracket, closeBracket, letterN] = [0x22, 0x2c, 0x5b, 0x5d, 0x6e];

const startsWithMark = ({ bytes }: Engine, { start }: FileBytes): boolean =>
  bytes.subarray(start, start + byteOrderMark.length).equals(byteOrderMark);

/** The byte after a file's last is no white space. */
function afterSpace({ bytes }: Engine, from: number): number {
  let at = from;
  while (isSpace(bytes[at])) at += 1;
  return at;
}

/** Space, tab, line feed, carriage return. */
const isSpace = (byte: number | undefined): boolean => byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d;

/** Brings what is in memory, or else in the file, into the engine's memory. */
export async function load(path: string, content: Buffer | undefined, engine: Engine): Promise<FileBytes> {
  if (!content) return loadFile(path, engine);
  const file = room(engine, content.length);
  engine.bytes.set(content, file.start);
  return readable(file, engine);
}

/** Reads a file into the engine's memory. */
async function loadFile(path: string, engine: Engine): Promise<FileBytes> {
  const handle = await open(path);
  try {
    const { size } = await handle.stat();
    if (size > largestFile) throw new Error(`${path} has ${String(size)} bytes; land at most ${String(largestFile)} at once`);
    const file = room(engine, size);
    const { bytesRead } = await handle.read(engine.bytes, file.start, size, 0);
    if (bytesRead !== size) throw new Error(`${path} had ${String(size)} bytes, and ${String(bytesRead)} could be read`);
    return readable(file, engine);
  } finally {
    await handle.close();
  }
}

/** A gibibyte: what is made of its records finds room in the engine's four. */
const largestFile = 1_073_741_824;

/** Gives its memory back. */
export function unloadFile({ start }: FileBytes, engine: Engine): void {
  engine.calls.release(start);
}

/** Invalid UTF-8 becomes U+FFFD, and so do halves of surrogate pairs: no text in Parquet can hold them. */
function readable(file: FileBytes, engine: Engine): FileBytes {
  const bytes = engine.bytes.subarray(file.start, file.end);
  const hasHalves = bytes.includes('\\ud') || bytes.includes('\\uD');
  if (!hasHalves && isUtf8(bytes)) return file;
  const text = bytes.toString('utf8').replace(escapes, (escape, half?: string) => (half === undefined ? escape : '\\ufffd'));
  unloadFile(file, engine);
  const mended = room(engine, Buffer.byteLength(text));
  engine.bytes.write(text, mended.start);
  return mended;
}

/** Surrogate pairs, halves of one (captured), and every other escape, so that `\\ud800` after a backslash, which is no surrogate, is stepped over. */
const escapes = /\\u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|(\\u[dD][89a-fA-F][\da-fA-F]{2})|\\./g;

function room(engine: Engine, size: number): FileBytes {
  const start = engine.calls.allocate(size + slack);
  // What the engine may run into after the last byte: see engine/json.ts.
  engine.bytes[start + size] = quote;
  engine.bytes.fill(0, start + size + 1, start + size + slack);
  return { start, end: start + size };
}

const slack = 64;
