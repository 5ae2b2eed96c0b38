/** Values that stand in records and in no column. */

import type { Columns } from '../../shared/domain/columns.ts';
import { typedPlaces } from './typed-places.ts';

/** A place of which some value is in no column. */
export interface Unread {
  /** As `Folders[].Path`. */
  readonly path: string;
  /** How many records have such a value. */
  readonly records: number;
}

/** The places, those of most records first. */
export function unreadValues(columns: Columns, records: readonly unknown[]): Unread[] {
  const places = typedPlaces(columns);
  const counts = new Map<string, number>();
  for (const record of records) {
    for (const path of new Set(pathsOf(record, (path, _, element) => !places.has(path, element))))
      counts.set(path, (counts.get(path) ?? 0) + 1);
  }
  const found = [...counts].map(([path, count]) => ({ path, records: count }));
  return found.sort((one, other) => other.records - one.records || one.path.localeCompare(other.path, 'en'));
}

/**
 * The places of values that are looked for, one for each value.
 *
 * @param isOne With the place, the value, and the list element that it stands in.
 */
export function pathsOf(
  value: unknown,
  isOne: (path: string, value: unknown, element: unknown) => boolean,
  path = '',
  element?: unknown,
): string[] {
  if (isNothing(value)) return [];
  if (Array.isArray(value)) return value.flatMap((one) => pathsOf(one, isOne, `${path}[]`, one));
  if (typeof value !== 'object') return isOne(path, value, element) ? [path] : [];
  return Object.entries(value ?? {}).flatMap(([name, field]) => {
    const own = name.replaceAll('.', '\\.');
    return pathsOf(field, isOne, path === '' ? own : `${path}.${own}`, element);
  });
}

/** What no column has a value for. */
const isNothing = (value: unknown): boolean =>
  value === null || value === undefined || value === '' || value === '00000000-0000-0000-0000-000000000000' || value === '<null>';
