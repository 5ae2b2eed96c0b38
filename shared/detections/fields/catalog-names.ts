/** Microsoft's own names of fields, as the catalog declares where each column comes from: so that a new column is a field of rules at once. */

import type { Column, Expression } from '../../domain/columns.ts';
import type { LogType } from '../../log-types/log-type.ts';

/** Notations of places (see placeOf) by Microsoft's path, in lower case and without the marks of lists. */
export type CatalogNames = ReadonlyMap<string, readonly string[]>;

/** Every path that a column of the log types reads. A column that holds exactly what stands there is the place; else the record itself is. */
export function catalogNames(logTypes: readonly LogType[]): CatalogNames {
  const names = new Map<string, string[]>();
  const add = (path: string, notation: string): void => {
    const name = path.replaceAll('[]', '').replaceAll('\\.', '.').toLowerCase();
    const known = names.get(name) ?? [];
    if (!known.includes(notation)) names.set(name, [...known, notation]);
  };
  const columns = logTypes.flatMap((logType) => Object.entries(logType.columns));
  // First what is exact: the record itself is asked only for what no column has.
  for (const [name, column] of columns) for (const [path, notation] of exactPlaces(name, column)) add(path, notation);
  for (const [, column] of columns) {
    for (const path of pathsOf(column.from)) if (!names.has(path.replaceAll('[]', '').toLowerCase())) add(path, `raw.${path}`);
  }
  return names;
}

/** Paths whose value a column holds as it stands. Addresses count: a column has them without the port. */
function exactPlaces(name: string, { from, type }: Column): (readonly [path: string, notation: string])[] {
  if (from.op === 'structs') {
    return Object.entries(from.fields).flatMap(([field, { paths }]) => {
      const [path = ''] = paths;
      return path === '' || path.startsWith('^') ? [] : [[`${from.path}.${path}`, `${name}.${field}`] as const];
    });
  }
  // Under a name of its own (see resolve.ts): what stands there is a list, and a rule that names it alone means its text.
  if (from.op === 'pairs') return [[`${from.path}{}`, name]];
  if (type === 'time' || typeof type !== 'string') return [];
  if (from.op === 'each') return [[from.field === '' ? from.path : `${from.path}.${from.field}`, name]];
  const path = unchangedPath(from);
  return path === undefined ? [] : [[path, name]];
}

function unchangedPath(from: Expression): string | undefined {
  if (from.op === 'field') return from.path;
  if (from.op === 'except' || from.op === 'trim') return unchangedPath(from.of);
  if (from.op === 'first' && from.of.length === 1 && from.of[0]) return unchangedPath(from.of[0]);
  if (from.op === 'address') return from.of[0] && unchangedPath(from.of[0]);
  return undefined;
}

/** Every path that an expression reads. */
function pathsOf(from: Expression): string[] {
  if (from.op === 'field') return [from.path];
  if (from.op === 'each') return [`${from.path}[]${from.field === '' ? '' : `.${from.field}`}`];
  if (from.op === 'pairs' || from.op === 'value-of' || from.op === 'structs') return [from.path];
  if (from.op === 'case')
    return [...from.when.flatMap(([condition, then]) => [...pathsOf(condition.of), ...pathsOf(then)]), ...pathsOf(from.otherwise)];
  if (!('of' in from)) return [];
  return (Array.isArray(from.of) ? (from.of as readonly Expression[]) : [from.of as Expression]).flatMap(pathsOf);
}
