/**
 * The engine that takes records apart (engine/): JSON in, the places that columns read out, as cells; and pools of texts as Parquet
 * writes them. It is WebAssembly: what JSON.parse and a Map do for a record takes three times as long and leaves garbage behind.
 */

import { engineWasm } from './engine-wasm.ts';

/** The offset of a cell on the tape; 0 is none. */
export type Cell = number;
/** The cell of a record, of an element of a list, or of an object, which the cells of its fields follow. */
export type Row = number;

/** What stands at a cell's place. */
export const kinds = { absent: 0, text: 1, escapedText: 2, number: 3, true: 4, false: 5, object: 6, list: 7, null: 8 } as const;

export const cellBytes = 16;

/** The record's row. */
export const recordRow: Row = 16;

/** How many fields lead somewhere, and the offsets of their cells. */
export type Way = readonly [depth: number, first: number, second: number, third: number, fourth: number];

/** @param fields Their numbers in their objects; none for the row itself. */
export function wayOf(fields: readonly number[]): Way {
  const [first = 0, second = 0, third = 0, fourth = 0, tooDeep] = fields.map((field) => field * cellBytes);
  if (tooDeep !== undefined) throw new Error('nothing is looked for more than four objects deep');
  return [Math.max(1, fields.length), first, second, third, fourth];
}

/** What the WebAssembly module offers; addresses and offsets are numbers. See engine/ for what each does. */
interface Calls {
  readonly memory: { readonly buffer: ArrayBuffer };
  begin(): void;
  allocate(bytes: number): number;
  release(address: number): void;
  newShape(): number;
  addField(shape: number, name: number, length: number): number;
  setWithinField(shape: number, name: number, length: number, object: number, element: number): void;
  read(start: number, end: number, shape: number): number;
  tapeStart(): number;
  clearTexts(): void;
  plain(cell: Cell): void;
  newSources(): number;
  addSource(sources: number, ...way: Way): void;
  setPairName(sources: number, name: number, length: number, nameOffset: number, valueOffset: number): void;
  addWord(sources: number, start: number, length: number, isOfAll: number): void;
  find(sources: number, row: Row): Cell;
  newLeaf(prefix: number, isTruth: number, maxDefinition: number, maxRepetition: number): number;
  clearLeaf(leaf: number): void;
  setKind(leaf: number, kind: number): void;
  takeFrom(leaf: number, sources: number): void;
  repeatValue(leaf: number): void;
  setRepeated(leaf: number, code: number): void;
  addRow(record: Row): void;
  codeAt(leaf: number, sources: number, row: Row): number;
  codeOfCell(leaf: number, cell: Cell): number;
  codeOfBytes(leaf: number, start: number, length: number): number;
  addFlat(leaf: number, code: number): void;
  add(leaf: number, code: number, repetition: number, definition: number): void;
  beginRow(leaf: number): void;
  newListColumn(): number;
  addLevel(column: number, ...way: Way): void;
  addListField(column: number, leaf: number, sources: number, outwards: number, isNeeded: number): void;
  setPairs(column: number, nameOffset: number, valueOffset: number): void;
  addLists(record: Row): void;
  newPart(sources: number): number;
  setPart(part: number, start: number, length: number): void;
  makeKey(record: Row): number;
  codeOfKey(leaf: number): number;
  least(leaf: number, kind: number): number;
  greatest(leaf: number, kind: number): number;
  plainSize(leaf: number): number;
  fillPage(leaf: number, order: number, from: number, to: number, isDictionary: number, most: number): number;
  repetitionBytes(): number;
  definitionBytes(): number;
  valueBytes(): number;
  valuesInPage(): number;
  entriesInPage(): number;
}

let compiled: WebAssembly.Module | undefined;

/** Engines that are free to be used again: a new one has to be compiled for its callers, and its memory zeroed, page by page. */
const idle: Engine[] = [];
/** Memory never becomes smaller; an engine that has more is not used again. */
const mostKept = 96_000_000;

export class Engine {
  /** An engine for one job. */
  static take(): Engine {
    const engine = idle.pop() ?? new Engine();
    engine.calls.begin();
    engine.odd.clear();
    engine.scratch = 0;
    engine.scratchSize = 0;
    return engine;
  }

  /** The job is done. */
  giveBack(): void {
    if (this.memory.buffer.byteLength <= mostKept) idle.push(this);
  }

  readonly calls: Calls;
  /** Counts the records that were read. */
  record = 0;
  /** Works out the number of a value that is odd for its leaf, by the leaf's address. */
  readonly odd = new Map<number, (cell: Cell) => number>();
  private readonly memory: { readonly buffer: ArrayBuffer };
  private seenBytes: Buffer;
  private seenNumbers: Int32Array;
  private scratch = 0;
  private scratchSize = 0;

  private constructor() {
    compiled ??= new WebAssembly.Module(Buffer.from(engineWasm, 'base64'));
    const codeOfOdd = (leaf: number, cell: Cell): number => this.odd.get(leaf)?.(cell) ?? -1;
    this.calls = new WebAssembly.Instance(compiled, { env: { abort, codeOfOdd } }).exports as Calls;
    this.memory = this.calls.memory;
    this.seenBytes = Buffer.from(this.memory.buffer);
    this.seenNumbers = new Int32Array(this.memory.buffer);
  }

  /** Memory as numbers. What was had of it before is empty once memory has grown. */
  get numbers(): Int32Array {
    if (this.seenNumbers.length === 0) this.look();
    return this.seenNumbers;
  }

  /** Memory as bytes. */
  get bytes(): Buffer {
    if (this.seenNumbers.length === 0) this.look();
    return this.seenBytes;
  }

  private look(): void {
    this.seenBytes = Buffer.from(this.memory.buffer);
    this.seenNumbers = new Int32Array(this.memory.buffer);
  }

  /** Reads the JSON value at an address. @returns Behind it; 0 when none is whole before `end`. See engine/json.ts. */
  read(start: number, end: number, shape: number): number {
    this.record += 1;
    this.calls.clearTexts();
    return this.calls.read(start, end, shape);
  }

  /** The number at a place of a cell. */
  private at(cell: Cell, place: number): number {
    return this.numbers[((this.calls.tapeStart() + cell) >>> 2) + place] ?? 0;
  }
  kind(cell: Cell): number {
    return this.at(cell, 0);
  }
  start(cell: Cell): number {
    return this.at(cell, 1);
  }
  end(cell: Cell): number {
    return this.at(cell, 2);
  }
  /** Of an object's cell its row, of a list's its first element's, of a row in a list the next one; 0 for none. */
  within(cell: Cell): Row {
    return this.at(cell, 3);
  }

  text(cell: Cell): string {
    this.calls.plain(cell);
    return this.bytes.toString('utf8', this.start(cell), this.end(cell));
  }

  /** Memory for as long as the engine is. */
  keep(bytes: Uint8Array): number {
    const address = this.calls.allocate(bytes.length);
    this.bytes.set(bytes, address);
    return address;
  }

  /** Memory until it is asked for again. */
  lend(bytes: number): number {
    if (bytes > this.scratchSize) {
      if (this.scratch !== 0) this.calls.release(this.scratch);
      this.scratchSize = Math.max(1_024, bytes * 2);
      this.scratch = this.calls.allocate(this.scratchSize);
    }
    return this.scratch;
  }
}

function abort(): never {
  throw new Error('the engine that reads records ran out of memory; land fewer records at once');
}
