/** Column declarations as DuckDB SQL: one json_transform a record, then one expression a column. */

import { columnTypes, duckdbType, type Column, type Columns, type Condition, type Expression, type GivenName, type StructField } from './columns.ts';
import { opened, place, rootPlace, seenAs, within, type Opened, type Place } from './json-place.ts';
import { shapeOf, stepsOf, structureOf, type Read, type Step } from './json-shape.ts';

export interface ColumnSql {
  /** The second argument of json_transform: every JSON field that any column reads, once. */
  readonly structure: string;
  /** Expressions over `t` (the transformed record), `raw` (its JSON) and those before; what comes after reads them by name. */
  readonly opened: readonly NamedSql[];
  /** One expression a column, over `t`, `raw`, the opened and the given names. */
  readonly expressions: readonly NamedSql[];
  /** The columns' final values, over `expressions`: what is empty becomes NULL. Apart, since SQL would compute each twice. */
  readonly finished: readonly NamedSql[];
}
export interface NamedSql {
  readonly name: string;
  readonly sql: string;
}

/**
 * Compiles columns.
 *
 * @param givens SQL for each name that the job says rather than the record.
 * @throws When columns read two names of a list's elements that differ in case only, naming both.
 */
export function columnSql(columns: Columns, givens: Readonly<Record<GivenName, string>>): ColumnSql {
  const shape = shapeOf(Object.values(columns).flatMap((column) => readsOf(column.from)));
  const scope: Scope = { root: rootPlace(shape), givens };
  const expressions = Object.entries(columns).map(([name, column]) => ({ name, sql: `TRY_CAST(${expressionSql(column.from, scope)} AS ${duckdbType(column.type)})` }));
  return {
    structure: structureOf(shape, 'object'),
    opened: [...scope.root.opened].map(([sql, name]) => ({ name, sql })),
    expressions,
    finished: Object.entries(columns).map(([name, column]) => ({ name, sql: finishedSql(name, column) })),
  };
}

