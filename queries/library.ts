/** The query library: every `.sql` file of this folder, as people and both engines need it. */

import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { unknownWord } from '../shared/domain/nearest.ts';
import { literal } from '../shared/domain/literal.ts';
import { anyCase } from './any-case.ts';
import { eachDataset } from './each-dataset.ts';
import { eitherApi } from './either-api.ts';

/** A query of the library. Its SQL runs on DuckDB and on Athena's engine alike, and reads only the days of its window. */
export interface LibraryQuery {
  /** The file's name without `.sql`; `lake query @name` runs it. */
  readonly name: string;
  readonly title: string;
  /** The question it answers. */
  readonly question: string;
  readonly topic: string;
  /** Why only a tenant with Graph has an answer; undefined where the Management Activity API answers as well, or alone. */
  readonly graphOnly?: string;
  /** What it finds less of, and what else it finds, where a tenant collects the Management Activity API alone. */
  readonly withoutGraph?: string;
  /** MITRE ATT&CK techniques, as `T1110.003 Brute Force: Password Spraying`; empty where it looks for no attack. */
  readonly attack: readonly string[];
  /** Names of the detection rules that find the same by themselves; empty where none does. */
  readonly rules: readonly string[];
  readonly parameters: readonly QueryParameter[];
  /** What it returns, in this order. */
  readonly columns: readonly { readonly name: string; readonly meaning: string }[];
  /** With `{{since}}`, `{{until}}` and `{{<parameter>}}` in it. */
  readonly template: string;
}

interface QueryParameter {
  readonly name: string;
  /** A number stays a number; a text is put in quotes. */
  readonly default: number | string;
  readonly meaning: string;
}

/** What stands for the names in double braces. */
export interface QueryChoice {
  /** SQL of a timestamp (UTC, without zone): events from then on. */
  readonly since: string;
  /** SQL of a timestamp: events before then. */
  readonly until: string;
  /** Parameters by name, as somebody typed them; the defaults for the rest. */
  readonly values?: Readonly<Record<string, string>>;
}

/**
 * Reads the whole library, ordered by topic and title.
 *
 * @throws When a header cannot be read: it names the file and the line.
 */
export function queryLibrary(folder: string = import.meta.dirname): LibraryQuery[] {
  const files = readdirSync(folder).filter((file) => file.endsWith('.sql'));
  const queries = files.map((file) => parseQuery(basename(file, '.sql'), readFileSync(join(folder, file), 'utf8')));
  return queries.sort((one, other) => topicOrder(one) - topicOrder(other) || one.title.localeCompare(other.title, 'en'));
}

/** In the order people look for them; a query's topic is one of these. */
export const topics = [
  'overview',
  'sign-ins',
  'directory',
  'mail',
  'files',
  'data protection',
  'collaboration',
  'administration',
  'alerts',
  'investigation',
  'collection',
] as const;

const topicOrder = ({ topic }: LibraryQuery): number => topics.findIndex((known) => known === topic);

/** @throws When there is no query of this name; the message names the nearest one. */
export function queryNamed(name: string, queries: readonly LibraryQuery[]): LibraryQuery {
  const query = queries.find((one) => one.name === name);
  if (query) return query;
  throw new Error(
    unknownWord(
      'query',
      name,
      queries.map((one) => one.name),
    ),
  );
}

/**
 * The query's SQL with everything in its place.
 *
 * @throws When a value is given to a parameter that the query does not have, or one that is no number where a number is needed, and when
 *   the query names what nobody says.
 */
export function querySql(query: LibraryQuery, { since, until, values = {} }: QueryChoice): string {
  checkNames(query, values);
  const sql = new Map(query.parameters.map((parameter) => [parameter.name, parameterSql(parameter, values[parameter.name])]));
  sql.set('since', since).set('until', until);
  return query.template.replaceAll(/\{\{(.*?)\}\}/g, (_, name: string) => {
    const value = sql.get(name);
    if (value === undefined) throw new Error(`queries/${query.name}.sql: ${unknownWord('name', name, [...sql.keys()])}`);
    return value;
  });
}

