/** Column types as a Parquet schema, in the shape that DuckDB, Athena and Spark read: three-level lists, maps of key_value. */

import type { SchemaElement } from 'hyparquet';
import type { Column } from '../../domain/columns.ts';
import type { LeafShape, LeafType } from '../engine/leaf.ts';

/** A column, its elements of the schema in their order, and its leaves. */
export interface ColumnSchema {
  readonly elements: readonly SchemaElement[];
  readonly leaves: readonly LeafShape[];
}

/** The schema of a column of that name and type. */
export function columnSchema(name: string, type: Column['type']): ColumnSchema {
  if (type === 'texts') return listSchema(name, [], 0, 0);
  if (type === 'map') return mapSchema(name);
  if (typeof type === 'string') return leafSchema(name, leafTypes[type], [], 0, 0);
  const element = [...listPath(name), 'element'];
  const fields = Object.entries(type.listOf).map(([field, of]) =>
    of === 'texts' ? listSchema(field, element, 3, 1) : leafSchema(field, leafTypes[of], element, 3, 1),
  );
  const group = { name: 'element', repetition_type: 'OPTIONAL', num_children: fields.length } as const;
  return {
    elements: [...listElements(name), group, ...fields.flatMap(({ elements }) => elements)],
    leaves: fields.flatMap(({ leaves }) => leaves),
  };
}

const leafTypes = { text: 'text', json: 'text', long: 'long', double: 'double', boolean: 'boolean', time: 'time' } as const;

/** @param definition Levels above: how much of a value's surroundings may be missing. @param repetition Lists above. */
function leafSchema(name: string, type: LeafType, above: readonly string[], definition: number, repetition: number): ColumnSchema {
  const leaf = { path: [...above, name], type, maxDefinition: definition + 1, maxRepetition: repetition };
  return { elements: [{ ...physical[type], name, repetition_type: 'OPTIONAL' }], leaves: [leaf] };
}

const physical = {
  text: { type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } },
  long: { type: 'INT64' },
  double: { type: 'DOUBLE' },
  boolean: { type: 'BOOLEAN' },
  time: {
    type: 'INT64',
    converted_type: 'TIMESTAMP_MICROS',
    logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MICROS' },
  },
} as const satisfies Record<LeafType, Partial<SchemaElement>>;

const listPath = (name: string): string[] => [name, 'list'];

const listElements = (name: string): SchemaElement[] => [
  { name, repetition_type: 'OPTIONAL', num_children: 1, converted_type: 'LIST', logical_type: { type: 'LIST' } },
  { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
];

function listSchema(name: string, above: readonly string[], definition: number, repetition: number): ColumnSchema {
  const { elements, leaves } = leafSchema('element', 'text', [...above, ...listPath(name)], definition + 2, repetition + 1);
  return { elements: [...listElements(name), ...elements], leaves };
}

function mapSchema(name: string): ColumnSchema {
  const above = [name, 'key_value'];
  const value = leafSchema('value', 'text', above, 2, 1);
  return {
    elements: [
      { name, repetition_type: 'OPTIONAL', num_children: 1, converted_type: 'MAP', logical_type: { type: 'MAP' } },
      { name: 'key_value', repetition_type: 'REPEATED', num_children: 2 },
      { ...physical.text, name: 'key', repetition_type: 'REQUIRED' },
      ...value.elements,
    ],
    leaves: [{ path: [...above, 'key'], type: 'text', maxDefinition: 2, maxRepetition: 1 }, ...value.leaves],
  };
}
