/** Which values of a record stand in a column. */

import type { Columns, Expression } from '../../shared/domain/columns.ts';

/** Values of a record that columns take, as a test of where a value stands. */
export interface TypedPlaces {
  /** @param path As `Folders[].Path`. @param element The list element that the value stands in, for lists of name/value pairs. */
  has(path: string, element: unknown): boolean;
}

interface Pair {
  readonly list: string;
  readonly nameKey: string;
  readonly valueKey: string;
  readonly name: string;
}

/** The places that a log type's columns read. */
export function typedPlaces(columns: Columns): TypedPlaces {
  const [values, wholes, pairs] = [new Set<string>(), new Set<string>(), [] as Pair[]];
  for (const { from } of Object.values(columns)) collect(from, { values, wholes, pairs });
  return {
    has: (path, element) =>
      values.has(path) || ancestorsOf(path).some((above) => wholes.has(above)) || pairs.some((pair) => isOfPair(pair, path, element)),
  };
}

interface Collected {
  readonly values: Set<string>;
  /** Places that are taken whole, as JSON or as a list. */
  readonly wholes: Set<string>;
  readonly pairs: Pair[];
}

function collect(from: Expression, into: Collected): void {
  switch (from.op) {
    case 'field':
      into.values.add(from.path);
      if (from.as === 'json') into.wholes.add(from.path);
      if (from.as === 'texts') into.values.add(`${from.path}[]`);
      return;
    case 'pairs':
      into.values.add(`${from.path}[].${from.keys.name}`).add(`${from.path}[].${from.keys.value}`);
      return;
    case 'value-of':
      into.pairs.push({ list: `${from.path}[]`, nameKey: from.keys.name, valueKey: from.keys.value, name: from.name });
      return;
    case 'each':
      into.values.add(from.field === '' ? withEach(from.path) : `${withEach(from.path)}.${from.field}`);
      return;
    case 'structs':
      for (const { paths, as } of Object.values(from.fields)) for (const path of paths) collectField(from.path, path, as, into);
      return;
    case 'constant':
    case 'absent':
    case 'given':
      return;
    case 'case':
      for (const [when, then] of from.when) for (const one of [when.of, then]) collect(one, into);
      collect(from.otherwise, into);
      return;
    case 'first':
    case 'union':
    case 'address':
    case 'port':
      for (const one of from.of) collect(one, into);
      return;
    default:
      collect(from.of, into);
  }
}

function collectField(list: string, path: string, as: string, into: Collected): void {
  const isOuter = path.startsWith('^');
  const holder = isOuter ? list.slice(0, list.lastIndexOf('[].') + 2) : withEach(list);
  const own = isOuter ? path.slice(1) : path;
  const place = own === '' ? holder : `${holder}.${own}`;
  into.values.add(place);
  if (as === 'json') into.wholes.add(place);
  if (as === 'texts') into.values.add(place.endsWith('[]') ? place : `${place}[]`);
}

const withEach = (path: string): string => (path.endsWith('[]') ? path : `${path}[]`);

/** `Folders[].FolderItems[].Id` stands in `Folders[].FolderItems[]`, `Folders[].FolderItems`, `Folders[]` and `Folders`. */
function ancestorsOf(path: string): string[] {
  const parts = path.split(/(?<!\\)\.|(?=\[\])/);
  return parts.map((_, end) => parts.slice(0, end + 1).reduce((whole, part) => (part === '[]' ? `${whole}[]` : `${whole}.${part}`)));
}

function isOfPair({ list, nameKey, valueKey, name }: Pair, path: string, element: unknown): boolean {
  if (path !== `${list}.${nameKey}` && path !== `${list}.${valueKey}`) return false;
  return typeof element === 'object' && element !== null && String((element as Record<string, unknown>)[nameKey]) === name;
}