/**
 * The query as a statement whose parameters are still to be bound, each at `{{name}}`, and their values.
 *
 * @throws When a value is given to a parameter that the query does not have, or one that is no number where a number is needed.
 */
export function queryQuestion(
  query: LibraryQuery,
  { since, until, values = {} }: QueryChoice,
): { readonly sql: string; readonly values: Readonly<Record<string, string | number>> } {
  checkNames(query, values);
  const used = query.parameters.filter(({ name }) => query.template.includes(`{{${name}}}`));
  return {
    sql: query.template.replaceAll('{{since}}', since).replaceAll('{{until}}', until),
    values: Object.fromEntries(used.map((parameter) => [parameter.name, parameterValue(parameter, values[parameter.name])])),
  };
}

function checkNames(query: LibraryQuery, values: Readonly<Record<string, string>>): void {
  const names = query.parameters.map(({ name }) => name);
  for (const name of Object.keys(values)) {
    if (!names.includes(name)) throw new Error(unknownWord(`parameter of @${query.name}`, name, names));
  }
}

function parameterSql(parameter: QueryParameter, given: string | undefined): string {
  const value = parameterValue(parameter, given);
  return typeof value === 'string' ? literal(value) : String(value);
}

function parameterValue({ name, default: usual }: QueryParameter, given: string | undefined): string | number {
  if (typeof usual === 'string' || given === undefined) return given ?? usual;
  if (!/^\d+(\.\d+)?$/.test(given)) throw new Error(`parameter '${name}' is '${given}': give a number`);
  return Number(given);
}

/** @throws When the header cannot be read. */
export function parseQuery(name: string, text: string): LibraryQuery {
  const lines = text.split('\n');
  const end = lines.findIndex((line) => !line.startsWith('-- '));
  const header = new Map<string, string[]>();
  for (const line of lines.slice(0, end)) {
    const [, key = '', value = ''] = /^-- (\w+): (.+)$/.exec(line) ?? [];
    if (!headerKeys.includes(key))
      throw new Error(`queries/${name}.sql: '${line}' is no line of a header; known are ${headerKeys.join(', ')}`);
    header.set(key, [...(header.get(key) ?? []), value]);
  }
  const one = (key: string): string => {
    const [value, ...more] = header.get(key) ?? [];
    if (value === undefined || more.length > 0) throw new Error(`queries/${name}.sql: its header should have one line '${key}'`);
    return value;
  };
  return {
    name,
    title: one('title'),
    question: one('question'),
    topic: one('topic'),
    ...(header.has('graph') ? { graphOnly: one('graph') } : {}),
    ...(header.has('management') ? { withoutGraph: one('management') } : {}),
    attack: (header.get('attack') ?? []).flatMap((techniques) => techniques.split('; ')),
    rules: (header.get('rule') ?? []).flatMap((names) => names.split('; ')),
    parameters: (header.get('parameter') ?? []).map((line) => parseParameter(name, line)),
    columns: (header.get('column') ?? []).map((line) => parseColumn(name, line)),
    template: anyCase(eitherApi(eachDataset(lines.slice(end).join('\n').trim()))),
  };
}

const headerKeys = ['title', 'question', 'topic', 'graph', 'management', 'attack', 'rule', 'parameter', 'column'];

/** `km = 500: from how many kilometres on`, `user = 'ada@contoso.example': whose` */
function parseParameter(query: string, line: string): QueryParameter {
  const [, name, number, text, meaning] = /^(\w+) = (?:(\d+)|'([^']*)'): (.+)$/.exec(line) ?? [];
  if (name === undefined || meaning === undefined)
    throw new Error(`queries/${query}.sql: '${line}' is no parameter: write "km = 500: meaning"`);
  return { name, default: number === undefined ? (text ?? '') : Number(number), meaning };
}

function parseColumn(query: string, line: string): { name: string; meaning: string } {
  const [, name, meaning] = /^(\w+) = (.+)$/.exec(line) ?? [];
  if (name === undefined || meaning === undefined) throw new Error(`queries/${query}.sql: '${line}' is no column: write "name = meaning"`);
  return { name, meaning };
}
