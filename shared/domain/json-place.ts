/** SQL for the places of a record's shape: `t."status"."errorCode"`, whatever a place was taken out as. */

import { columnTypes } from './columns.ts';
import { kindOf, structureOf, type Kind, type Shape, type Step } from './json-shape.ts';

/** A place of the record and the SQL of what is there. */
export interface Place {
  readonly sql: string;
  readonly shape: Shape;
  /** What the SQL's value is. */
  readonly kind: Kind;
  /** Where costly SQL is computed once under a name; none within a list, where SQL knows no such names. */
  readonly opened?: Opened;
}

/** SQL -> the name it gets. */
export type Opened = Map<string, string>;

/** The record itself, as json_transform took it out under a name. */
export function recordPlace(sql: string, shape: Shape, opened: Opened): Place {
  return { sql, shape, kind: 'object', opened };
}

export function place(from: Place, steps: readonly Step[]): Place {
  let at = from;
  for (const step of steps) {
    if (step === 'each') throw new Error('a single value cannot be read from every element of a list');
    const shape = at.shape.fields.get(step.name);
    if (!shape) throw new Error(`no column declared that it reads '${step.name}'`);
    at = { ...at, sql: `${seenAs(at, 'object')}.${quoted(step.name)}`, shape, kind: kindOf(shape) };
  }
  return at;
}

/** The elements of the list at a place, under a lambda's variable. */
export function within(list: Place, variable: string): Place {
  const { element } = list.shape;
  if (!element) throw new Error(`no column declared that it reads the elements of ${list.sql}`);
  return { sql: variable, shape: element, kind: kindOf(element) };
}

/** What is at a place, as one of the kinds its readers want. */
export function seenAs(at: Place, wanted: Kind): string {
  if (at.kind === wanted) return at.sql;
  if (at.kind !== 'json') return `TRY_CAST(${at.sql} AS ${scalar(wanted)})`;
  if (wanted === 'text') return `(${at.sql} ->> '$')`;
  if (wanted !== 'object' && wanted !== 'list') return `TRY_CAST(${at.sql} ->> '$' AS ${scalar(wanted)})`;
  const sql = `json_transform(${at.sql}, '${structureOf(at.shape, wanted).replaceAll("'", "''")}')`;
  return at.opened ? openedAs(at.opened, sql) : sql;
}

/** The name under which SQL is computed once for all who need it. */
export function openedAs(opened: Opened, sql: string): string {
  const name = opened.get(sql) ?? `o${String(opened.size + 1)}`;
  opened.set(sql, name);
  return name;
}

function scalar(kind: Kind): string {
  if (kind === 'object' || kind === 'list') throw new Error(`a single value is not a ${kind}`);
  return columnTypes[kind].duckdb;
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
