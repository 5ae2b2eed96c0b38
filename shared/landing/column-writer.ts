/** A column: read from a record, taken apart into its leaves, with the levels by which they are put together again. */

import type { Column, Expression } from '../domain/columns.ts';
import { Leaf, type LeafShape, type Scalar } from './engine/leaf.ts';
import { toBoolean, toDouble, toLong, toText, toTime } from './engine/cells.ts';
import type { Row } from './engine/engine.ts';
import type { LandingContext, ValueReader } from './engine/context.ts';
import { sourcesOf } from './engine/sources.ts';
import { structsPlan } from './engine/structs.ts';
import { valueReader } from './engine/value-reader.ts';
import { fieldWriter } from './field-writer.ts';
import { listOfEngine, convertOutside } from './engine-list.ts';

/** What fills the leaves of one column, record by record. */
export interface ColumnWriter {
  readonly leaves: readonly Leaf[];
  /** Before the first row of a file. */
  readonly begin?: () => void;
  /** Makes the record's value the next row's; undefined where the engine does that itself. */
  readonly add?: (record: Row) => void;
}

/** @param shapes The column's leaves, in the schema's order. */
export function columnWriter({ type, from }: Column, shapes: readonly LeafShape[], context: LandingContext): ColumnWriter {
  const leaves = shapes.map((shape) => new Leaf(shape, context.engine));
  const [first] = leaves;
  if (first === undefined) throw new Error('a column has leaves');
  if (listOfEngine(from, type, leaves, context)) return { leaves };
  if (from.op === 'structs') return structsWriter(from, leaves, context);
  if (type === 'texts') return textsWriter(from, first, context);
  return takingWriter(type, from, first, context) ?? valueWriter(cast(type, valueReader(from, context)), first);
}

/** A column that the engine fills by itself: it takes what stands in the record, or repeats what the job gives. */
function takingWriter(type: Column['type'], from: Expression, leaf: Leaf, context: LandingContext): ColumnWriter | undefined {
  const { engine, plan, givens } = context;
  if (from.op === 'given') {
    const repeat = leaf.repeat();
    return {
      leaves: [leaf],
      begin: () => {
        repeat(givens[from.name]);
      },
    };
  }
  const plain = type === 'long' || type === 'boolean' ? asText(from, type) : type === 'text' ? from : undefined;
  const sources = plain && sourcesOf(plain, plan);
  if (sources === undefined) return undefined;
  convertOutside(leaf, type, engine);
  leaf.takeFrom(sources);
  return { leaves: [leaf] };
}

/** The field that a number or a truth value is taken from, as if it were a text. */
const asText = (from: Expression, type: 'long' | 'boolean'): Expression | undefined =>
  from.op === 'field' && from.as === type ? { ...from, as: 'text' } : undefined;

function valueWriter(read: ValueReader, leaf: Leaf): ColumnWriter {
  return {
    leaves: [leaf],
    add: (record) => {
      leaf.addFlat(leaf.codeOf(read(record) as Scalar | null));
    },
  };
}

/** What an expression gives, as the column's type. */
function cast(type: Column['type'], read: ValueReader): ValueReader {
  const to = typeof type === 'object' ? undefined : casts[type as keyof typeof casts];
  return to === undefined ? read : (row) => to(read(row));
}

const casts = { text: toText, long: toLong, double: toDouble, boolean: toBoolean, time: toTime };

/** A list that is empty is NULL. */
function textsWriter(from: Expression, leaf: Leaf, context: LandingContext): ColumnWriter {
  const [read, list] = [valueReader(from, context), listOf(leaf)];
  return {
    leaves: [leaf],
    add: (record) => {
      list.begin();
      for (const value of (read(record) ?? []) as readonly Scalar[]) list.add(leaf.codeOf(toText(value)));
      list.end();
    },
  };
}

/** A row's list in one leaf. */
function listOf(leaf: Leaf) {
  const { maxDefinition } = leaf.shape;
  let isEmpty = true;
  return {
    begin: (): void => {
      leaf.beginRow();
      isEmpty = true;
    },
    add: (code: number): void => {
      leaf.add(code, isEmpty ? 0 : 1, maxDefinition);
      isEmpty = false;
    },
    end: (): void => {
      if (isEmpty) leaf.add(-1, 0, 0);
    },
  };
}

/** One leaf a field. */
function structsWriter(from: Extract<Expression, { op: 'structs' }>, leaves: readonly Leaf[], context: LandingContext): ColumnWriter {
  const { elements, fields, needed } = structsPlan(from, context);
  const writers = leaves.flatMap((leaf, index) => (fields[index] ? [fieldWriter(fields[index], leaf)] : []));
  let count = 0;
  const add = (element: Row, outer: readonly Row[]): void => {
    for (const writer of writers) writer.look(element, outer);
    if (!needed.some((index) => writers[index]?.isFilled() === true)) return;
    for (const writer of writers) writer.add(count === 0 ? 0 : 1);
    count += 1;
  };
  return {
    leaves,
    add: (record) => {
      for (const leaf of leaves) leaf.beginRow();
      count = 0;
      elements(record, add);
      if (count < 1) for (const leaf of leaves) leaf.add(-1, 0, 0);
    },
  };
}
