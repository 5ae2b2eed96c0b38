/** A leaf column of a row group in the engine's memory: its values, each written once, and which of them stands where. */

import { engineConstants } from './engine-wasm.ts';
import type { Cell, Engine, Row } from './engine.ts';
import type { Sources } from './sources.ts';

/** What a leaf has. A time is in µs since 1970. */
export type LeafType = 'text' | 'long' | 'double' | 'boolean' | 'time';

/** One leaf of the schema. Levels as Parquet counts them. */
export interface LeafShape {
  readonly path: readonly string[];
  readonly type: LeafType;
  readonly maxDefinition: number;
  readonly maxRepetition: number;
}

/** One value of a leaf. */
export type Scalar = string | number | bigint | boolean;

/** The number of a value among the leaf's values; -1 for NULL. */
export type Code = number;

/** A leaf column of one row group; every call goes to engine/leaf.ts. */
export class Leaf {
  readonly shape: LeafShape;
  readonly engine: Engine;
  /** Its address in the engine's memory. */
  readonly address: number;
  /** Numbers of values that come again and again. */
  private readonly known = new Map<Scalar, Code>();

  constructor(shape: LeafShape, engine: Engine) {
    const { type, maxDefinition, maxRepetition } = shape;
    this.shape = shape;
    this.engine = engine;
    this.address = engine.calls.newLeaf(taken[type], maxDefinition, maxRepetition);
  }

  /** Empties it, for the next row group. */
  clear(): void {
    this.known.clear();
    this.engine.calls.clearLeaf(this.address);
  }

  /** The number of a value of the leaf's type. */
  codeOf(value: Scalar | null): Code {
    if (value === null) return -1;
    const known = this.known.get(value);
    if (known !== undefined) return known;
    const { engine } = this;
    const at = engine.lend(typeof value === 'string' ? value.length * 3 : 8);
    const length = typeof value === 'string' ? writeText(engine.bytes, value, at) : writeNumber(engine.bytes, value, at, this.shape.type);
    const code = engine.calls.codeOfBytes(this.address, at, length);
    if (this.known.size < mostKnown) this.known.set(value, code);
    return code;
  }

  /** The number of a cell's text. */
  codeOfCell(cell: Cell): Code {
    const { calls } = this.engine;
    calls.plain(cell);
    return calls.codeOfCell(this.address, cell);
  }

  /** The number of the first of these places that is filled, as seen from a row. */
  codeAt(sources: Sources, row: Row): Code {
    return this.engine.calls.codeAt(this.address, sources, row);
  }

  /** From now on, the next row of each record is what is found there. */
  takeFrom(sources: Sources): void {
    this.engine.calls.takeFrom(this.address, sources);
  }

  /** Whether equal values have one number. */
  isDictionary(): boolean {
    return this.engine.calls.isDictionary(this.address) !== 0;
  }

  /** From now on, the next row of each record is the value that the function was given last. */
  repeat(): (value: Scalar | null) => void {
    this.engine.calls.repeatValue(this.address);
    return (value) => {
      this.engine.calls.setRepeated(this.address, this.codeOf(value));
    };
  }

  /** The only entry of its row, in a column without lists. */
  addFlat(code: Code): void {
    this.engine.calls.addFlat(this.address, code);
  }

  /** Begins the next row of a column with lists. */
  beginRow(): void {
    this.engine.calls.beginRow(this.address);
  }

  /** Adds an entry to that row. */
  add(code: Code, repetition: number, definition: number): void {
    this.engine.calls.add(this.address, code, repetition, definition);
  }
}

/** What the engine takes for a leaf. */
const taken = {
  text: engineConstants.texts,
  long: engineConstants.wholeNumbers,
  time: engineConstants.wholeNumbers,
  double: engineConstants.fractions,
  boolean: engineConstants.truthValues,
} as const;

const mostKnown = 200;

/** Halves of surrogate pairs become U+FFFD. */
const writeText = (bytes: Buffer, text: string, at: number): number => bytes.write(text, at);

function writeNumber(bytes: Buffer, value: Exclude<Scalar, string>, at: number, type: LeafType): number {
  if (typeof value === 'boolean') return bytes.writeUInt8(value ? 1 : 0, at) - at;
  if (typeof value === 'bigint') bytes.writeBigInt64LE(value, at);
  else if (type === 'double') bytes.writeDoubleLE(value, at);
  else {
    bytes.writeInt32LE(value | 0, at);
    bytes.writeInt32LE(Math.floor(value / 0x1_0000_0000), at + 4);
  }
  return 8;
}
