/** What the SQL of an expression may name: the record, what is opened, what the job says. */

import type { Expression, GivenName } from './columns.ts';
import type { Opened, Place } from './json-place.ts';
import { holds } from './json-shape.ts';
import { readsOf } from './reads.ts';

export interface Scope {
  readonly records: readonly Place[];
  readonly opened: Opened;
  readonly givens: Readonly<Record<GivenName, string>>;
}

/** The record that holds all that an expression reads itself. */
export function recordOf(from: Expression, scope: Scope): Place {
  const reads = readsOf(from);
  const record = scope.records.find(({ shape }) => reads.every((read) => holds(shape, read)));
  if (!record) throw new Error(`one list is read by names that differ in case only: ${JSON.stringify(from)}`);
  return record;
}

/** A text as an SQL literal. */
export function literal(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}