/** A text as an SQL literal. */
export function literal(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

interface Scope {
  readonly root: Place & { readonly opened: Opened };
  readonly givens: Readonly<Record<GivenName, string>>;
}

function finishedSql(name: string, { type, from }: Column): string {
  if (from.op === 'none' || from.op === 'given') return name;
  if (type === 'time') return `CASE WHEN ${name} >= TIMESTAMPTZ '1900-01-01 00:00:00+00' THEN ${name} END`;
  if (type === 'json') return `lake_json(${name})`;
  if (type === 'map') return `CASE WHEN cardinality(${name}) > 0 THEN ${name} END`;
  return type === 'texts' || typeof type === 'object' ? `lake_some(${name})` : name;
}

function expressionSql(from: Expression, scope: Scope): string {
  const sql = (of: Expression): string => expressionSql(of, scope);
  switch (from.op) {
    case 'field':
      return from.as === 'texts' ? eachSql({ path: from.path, field: '', as: 'text' }, scope) : fieldSql(from.path, from.as, scope);
    case 'first':
      return `coalesce(${from.of.map((of) => (isList(of) ? `lake_some(${sql(of)})` : sql(of))).join(', ')})`;
    case 'constant':
      return literal(from.value);
    case 'none':
      return 'NULL';
    case 'given':
      return scope.givens[from.name];
    case 'time':
      return `TRY_CAST(${sql(from.of)} AS TIMESTAMPTZ)`;
    case 'address':
      return `lake_address(${sql(from.of)})`;
    case 'port':
      return `lake_port(${sql(from.of)})`;
    case 'except':
      return `CASE WHEN ${isOneOf(sql(from.of), from.words)} THEN NULL ELSE ${sql(from.of)} END`;
    case 'translate':
      return translateSql(sql(from.of), from.table, from.otherwise);
    case 'name-of':
      return nameOfSql(sql(from.of), from.names);
    case 'within': {
      const json = opened(scope.root, sql(from.of));
      return `CASE WHEN json_valid(${json}) THEN json_extract_string(${json}, ${literal(jsonPath(from.path))}) END`;
    }
    case 'value-of':
      return valueOfSql(from, scope);
    case 'pairs':
      return pairsSql(from, scope);
    case 'each':
      return eachSql(from, scope);
    case 'union':
      return `lake_distinct(${opened(scope.root, `list_concat(${from.of.map(sql).join(', ')})`)})`;
    case 'structs':
      return structsSql(from, scope);
    case 'first-of':
      return `(${sql(from.of)})[1]`;
    case 'total':
      return from.how === 'count' ? `len(${sql(from.of)})` : `list_${from.how}(${sql(from.of)})`;
    case 'case':
      return `CASE ${from.when.map(([when, then]) => `WHEN ${conditionSql(when, scope)} THEN ${sql(then)}`).join(' ')} ELSE ${sql(from.otherwise)} END`;
  }
}

function fieldSql(path: string, as: Read['as'], scope: Scope): string {
  return valueSql(place(scope.root, stepsOf(path)), as);
}

/** A scalar at a place; empty text is NULL. */
function valueSql(at: Place, as: Read['as']): string {
  const value = seenAs(at, as);
  if (as === 'text') return `nullif(${value}, '')`;
  return as === 'json' ? `CAST(${value} AS VARCHAR)` : value;
}

const isList = (of: Expression): boolean => of.op === 'each' || of.op === 'structs' || of.op === 'union' || (of.op === 'field' && of.as === 'texts');

function conditionSql(condition: Condition, scope: Scope): string {
  const value = expressionSql(condition.of, scope);
  return condition.op === 'present' ? `${value} IS NOT NULL` : isOneOf(value, condition.oneOf);
}

/** Never `IN`: DuckDB turns long ones into a join. */
const isOneOf = (value: string, words: readonly string[]): string => (words.length === 1 ? `${value} = ${literal(words[0] ?? '')}` : `list_contains(${textList(words)}, ${value})`);

const textList = (words: readonly string[]): string => `[${words.map(literal).join(', ')}]`;

/** A position in two lists, rather than a CASE that computes the word once for each of its branches. */
function translateSql(value: string, table: Readonly<Record<string, string>>, otherwise: string | null): string {
  const meaning = `(${textList(Object.values(table))})[list_position(${textList(Object.keys(table))}, lower(${value}))]`;
  return otherwise === null ? meaning : `CASE WHEN ${value} IS NOT NULL THEN coalesce(${meaning}, ${literal(otherwise)}) END`;
}

function nameOfSql(value: string, names: Readonly<Record<number, string>>): string {
  const last = Math.max(...Object.keys(names).map(Number));
  const list = Array.from({ length: last + 1 }, (_, number) => (names[number] === undefined ? 'NULL' : literal(names[number])));
  return `CASE WHEN ${value} BETWEEN 0 AND ${String(last)} THEN ([${list.join(', ')}])[${value} + 1] END`;
}

const jsonPath = (path: string): string => `$${stepsOf(path).map((step) => (step === 'each' ? '[*]' : `."${step.name}"`)).join('')}`;

// ---------------------------------------------------------------------------------------------------------------- lists

function valueOfSql({ path, keys, name }: Extract<Expression, { op: 'value-of' }>, scope: Scope): string {
  const { list, element } = listAt(path, scope);
  const [key, value] = [keys.name, keys.value].map((field) => seenAs(place(element, stepsOf(field)), 'text'));
  const found = `list_filter(${list}, x1 -> ${String(key)} = ${literal(name)} AND ${String(value)} <> '')`;
  return `(list_transform(${found}, x1 -> ${String(value)}))[1]`;
}

function pairsSql({ path, keys }: Extract<Expression, { op: 'pairs' }>, scope: Scope): string {
  const { list, element } = listAt(path, scope);
  const [key, value] = [keys.name, keys.value].map((field) => seenAs(place(element, stepsOf(field)), 'text'));
  const names = opened(scope.root, `CASE WHEN len(${list}) > 0 THEN list_transform(${list}, x1 -> ${String(key)}) END`);
  // A map must not repeat a key.
  const kept = `list_filter(${list}, (x1, i) -> ${String(key)} IS NOT NULL AND list_position(${names}, ${String(key)}) = i)`;
  return `CASE WHEN len(${names}) > 0 THEN map_from_entries(list_transform(${kept}, x1 -> struct_pack(k := ${String(key)}, v := ${String(value)}))) END`;
}

function listAt(path: string, scope: Scope): { readonly list: string; readonly element: Place } {
  const at = place(scope.root, stepsOf(path));
  return { list: seenAs(at, 'list'), element: within(at, 'x1') };
}

function eachSql({ path, field, as }: { readonly path: string; readonly field: string; readonly as: 'text' | 'long' }, scope: Scope): string {
  const values = everyElement(path, scope, (elements) => seenAs(place(innermost(elements), stepsOf(field)), as));
  return values.guarded(`list_filter(${values.sql}, v -> v ${as === 'text' ? "<> ''" : 'IS NOT NULL'})`);
}

function structsSql({ path, fields, needs }: Extract<Expression, { op: 'structs' }>, scope: Scope): string {
  const structs = everyElement(path, scope, (elements) => {
    const items = Object.entries(fields).map(([name, field]) => `${name} := ${structFieldSql(field, elements)}`);
    return `struct_pack(${items.join(', ')})`;
  });
  const says = (needs ?? Object.keys(fields)).map((name) => `s.${name} IS NOT NULL`);
  return structs.guarded(`list_filter(${structs.sql}, s -> ${says.join(' OR ')})`);
}

function structFieldSql({ paths, as }: StructField, elements: readonly Place[]): string {
  const values = paths.map((path) => {
    const outwards = /^\^*/.exec(path)?.[0].length ?? 0;
    const steps = stepsOf(path.slice(outwards));
    const element = elements[elements.length - 1 - outwards];
    if (!element) throw new Error(`path '${path}' leaves the record`);
    if (as === 'texts') return textsWithin(element, steps, elements.length);
    return as === 'time' ? `lake_time(${seenAs(place(element, steps), 'text')})` : as === 'json' ? `lake_json(${valueSql(place(element, steps), 'json')})` : valueSql(place(element, steps), as);
  });
  return values.length === 1 ? String(values[0]) : `coalesce(${values.join(', ')})`;
}

function textsWithin(element: Place, steps: readonly Step[], depth: number): string {
  const { sql, guarded } = overElements(element, [...steps, 'each'], depth, (inner) => seenAs(innermost(inner), 'text'), []);
  return guarded(`list_filter(${sql}, v -> v <> '')`);
}

/** A list of `body` for every element that the path leads to. */
function everyElement(path: string, scope: Scope, body: (elements: readonly Place[]) => string) {
  return overElements(scope.root, [...stepsOf(path), 'each'], 0, body, []);
}

function overElements(from: Place, steps: readonly Step[], depth: number, body: (elements: readonly Place[]) => string, outer: readonly Place[]): { readonly sql: string; readonly guarded: (sql: string) => string } {
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

// ---------------------------------------------------------------------------------------------------------------- reads

function readsOf(from: Expression): Read[] {
  switch (from.op) {
    case 'field':
      return from.as === 'texts' ? [{ steps: [...stepsOf(from.path), 'each'], as: 'text' }] : [{ steps: stepsOf(from.path), as: from.as }];
    case 'first':
    case 'union':
      return from.of.flatMap(readsOf);
    case 'constant':
    case 'none':
    case 'given':
      return [];
    case 'value-of':
    case 'pairs':
      return [from.keys.name, from.keys.value].map((field) => ({ steps: [...stepsOf(from.path), 'each', ...stepsOf(field)], as: 'text' as const }));
    case 'each':
      return [{ steps: [...stepsOf(from.path), 'each', ...stepsOf(from.field)], as: from.as }];
    case 'structs':
      return Object.values(from.fields).flatMap(({ paths, as }) => paths.map((path) => structRead(from.path, path, as)));
    case 'case':
      return [...from.when.flatMap(([when, then]) => [...readsOf(when.of), ...readsOf(then)]), ...readsOf(from.otherwise)];
    default:
      return readsOf(from.of);
  }
}

function structRead(list: string, path: string, as: StructField['as']): Read {
  const steps: Step[] = [...stepsOf(list), 'each'];
  const outwards = /^\^*/.exec(path)?.[0].length ?? 0;
  for (let more = 0; more < outwards; more++) steps.splice(steps.lastIndexOf('each', steps.length - 2) + 1);
  steps.push(...stepsOf(path.slice(outwards)));
  if (as === 'texts') return { steps: [...steps, 'each'], as: 'text' };
  return { steps, as: as === 'time' ? 'text' : as };
}
