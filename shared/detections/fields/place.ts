/** Where a row of a dataset keeps a field. */

import type { Column, FieldType } from '../../domain/columns.ts';

/** A place in the rows of one dataset. Each gives one text, number or truth value, or a list of them. */
export type Place =
  | { readonly kind: 'column'; readonly column: string; readonly type: Scalar }
  /** A column of texts. */
  | { readonly kind: 'texts'; readonly column: string }
  /** One field of every struct of a list; a field that is a list of texts gives all of them. */
  | { readonly kind: 'field'; readonly column: string; readonly field: string; readonly type: Exclude<FieldType, 'texts'> | 'texts' }
  | { readonly kind: 'key'; readonly column: string; readonly key: string }
  /** Every value of a map. */
  | { readonly kind: 'values'; readonly column: string }
  /** A place in the record as Microsoft sent it; objects and lists are their JSON text. */
  | { readonly kind: 'raw'; readonly steps: readonly Step[] };

/** Types of columns that hold one value. */
type Scalar = 'text' | 'json' | 'long' | 'double' | 'boolean' | 'time';

/** A member of an object, or every element of a list. */
export type Step = { readonly member: string } | 'each';

/** The column that a place is read from. */
export const columnOf = (place: Place): string => (place.kind === 'raw' ? 'raw' : place.column);

/** Whether it may have several values. */
export function isList(place: Place): boolean {
  if (place.kind === 'raw') return place.steps.includes('each');
  return place.kind !== 'column' && place.kind !== 'key';
}

/** Columns of a dataset by name. */
export type ColumnTypes = ReadonlyMap<string, Column['type']>;

/**
 * A place as rules and our own table write it: `column`, `list_of_structs.field`, `map.key`, `map.*`, or `raw.` with a path through the
 * record, in which `[]` is every element of a list and `\.` a dot within a name.
 *
 * @returns undefined where the dataset has no such place.
 */
export function placeOf(notation: string, columns: ColumnTypes): Place | undefined {
  if (/^raw\./i.test(notation)) return rawPlace(notation.slice('raw.'.length));
  const dot = notation.indexOf('.');
  const column = (dot < 0 ? notation : notation.slice(0, dot)).toLowerCase();
  const type = columns.get(column);
  if (type === undefined) return undefined;
  const rest = dot < 0 ? undefined : notation.slice(dot + 1);
  if (typeof type !== 'string') return structPlace(column, type.listOf, rest);
  if (type === 'map')
    return rest === undefined ? undefined : rest === '*' ? { kind: 'values', column } : { kind: 'key', column, key: rest };
  if (rest !== undefined) return undefined;
  return type === 'texts' ? { kind: 'texts', column } : { kind: 'column', column, type };
}

function structPlace(column: string, fields: Readonly<Record<string, FieldType>>, field: string | undefined): Place | undefined {
  const name = field?.toLowerCase() ?? '';
  const type = Object.hasOwn(fields, name) ? fields[name] : undefined;
  return type === undefined ? undefined : { kind: 'field', column, field: name, type };
}

/** @example rawPlace('targetResources[].type') */
function rawPlace(path: string): Place | undefined {
  const steps: Step[] = [];
  for (const part of path.split(/(?<!\\)\./)) {
    const [, name = '', lists = ''] = /^(.*?)((?:\[\])*)$/s.exec(part) ?? [];
    if (name === '' && lists === '') return undefined;
    if (name !== '') steps.push({ member: name.replaceAll('\\.', '.') });
    for (let list = 0; list < lists.length; list += 2) steps.push('each');
  }
  return { kind: 'raw', steps };
}
