/**
 * The engine that takes records apart (engine/): JSON in, the places that columns read out, as cells; and pools of texts as Parquet
 * writes them. It is WebAssembly: what JSON.parse and a Map do for a record takes three times as long and leaves garbage.
 */

import { engineConstants, engineWasm } from './engine-wasm.ts';

/** The offset of a cell on the tape; 0 where there is no cell. */
export type Cell = number;
/** The cell of a record, of an element of a list, or of an object, which the cells of its fields follow. */
export type Row = number;

/** What stands at a cell's place. */
export const kinds = {
  absent: engineConstants.absent,
  text: engineConstants.text,
  escapedText: engineConstants.escapedText,
  number: engineConstants.number,
  true: engineConstants.isTrue,
  false: engineConstants.isFalse,
  object: engineConstants.object,
  list: engineConstants.list,
  null: engineConstants.isNull,
} as const;

/** How many bytes a cell takes: the offset of a field's cell in its row is the field's number times as much. */
export const { cellBytes } = engineConstants;

/** The row of the record that was read last. */
export const recordRow: Row = engineConstants.recordRow;

/** How many fields lead somewhere, and the offsets of their cells. */
export type FieldPath = readonly [depth: number, first: number, second: number, third: number, fourth: number];

/**
 * The way to a cell.
 *
 * @param fields The fields' numbers in their objects; empty for the row itself.
 * @throws When it is more than four objects deep.
 */
export function fieldPathOf(fields: readonly number[]): FieldPath {
  const [first = 0, second = 0, third = 0, fourth = 0, tooDeep] = fields.map((field) => field * cellBytes);
  if (tooDeep !== undefined) throw new Error('nothing is looked for more than four objects deep');
  return [Math.max(1, fields.length), first, second, third, fourth];
}

/** What the WebAssembly module exports; addresses and offsets are numbers. See engine/README.md, and engine/ for what each does. */
interface Calls {
  readonly memory: { readonly buffer: ArrayBuffer };
  begin(): void;
  allocate(bytes: number): number;
  release(address: number): void;
  newShape(): number;
  addField(shape: number, name: number, length: number): number;
  setWithinField(shape: number, name: number, length: number, object: number, element: number): void;
  read(start: number, end: number, shape: number): number;
  kindOf(cell: Cell): number;
  startOf(cell: Cell): number;
  endOf(cell: Cell): number;
  withinOf(cell: Cell): Row;
  clearTexts(): void;
  plain(cell: Cell): void;
  newSources(): number;
  addSource(sources: number, ...path: FieldPath): void;
  setPairName(sources: number, name: number, length: number, nameOffset: number, valueOffset: number): void;
  addWord(sources: number, start: number, length: number, isOfAll: number): void;
  find(sources: number, row: Row): Cell;
  newLeaf(takes: number, maxDefinition: number, maxRepetition: number): number;
  clearLeaf(leaf: number): void;
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
  addLevel(column: number, ...path: FieldPath): void;
  addListField(column: number, leaf: number, sources: number, outwards: number, isNeeded: number): void;
  setPairs(column: number, nameOffset: number, valueOffset: number): void;
  addLists(record: Row): void;
  newPart(sources: number): number;
  setPart(part: number, start: number, length: number): void;
  makeKey(record: Row): number;
  codeOfKey(leaf: number): number;
  least(leaf: number): number;
  greatest(leaf: number): number;
  valueCount(leaf: number): number;
  isDictionary(leaf: number): number;
  dictionaryStart(leaf: number): number;
  dictionaryLength(leaf: number): number;
  startOfValue(leaf: number, code: number): number;
  endOfValue(leaf: number, code: number): number;
  plainSize(leaf: number): number;
  fillPage(leaf: number, order: number, from: number, to: number, isDictionary: number, most: number): number;
  repetitionsStart(): number;
  repetitionsLength(): number;
  definitionsStart(): number;
  definitionsLength(): number;
  valuesStart(): number;
  valuesLength(): number;
  valuesInPage(): number;
  entriesInPage(): number;
}

let compiled: WebAssembly.Module | undefined;

/** Engines that are free to be used again: a new one has to be compiled for its callers, and its memory zeroed, page by page. */
const idle: Engine[] = [];
/** Memory never becomes smaller; an engine that has more is not used again. */
const mostKept = 96_000_000;

/** One instance of the module with its memory: what is made in it lasts until {@link Engine.giveBack}. */
export class Engine {
  /** An engine for one job. */
  static take(): Engine {
    const engine = idle.pop() ?? new Engine();
    engine.calls.begin();
    engine.conversions.clear();
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
  /** By a leaf's address: the number of a value that has to be converted for it first. */
  readonly conversions = new Map<number, (cell: Cell) => number>();
  private readonly memory: { readonly buffer: ArrayBuffer };
  private seenBytes: Buffer;
  private seenNumbers: Int32Array;
  private scratch = 0;
  private scratchSize = 0;

  private constructor() {
    compiled ??= new WebAssembly.Module(Buffer.from(engineWasm, 'base64'));
    const codeFromOutside = (leaf: number, cell: Cell): number => this.conversions.get(leaf)?.(cell) ?? -1;
    this.calls = new WebAssembly.Instance(compiled, { env: { abort, codeFromOutside } }).exports as Calls;
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

  /** Reads the JSON value at an address. @returns The address after it; 0 when there is no whole value before `end`. See engine/json.ts. */
  read(start: number, end: number, shape: number): number {
    this.record += 1;
    this.calls.clearTexts();
    return this.calls.read(start, end, shape);
  }

  /** What stands there: one of {@link kinds}. */
  kind(cell: Cell): number {
    return this.calls.kindOf(cell);
  }

  /** The address of its first byte; a text's without the quote. */
  start(cell: Cell): number {
    return this.calls.startOf(cell);
  }

  /** The address after its last byte. */
  end(cell: Cell): number {
    return this.calls.endOf(cell);
  }

  /** Of an object's cell its row, of a list's its first element's, of a row in a list the next one; 0 when there is none. */
  within(cell: Cell): Row {
    return this.calls.withinOf(cell);
  }

  /** A text without its escapes; anything else as it is written, without white space between its parts. */
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
