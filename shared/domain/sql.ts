/** Column declarations as DuckDB SQL: one json_transform a record, then one expression a column. */

import { duckdbType, type Columns, type Condition, type Expression, type GivenName } from './columns.ts';
import { openedAs, place, recordPlace, seenAs, type Opened } from './json-place.ts';
import { shapesOf, stepsOf, structureOf } from './json-shape.ts';
import { eachSql, pairsSql, structsSql, textSql, valueOfSql } from './list-sql.ts';
import { readsOf } from './reads.ts';
import { literal, recordOf, type Scope } from './scope.ts';

export { literal } from './scope.ts';

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
    sql: finite(`TRY_CAST(${expressionSql(column.from, scope)} AS ${duckdbType(column.type)})`, column.type),
  }));
  return {
    records: records.map(({ sql: name, shape }) => ({ name, sql: `json_transform(raw, ${literal(structureOf(shape, 'object'))})` })),
    layers: layersOf(opened),
    expressions,
  };
}

/** The texts 'infinity' and 'nan' are no numbers of Microsoft's, though DuckDB takes them for some. */
function finite(value: string, type: Columns[string]['type']): string {
  return type === 'double' ? `CASE WHEN isfinite(${value}) THEN ${value} END` : value;
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
