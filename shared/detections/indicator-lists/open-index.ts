/** Looks values up in the file that {@link IndexBuilder} makes. */

import { z } from 'zod';
import type { Indicator, IndicatorIndex } from '../indicators.ts';
import type { IndicatorType } from '../sigma/lake-block.ts';
import type { Instant } from '../../domain/window.ts';
import { countsAt, entryOfLine, longestAbout, longestValue } from './entry.ts';
import { ipv4Number } from './address.ts';
import { hashIpv4, hashKey } from './hash.ts';
import { indexMagic, type IndexHead } from './index-builder.ts';
import { indicatorKey, lookUpKeys } from './keys.ts';

/** The file's bytes, wherever they lie. Reads are synchronous: evaluating a rule never waits. */
export interface IndexBytes {
  readonly length: number;
  read(position: number, length: number): Buffer;
}

const shape = z.object({
  count: z.number(),
  sources: z.record(z.string(), z.number()),
  ranges: z.object({ 4: z.array(z.number()), 16: z.array(z.number()) }),
  hashesAt: z.number(),
}) satisfies z.ZodType<IndexHead>;

/** The head of an index. @throws Error at a file that is none, or that was cut off. */
export function readIndexHead(bytes: IndexBytes): IndexHead {
  const tail = bytes.length < 20 ? Buffer.alloc(0) : bytes.read(bytes.length - 12, 12);
  if (tail.subarray(4).toString() !== indexMagic) throw new Error('is no index of indicators, or was cut off; import the lists again');
  const size = tail.readUInt32LE(0);
  return shape.parse(JSON.parse(bytes.read(bytes.length - 12 - size, size).toString()));
}

/** An index over a file. It holds 6 bytes an indicator. @throws Error at a file that is none. */
export function openIndex(bytes: IndexBytes): IndicatorIndex & { readonly head: IndexHead } {
  const head = readIndexHead(bytes);
  const { count, hashesAt, ranges } = head;
  const upper = typed(bytes.read(hashesAt, 4 * count), (data) => new Uint32Array(data));
  const lower = typed(bytes.read(hashesAt + 4 * count, 2 * count), (data) => new Uint16Array(data));
  const finder = new HashFinder(upper, lower);
  const entryAt = (index: number) => {
    const start = bytes.read(hashesAt + 6 * count + 4 * index, 4).readUInt32LE(0);
    const text = bytes.read(start, Math.min(longestLine, bytes.length - start)).toString();
    return entryOfLine(text.slice(0, text.indexOf('\n')));
  };
  const validEntry = (key: string, time: Instant | undefined): Indicator | undefined => {
    for (let index = finder.first(key); finder.isEqual(index); index += 1) {
      const { type, from, until, ...indicator } = entryAt(index);
      if (
        indicatorKey(type, indicator.value) === key &&
        countsAt({ ...(from !== undefined && { from }), ...(until !== undefined && { until }) }, time)
      )
        return indicator;
    }
    return undefined;
  };
  const find = (type: IndicatorType, text: string, time: Instant | undefined): Indicator | undefined => {
    const number = type === 'ip' ? ipv4Number(text) : undefined;
    if (number !== undefined && !ranges[4].some((bits) => finder.hasIpv4(number, bits))) return undefined;
    for (const key of lookUpKeys(type, text.slice(0, longestValue), ranges)) {
      const found = validEntry(key, time);
      if (found) return found;
    }
    return undefined;
  };
  return { head, find };
}

/** A line as UTF-8 within JSON: at most six bytes a character, and the rest of an entry. */
const longestLine = 6 * (longestValue + longestAbout) + 2048;

/** A copy that begins where its type may. */
function typed<Column>(data: Buffer, make: (data: ArrayBuffer) => Column): Column {
  return make(data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength) as ArrayBuffer);
}

/** Finds a hash among the sorted ones: the upper 16 bits name a place in a table, and few are left to look through. */
class HashFinder {
  private readonly table = new Uint32Array(65_537);
  private readonly hash = new Uint32Array(2);
  private readonly upper: Uint32Array;
  private readonly lower: Uint16Array;

  constructor(upper: Uint32Array, lower: Uint16Array) {
    this.upper = upper;
    this.lower = lower;
    const { table } = this;
    for (const bits of upper) table[(bits >>> 16) + 1] = (table[(bits >>> 16) + 1] ?? 0) + 1;
    for (let index = 1; index < table.length; index += 1) table[index] = (table[index] ?? 0) + (table[index - 1] ?? 0);
  }

  /** Where the key's hash may begin. */
  first(key: string): number {
    hashKey(key, this.hash);
    return this.firstOfHash();
  }

  /** Whether a range around an address may be listed. */
  hasIpv4(address: number, bits: number): boolean {
    hashIpv4(bits === 0 ? 0 : bits === 32 ? address : (address >>> (32 - bits)) << (32 - bits), bits, this.hash);
    return this.isEqual(this.firstOfHash());
  }

  private firstOfHash(): number {
    const [bits = 0, rest = 0] = this.hash;
    let at = this.table[bits >>> 16] ?? 0;
    const end = this.table[(bits >>> 16) + 1] ?? 0;
    while (at < end && ((this.upper[at] ?? 0) < bits || ((this.upper[at] ?? 0) === bits && (this.lower[at] ?? 0) < rest))) at += 1;
    return at;
  }

  /** Whether what stands there has the hash that was asked for last. */
  isEqual(index: number): boolean {
    return index < this.upper.length && this.upper[index] === this.hash[0] && this.lower[index] === this.hash[1];
  }
}
