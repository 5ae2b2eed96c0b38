/** What a query may be: one statement that reads, of functions on a list. DuckDB itself would let it write where it may read. */

import { StatementType, type DuckDBConnection, type DuckDBPreparedStatement } from '@duckdb/node-api';
import { literal } from '../shared/domain/literal.ts';
import { sqlMacros } from '../shared/domain/sql-macros.ts';
import { UsageError } from './exit.ts';
import { queryFunctions } from './query-functions.ts';

/**
 * Prepares a query after a look at the statement as DuckDB itself has parsed it; nothing of it has run when this throws.
 *
 * @throws UsageError when it is not one statement, does not read, or calls a function that queries may not call. What DuckDB says when
 *   the statement cannot be parsed, or names what is not there.
 */
export async function readingStatement(connection: DuckDBConnection, sql: string): Promise<DuckDBPreparedStatement> {
  if (sql.replace(comments, '').trim() === '') throw new UsageError('there is no query: give one, as in "SELECT 1"');
  const explained = explainedBy(sql);
  const parsed = await parse(connection, explained ?? sql);
  if (parsed.error && parsed.error_type === 'not implemented') throw new UsageError(readOnly);
  for (const name of functionsIn(parsed.statements))
    if (!queryFunctions.has(name) && !ownMacros.has(name)) throw new UsageError(refusal(name));
  // From here on DuckDB acts on the statement. It reports what it could not parse, and binds what table functions are to read.
  const statements = await connection.extractStatements(sql);
  // PIVOT without IN is two: the first collects the values.
  if (statements.count !== 1)
    throw new UsageError(`that is ${String(statements.count)} statements: give one at a time (and PIVOT its values: ON x IN (...))`);
  if (parsed.error) throw new UsageError(readOnly);
  const statement = await statements.prepare(0);
  const expected = explained === undefined ? StatementType.SELECT : StatementType.EXPLAIN;
  if (statement.statementType !== expected) throw new UsageError(readOnly);
  return statement;
}

const readOnly = 'the lake can only be read: use SELECT, WITH, FROM, DESCRIBE, SUMMARIZE, SHOW or EXPLAIN SELECT';
const comments = /--[^\n]*|\/\*[\s\S]*?\*\//g;

/** The statement that an EXPLAIN explains; undefined for any other statement. */
export const explainedBy = (sql: string): string | undefined => explain.exec(sql)?.[1];

/** EXPLAIN ANALYZE runs what it explains. Only the beginning is cut off: DuckDB looks at all that follows. */
const explain = /^\s*EXPLAIN\s+(?:ANALYZE\s+|\([\w\s,]*\)\s*)?((?:SELECT|WITH|FROM|VALUES)\b[\s\S]*)$/i;

/** The statement as DuckDB parses it. Nothing is bound or run; what is no SELECT is `not implemented`. */
async function parse(connection: DuckDBConnection, sql: string): Promise<Parsed> {
  const [[json = '{}'] = []] = (await connection.runAndReadAll(`SELECT json_serialize_sql(${literal(sql)})`)).getRows() as string[][];
  return JSON.parse(json) as Parsed;
}

interface Parsed {
  readonly error: boolean;
  readonly error_type?: string;
  readonly statements?: unknown;
}

/** The name of every call in a parsed statement, in lower case, wherever it is. */
function functionsIn(statements: unknown): Set<string> {
  const names = new Set<string>();
  const open: unknown[] = [statements];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (typeof node !== 'object' || node === null) continue;
    if ('function_name' in node && typeof node.function_name === 'string') names.add(node.function_name.toLowerCase());
    for (const child of Object.values(node)) if (typeof child === 'object' && child !== null) open.push(child);
  }
  return names;
}

const ownMacros = new Set(sqlMacros.flatMap((macro) => /MACRO (\w+)\(/.exec(macro)?.[1] ?? []));

function refusal(name: string): string {
  return `a query cannot call ${name}(): it reads the lake and calls functions of values only`;
}
