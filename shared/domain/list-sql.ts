/** SQL of what is read from lists: one value, all values, structs, maps. Lists may be empty; who reads them makes that NULL. */

import type { Expression, StructField } from './columns.ts';
import { openedAs, place, seenAs, within, type Place } from './json-place.ts';
import { stepsOf, type Step } from './json-shape.ts';
import { caretsOf } from './reads.ts';
import { literal, recordOf, type Scope } from './scope.ts';

export function valueOfSql(from: Extract<Expression, { op: 'value-of' }>, scope: Scope): string {
  const { names, values } = pairsAt(from, scope);
  return `nullif(${values}[list_position(${names}, ${literal(from.name)})], '')`;
}

export function pairsSql(from: Extract<Expression, { op: 'pairs' }>, scope: Scope): string {
  const { list, name, value, names } = pairsAt(from, scope);
  const entries = (of: string): string => `map_from_entries(list_transform(${of}, x1 -> struct_pack(k := ${name}, v := ${value})))`;
  // A map must not repeat a key; looking for repeated ones costs more than the few records that have some.
  const unique = `list_filter(${list}, (x1, i) -> ${name} IS NOT NULL AND list_position(${names}, ${name}) = i)`;
  // A list without a single name says nothing, and nothing is NULL.
  return `CASE WHEN list_any_value(${names}) IS NOT NULL THEN coalesce(TRY(${entries(list)}), ${entries(unique)}) END`;
}

function pairsAt(from: Extract<Expression, { op: 'pairs' | 'value-of' }>, scope: Scope) {
  const at = place(recordOf(from, scope), stepsOf(from.path));
  const list = seenAs(at, 'list');
  const element = within(at, 'x1');
  const [name = '', value = ''] = [from.keys.name, from.keys.value].map((field) => seenAs(place(element, stepsOf(field)), 'text'));
  const [names = '', values = ''] = [name, value].map((of) =>
    openedAs(scope.opened, `CASE WHEN len(${list}) > 0 THEN list_transform(${list}, x1 -> ${of}) END`),
  );
  return { list, name, value, names, values };
}

export function eachSql(from: Extract<Expression, { op: 'each' }>, scope: Scope): string {
  const { field, as } = from;
  const values = everyElement(from, scope, (elements) => seenAs(place(innermost(elements), stepsOf(field)), as));
  return values.guarded(`list_filter(${values.sql}, v -> v ${as === 'text' ? "<> ''" : 'IS NOT NULL'})`);
}

export function structsSql(from: Extract<Expression, { op: 'structs' }>, scope: Scope): string {
  const { fields, needs } = from;
  const structs = everyElement(from, scope, (elements) => {
    const items = Object.entries(fields).map(([name, field]) => `"${name}" := ${structFieldSql(field, elements)}`);
    return `struct_pack(${items.join(', ')})`;
  });
  const own = Object.keys(fields).filter((name) => fields[name]?.paths.some((path) => caretsOf(path) === 0));
  const says = (needs ?? own).map((name) => `s."${name}" IS NOT NULL`);
  return structs.guarded(`list_filter(${structs.sql}, s -> ${says.join(' OR ')})`);
}

function structFieldSql({ paths, as }: StructField, elements: readonly Place[]): string {
  const values = paths.map((path) => {
    const outwards = caretsOf(path);
    const element = elements[elements.length - 1 - outwards];
    if (!element) throw new Error(`path '${path}' leaves the record`);
    return elementFieldSql(element, stepsOf(path.slice(outwards)), as, elements.length);
  });
  if (values.length === 0) return 'NULL';
  return values.length === 1 ? String(values[0]) : `coalesce(${values.join(', ')})`;
}

function elementFieldSql(element: Place, steps: readonly Step[], as: StructField['as'], depth: number): string {
  if (as === 'texts') return textsWithin(element, steps, depth);
  const at = place(element, steps);
  if (as === 'time') return `lake_time(lake_instant(${seenAs(at, 'text')}))`;
  if (as === 'json') return `lake_json(CAST(${seenAs(at, 'json')} AS VARCHAR))`;
  return as === 'text' ? textSql(at) : seenAs(at, as);
}

function textsWithin(element: Place, steps: readonly Step[], depth: number): string {
  const ends = steps.includes('each') ? steps.lastIndexOf('each') + 1 : steps.length;
  const list: readonly Step[] = ends === steps.length ? [...steps, 'each'] : steps.slice(0, ends);
  const { sql, guarded } = overElements(element, list, depth, (inner) => seenAs(place(innermost(inner), steps.slice(ends)), 'text'), []);
  return guarded(`nullif(list_filter(${sql}, v -> v <> ''), CAST([] AS VARCHAR[]))`);
}

/** A list of `body` for every element that the path leads to. */
function everyElement(from: Extract<Expression, { op: 'each' | 'structs' }>, scope: Scope, body: (elements: readonly Place[]) => string) {
  return overElements(recordOf(from, scope), [...stepsOf(from.path), 'each'], 0, body, []);
}

function overElements(
  from: Place,
  steps: readonly Step[],
  depth: number,
  body: (elements: readonly Place[]) => string,
  outer: readonly Place[],
): { readonly sql: string; readonly guarded: (sql: string) => string } {
  const end = steps.indexOf('each');
  const at = place(from, steps.slice(0, end));
  const list = seenAs(at, 'list');
  const variable = `x${String(depth + 1)}`;
  const elements = [...outer, within(at, variable)];
  const rest = steps.slice(end + 1);
  // Most records have no list at all; they pay for one comparison.
  const guarded = (sql: string): string => `CASE WHEN len(${list}) > 0 THEN ${sql} END`;
  if (rest.length === 0) return { sql: `list_transform(${list}, ${variable} -> ${body(elements)})`, guarded };
  const inner = overElements(innermost(elements), rest, depth + 1, body, elements);
  return { sql: `flatten(list_transform(${list}, ${variable} -> ${inner.sql}))`, guarded };
}

function innermost(elements: readonly Place[]): Place {
  const last = elements.at(-1);
  if (!last) throw new Error('a list has elements');
  return last;
}

/** Text at a place; empty text is NULL. */
export const textSql = (at: Place): string => `nullif(${seenAs(at, 'text')}, '')`;
