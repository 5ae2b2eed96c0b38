/**
 * Makes the file that indicators are looked up in:
 *
 * ```
 * magic | entries, a line each | upper hash bits, sorted | lower hash bits | where each entry begins | head as JSON | its length | magic
 * ```
 *
 * Only the hashes are held in memory when it is used (6 bytes an indicator); an entry is read when its hash has matched.
 */

import { entryLine, type IndicatorEntry } from './entry.ts';
import { addressRange } from './address.ts';
import { hashKey } from './hash.ts';
import { indicatorKey } from './keys.ts';

/** The first and the last bytes of the file. */
export const indexMagic = 'LAKEIOC1';

/** What stands at the file's end. */
export interface IndexHead {
  readonly count: number;
  readonly sources: Readonly<Record<string, number>>;
  /** Lengths of ranges of addresses, as {@link RangeLengths}. */
  readonly ranges: { readonly 4: readonly number[]; readonly 16: readonly number[] };
  /** Where the upper hash bits begin. */
  readonly hashesAt: number;
}

/** Entries go in one by one, and what has to be written comes out; memory is 16 bytes an entry. */
export class IndexBuilder {
  private count = 0;
  private upper = new Uint32Array(1024);
  private lower = new Uint16Array(1024);
  private starts = new Uint32Array(1024);
  private length = indexMagic.length;
  private readonly sources = new Map<string, number>();
  private readonly ranges = { 4: new Set<number>([32]), 16: new Set<number>([128]) };
  private readonly hash = new Uint32Array(2);

  /** What the file begins with. */
  begin(): Buffer {
    return Buffer.from(indexMagic);
  }

  /** The entry's line, to be written; undefined where its value is none of its type. @throws RangeError beyond 4 GiB of entries. */
  add(entry: IndicatorEntry): Buffer | undefined {
    const key = indicatorKey(entry.type, entry.value);
    if (key === undefined) return undefined;
    const line = Buffer.from(`${entryLine(entry)}\n`);
    if (this.length + line.length > 0xffffffff) throw new RangeError('the lists of indicators are larger than 4 GiB');
    this.note(key, entry);
    this.length += line.length;
    return line;
  }

  private note(key: string, { type, value, source }: IndicatorEntry): void {
    if (this.count === this.upper.length) this.grow();
    hashKey(key, this.hash);
    this.upper[this.count] = this.hash[0] ?? 0;
    this.lower[this.count] = this.hash[1] ?? 0;
    this.starts[this.count] = this.length;
    this.count += 1;
    this.sources.set(source, (this.sources.get(source) ?? 0) + 1);
    const range = type === 'ip' ? addressRange(value.trim()) : undefined;
    if (range) this.ranges[range.bytes.length as 4 | 16].add(range.bits);
  }

  private grow(): void {
    const size = 2 * this.count;
    const [upper, lower, starts] = [new Uint32Array(size), new Uint16Array(size), new Uint32Array(size)];
    upper.set(this.upper);
    lower.set(this.lower);
    starts.set(this.starts);
    [this.upper, this.lower, this.starts] = [upper, lower, starts];
  }

  /** What the file ends with. */
  end(): Buffer[] {
    const order = Uint32Array.from({ length: this.count }, (_, index) => index).sort((a, b) => this.compare(a, b));
    const padding = Buffer.alloc((4 - (this.length % 4)) % 4);
    const head: IndexHead = {
      count: this.count,
      sources: Object.fromEntries(this.sources),
      ranges: { 4: inOrder(this.ranges[4]), 16: inOrder(this.ranges[16]) },
      hashesAt: this.length + padding.length,
    };
    const json = Buffer.from(JSON.stringify(head));
    const size = Buffer.alloc(4);
    size.writeUInt32LE(json.length);
    const columns = [
      order.map((at) => this.upper[at] ?? 0),
      Uint16Array.from(order, (at) => this.lower[at] ?? 0),
      order.map((at) => this.starts[at] ?? 0),
    ];
    return [padding, ...columns.map(bytesOf), json, size, Buffer.from(indexMagic)];
  }

  /** Equal keys stay in the order of their lists. */
  private compare(a: number, b: number): number {
    return (this.upper[a] ?? 0) - (this.upper[b] ?? 0) || (this.lower[a] ?? 0) - (this.lower[b] ?? 0) || a - b;
  }
}

const inOrder = (lengths: ReadonlySet<number>): number[] => [...lengths].sort((a, b) => b - a);

/** All machines that this runs on are little-endian. */
const bytesOf = ({ buffer, byteOffset, byteLength }: Uint32Array | Uint16Array): Buffer => Buffer.from(buffer, byteOffset, byteLength);
