/** Rows until they are written: column by column, and the records' own bytes where they were read. */

import type { LogType } from '../log-types/log-type.ts';
import { leafChunk, type Chunk, type Order } from './parquet/chunk.ts';
import { Leaf } from './engine/leaf.ts';
import { rawChunk, type Spans } from './parquet/raw-chunk.ts';
import type { ColumnSchema } from './parquet/schema.ts';
import { recordRow, type Engine, type Row } from './engine/engine.ts';
import type { LandingContext, ValueReader } from './engine/context.ts';
import { valueReader } from './engine/value-reader.ts';
import { columnWriter, type ColumnWriter } from './column-writer.ts';

/** The schemas of a log type's columns, then of what landing adds. */
export interface LandedSchema {
  readonly columns: readonly ColumnSchema[];
  readonly recordKey: ColumnSchema;
  readonly raw: ColumnSchema;
}

/** The rows of one row group: filled record by record, turned into chunks, cleared. */
export class RowGroup {
  private readonly writers: readonly ColumnWriter[];
  /** What the engine does not add by itself. */
  private readonly added: readonly ((record: Row) => void)[];
  private readonly keys: readonly Leaf[];
  private readonly context: LandingContext;
  private readonly engine: Engine;
  private readonly schema: LandedSchema;
  private spans: Spans = { starts: [], ends: [] };
  private times: number[] = [];
  private readonly time: ValueReader;
  /** Bytes of the records. */
  bytes = 0;

  constructor({ columns }: LogType, schema: LandedSchema, context: LandingContext) {
    this.schema = schema;
    this.writers = Object.values(columns).map((column, index) => columnWriter(column, schema.columns[index]?.leaves ?? [], context));
    this.keys = schema.recordKey.leaves.map((shape) => new Leaf(shape, context.engine));
    this.context = context;
    this.engine = context.engine;
    this.time = columns.event_time ? valueReader(columns.event_time.from, context) : () => null;
    this.added = this.writers.flatMap(({ add }) => (add ? [add] : []));
  }

  /** Before the first record of a file, and after {@link clear}. */
  begin(): void {
    for (const { begin } of this.writers) begin?.();
  }

  get rows(): number {
    return this.times.length;
  }

  /** Adds the record that the engine read last, and made a key of. */
  add(start: number, end: number): void {
    const { calls } = this.engine;
    calls.addRow(recordRow);
    calls.addLists(recordRow);
    for (const add of this.added) add(recordRow);
    for (const leaf of this.keys) leaf.addFlat(calls.codeOfKey(leaf.address));
    this.times.push(Number(this.time(recordRow) ?? Infinity));
    this.spans.starts.push(start);
    this.spans.ends.push(end);
    this.bytes += end - start;
  }

  /** Begins anew. */
  clear(): void {
    for (const leaf of this.leaves()) leaf.clear();
    for (const leaf of this.context.hidden) leaf.clear();
    [this.spans, this.times, this.bytes] = [{ starts: [], ends: [] }, [], 0];
    this.begin();
  }

  private leaves(): readonly Leaf[] {
    return [...this.writers.flatMap(({ leaves }) => leaves), ...this.keys];
  }

  /** The rows by event time, those without one last. */
  chunks(): Chunk[] {
    const order = orderOf(this.times);
    const inEngine = this.lent(order);
    return [
      ...this.leaves().map((leaf) => leafChunk(leaf, inEngine)),
      ...this.schema.raw.leaves.map((shape) => rawChunk(shape, this.engine.bytes, this.spans, order)),
    ];
  }

  private lent(order: Uint32Array): Order {
    const address = this.engine.lend(order.byteLength);
    this.engine.numbers.set(order, address >>> 2);
    return { address, rows: order.length };
  }
}

function orderOf(times: readonly number[]): Uint32Array {
  const order = Uint32Array.from(times, (_, index) => index);
  return order.sort((a, b) => {
    const one = times[a] ?? Infinity;
    const other = times[b] ?? Infinity;
    return one < other ? -1 : one > other ? 1 : a - b;
  });
}
