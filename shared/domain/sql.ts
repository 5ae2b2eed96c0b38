/** Column declarations as DuckDB SQL: one json_transform a record, then one expression a column. */

import { duckdbType, type Columns, type Condition, type Expression, type GivenName, type StructField } from './columns.ts';
import { openedAs, place, recordPlace, seenAs, within, type Opened, type Place } from './json-place.ts';
import { holds, shapesOf, stepsOf, structureOf, type Read, type Step } from './json-shape.ts';

export interface ColumnSql {
  /** The record's fields that any column reads, each once, over `raw` (its JSON); more than one only for names that differ in case. */
  readonly records: readonly NamedSql[];
  /** What several expressions need, or one needs twice: SQL over the records, each layer over those before it. */
  readonly layers: readonly (readonly NamedSql[])[];
  /** One expression a column, over the records, the layers and the given names. */
  readonly expressions: readonly NamedSql[];
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
  const shapes = shapesOf(Object.values(columns).flatMap((column) => readsOf(column.from)));
  const opened: Opened = new Map();
  const records = shapes.map((shape, index) => recordPlace(`t${String(index)}`, shape, opened));
  const scope: Scope = { records, opened, givens };
  const expressions = Object.entries(columns).map(([name, column]) => ({
    name,
    sql: `TRY_CAST(${expressionSql(column.from, scope)} AS ${duckdbType(column.type)})`,
  }));
  return {
    records: records.map(({ sql: name, shape }) => ({ name, sql: `json_transform(raw, ${literal(structureOf(shape, 'object'))})` })),
    layers: layersOf(opened),
    expressions,
  };
}

/** What is opened, so that everything stands in a later layer than what it reads. */
function layersOf(opened: Opened): NamedSql[][] {
  const layers: NamedSql[][] = [];
  const layerByName = new Map<string, number>();
  for (const [sql, name] of opened) {
    const below = [...sql.matchAll(/\bo\d+\b/g)].map(([read]) => layerByName.get(read) ?? -1);
    const layer = Math.max(-1, ...below) + 1;
    layerByName.set(name, layer);
    (layers[layer] ??= []).push({ name, sql });
  }
  return layers;
}

/** The record that holds all that an expression reads itself. */
function recordOf(from: Expression, scope: Scope): Place {
  const reads = readsOf(from);
  const record = scope.records.find(({ shape }) => reads.every((read) => holds(shape, read)));
  if (!record) throw new Error(`one list is read by names that differ in case only: ${JSON.stringify(from)}`);
  return record;
}

/** A text as an SQL literal. */
export function literal(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

interface Scope {
  readonly records: readonly Place[];
  readonly opened: Opened;
  readonly givens: Readonly<Record<GivenName, string>>;
}

function expressionSql(from: Expression, scope: Scope): string {
  const sql = (of: Expression): string => expressionSql(of, scope);
  // SQL computes what it names: what is named twice is opened, unless it is a mere field.
  const once = (value: string): string => openedAs(scope.opened, value);
  switch (from.op) {
    case 'field':
      return fieldSql(from, scope);
    case 'first':
      return `coalesce(${from.of.map(sql).join(', ')})`;
    case 'constant':
      return literal(from.value);
    case 'none':
      return 'NULL';
    case 'given':
      return scope.givens[from.name];
    case 'time':
      return `lake_time(${once(`lake_instant(${sql(from.of)})`)})`;
    case 'address':
      return `lake_address(${addressTextSql(from.of.map(sql), once)})`;
    case 'port':
      return `lake_port(${addressTextSql(from.of.map(sql), once)})`;
    case 'trim':
      return `trim(${sql(from.of)}, E' \\r\\n\\t')`;
    case 'except':
      return exceptSql(
        from.of.op === 'field' ? seenAs(place(recordOf(from, scope), stepsOf(from.of.path)), 'text') : once(sql(from.of)),
        from.words,
      );
    case 'translate':
      return translateSql(sql(from.of), from.table, from.otherwise);
    case 'name-of':
      return nameOfSql(sql(from.of), from.names);
    case 'within':
      return `lake_within(${once(sql(from.of))}, ${literal(jsonPath(from.path))})`;
    case 'value-of':
      return valueOfSql(from, scope);
    case 'pairs':
      return pairsSql(from, scope);
    case 'each':
    case 'structs':
    case 'union':
      return `lake_some(${once(listSql(from, scope))})`;
    case 'first-of':
      return `(${isList(from.of) ? once(listSql(from.of, scope)) : sql(from.of)})[1]`;
    case 'total':
      return totalSql(from.how, isList(from.of) ? once(listSql(from.of, scope)) : sql(from.of));
    case 'case':
      return `CASE ${from.when.map(([when, then]) => `WHEN ${conditionSql(when, scope)} THEN ${sql(then)}`).join(' ')} ELSE ${sql(from.otherwise)} END`;
  }
}

/** Comparisons, not a list to search: most values are none of the words, and then a CASE copies nothing. */
const exceptSql = (value: string, words: readonly string[]): string =>
  `CASE WHEN ${['', ...words].map((word) => `${value} <> ${literal(word)}`).join(' AND ')} THEN ${value} END`;

/** One text to look for an address in: patterns are costly to prepare, so there is one set of them for all candidates. */
function addressTextSql(candidates: readonly string[], once: (sql: string) => string): string {
  const [only, ...others] = candidates;
  return only !== undefined && others.length === 0
    ? only
    : once(`coalesce(${candidates.map((text) => `lake_address_like(${text})`).join(', ')})`);
}

type ListExpression = Extract<Expression, { op: 'each' | 'structs' | 'union' }>;

const isList = (of: Expression): of is ListExpression => of.op === 'each' || of.op === 'structs' || of.op === 'union';

/** A list that may be empty. */
function listSql(from: ListExpression, scope: Scope): string {
  if (from.op === 'each') return eachSql(from, scope);
  if (from.op === 'structs') return structsSql(from, scope);
  const lists = from.of.map((of) => (isList(of) ? listSql(of, scope) : expressionSql(of, scope)));
  return `lake_distinct(${openedAs(scope.opened, `list_concat(${lists.join(', ')})`)})`;
}

const totalSql = (how: 'count' | 'sum' | 'max', list: string): string =>
  how === 'count' ? `len(lake_some(${list}))` : `list_${how}(${list})`;

/** What stands at a path; empty text is NULL, as is JSON that says nothing. */
function fieldSql(from: Extract<Expression, { op: 'field' }>, scope: Scope): string {
  if (from.as === 'texts') return expressionSql({ op: 'each', path: from.path, field: '', as: 'text' }, scope);
  const at = place(recordOf(from, scope), stepsOf(from.path));
  if (from.as === 'json') return `lake_json(${openedAs(scope.opened, `CAST(${seenAs(at, 'json')} AS VARCHAR)`)})`;
  return from.as === 'text' ? textSql(at) : seenAs(at, from.as);
}

const textSql = (at: Place): string => `nullif(${seenAs(at, 'text')}, '')`;

function conditionSql(condition: Condition, scope: Scope): string {
  const value = expressionSql(condition.of, scope);
  return condition.op === 'present' ? `${value} IS NOT NULL` : isOneOf(value, condition.oneOf);
}

/** Never `IN`: DuckDB turns long ones into a join. */
const isOneOf = (value: string, words: readonly string[]): string =>
  words.length === 1 ? `${value} = ${literal(words[0] ?? '')}` : `list_contains(${textList(words)}, ${value})`;

/** A list of constants. DuckDB plans one function of a constant much faster than hundreds of constants. */
function textList(words: readonly string[]): string {
  const isLong = words.length > 8 && !words.some((word) => word.includes('|'));
  return isLong ? `string_split(${literal(words.join('|'))}, '|')` : `[${words.map(literal).join(', ')}]`;
}

/** A position in two lists, rather than a CASE that computes the word once for each of its branches. */
function translateSql(value: string, table: Readonly<Record<string, string>>, otherwise: string | null): string {
  const meaning = `(${textList(Object.values(table))})[list_position(${textList(Object.keys(table))}, lower(${value}))]`;
  return otherwise === null ? meaning : `CASE WHEN ${value} IS NOT NULL THEN coalesce(${meaning}, ${literal(otherwise)}) END`;
}

function nameOfSql(value: string, names: Readonly<Record<number, string>>): string {
  const last = Math.max(...Object.keys(names).map(Number));
  const list = Array.from({ length: last + 1 }, (_, number) => names[number] ?? '');
  return `CASE WHEN ${value} BETWEEN 0 AND ${String(last)} THEN nullif((${textList(list)})[${value} + 1], '') END`;
}

const jsonPath = (path: string): string =>
  `$${stepsOf(path)
    .map((step) => (step === 'each' ? '[*]' : `."${step.name}"`))
    .join('')}`;

// ---------------------------------------------------------------------------------------------------------------- lists

function valueOfSql(from: Extract<Expression, { op: 'value-of' }>, scope: Scope): string {
  const { names, values } = pairsAt(from, scope);
  return `nullif(${values}[list_position(${names}, ${literal(from.name)})], '')`;
}

function pairsSql(from: Extract<Expression, { op: 'pairs' }>, scope: Scope): string {
  const { list, name, value, names } = pairsAt(from, scope);
  const entries = (of: string): string => `map_from_entries(list_transform(${of}, x1 -> struct_pack(k := ${name}, v := ${value})))`;
  // A map must not repeat a key; looking for repeated ones costs more than the few records that have some.
  const unique = `list_filter(${list}, (x1, i) -> ${name} IS NOT NULL AND list_position(${names}, ${name}) = i)`;
  return `CASE WHEN len(${names}) > 0 THEN coalesce(TRY(${entries(list)}), ${entries(unique)}) END`;
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

function eachSql(from: Extract<Expression, { op: 'each' }>, scope: Scope): string {
  const { field, as } = from;
  const values = everyElement(from, scope, (elements) => seenAs(place(innermost(elements), stepsOf(field)), as));
  return values.guarded(`list_filter(${values.sql}, v -> v ${as === 'text' ? "<> ''" : 'IS NOT NULL'})`);
}

function structsSql(from: Extract<Expression, { op: 'structs' }>, scope: Scope): string {
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

/** How many lists outwards a path within an element begins. */
const caretsOf = (path: string): number => /^\^*/.exec(path)?.[0].length ?? 0;

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
  return guarded(`list_filter(${sql}, v -> v <> '')`);
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

// ---------------------------------------------------------------------------------------------------------------- reads

function readsOf(from: Expression): Read[] {
  switch (from.op) {
    case 'field':
      return from.as === 'texts' ? [{ steps: [...stepsOf(from.path), 'each'], as: 'text' }] : [{ steps: stepsOf(from.path), as: from.as }];
    case 'first':
    case 'union':
    case 'address':
    case 'port':
      return from.of.flatMap(readsOf);
    case 'constant':
    case 'none':
    case 'given':
      return [];
    case 'value-of':
    case 'pairs':
      return [from.keys.name, from.keys.value].map((field) => ({
        steps: [...stepsOf(from.path), 'each', ...stepsOf(field)],
        as: 'text' as const,
      }));
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
  const outwards = caretsOf(path);
  for (let more = 0; more < outwards; more++) steps.splice(steps.lastIndexOf('each', steps.length - 2) + 1);
  steps.push(...stepsOf(path.slice(outwards)));
  if (as === 'texts') return { steps: path.includes('[]') ? steps : [...steps, 'each'], as: 'text' };
  return { steps, as: as === 'time' ? 'text' : as };
}
