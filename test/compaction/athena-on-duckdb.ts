/**
 * The statements of compaction and the texts of its views, in Athena's words, run by DuckDB: what rows they leave, though not what they cost
 * nor whether Athena takes them. Every statement that it does not know is refused.
 */

import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';

/** Tables by their plain names: landed ones are made by the caller, compacted ones by CREATE TABLE. */
export class AthenaOnDuckDb {
  readonly duckdb: DuckDBConnection;

  private constructor(duckdb: DuckDBConnection) {
    this.duckdb = duckdb;
  }

  static async open(): Promise<AthenaOnDuckDb> {
    const duckdb = await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect();
    await duckdb.run("SET TimeZone = 'UTC'");
    return new AthenaOnDuckDb(duckdb);
  }

  /** @returns The rows, as texts. @throws With DuckDB's message, or for a statement that compaction has no business to run. */
  async run(statement: string): Promise<(string | null)[][]> {
    let rows: (string | null)[][] = [];
    for (const sql of inDuckDb(statement)) {
      const reader = await this.duckdb.runAndReadAll(sql);
      rows = reader
        .getRowsJson()
        .map((row) => row.map((value) => (value === null ? null : typeof value === 'object' ? JSON.stringify(value) : String(value))));
    }
    return rows;
  }

  close(): void {
    this.duckdb.closeSync();
  }
}

const verbs: readonly { readonly begins: RegExp; readonly translated: (statement: string) => string[] }[] = [
  { begins: /^CREATE TABLE IF NOT EXISTS `/, translated: created },
  { begins: /^ALTER TABLE `\w+` ADD COLUMNS \(/, translated: altered },
  { begins: /^(OPTIMIZE `\w+` REWRITE DATA USING BIN_PACK|VACUUM `\w+`)$/, translated: maintained },
  { begins: /^(MERGE INTO|INSERT INTO|DELETE FROM|SELECT|WITH recent) /, translated: asked },
];

function inDuckDb(statement: string): string[] {
  const verb = verbs.find(({ begins }) => begins.test(statement));
  if (!verb) throw new Error(`mismatched input '${statement.slice(0, 40)}'`);
  return verb.translated(statement);
}

function created(statement: string): string[] {
  const [, name = '', columns = '', partition] =
    /^CREATE TABLE IF NOT EXISTS `(\w+)` \(\n([^)]*)\n\)\nPARTITIONED BY \((.*)\)\nLOCATION '[^']+\/'\nTBLPROPERTIES \(.*\)$/.exec(
      statement,
    ) ?? [];
  if (!/^day\(event_time\)(?:, bucket\(16, tenant_(?:id|name)\))?$/.test(partition ?? ''))
    throw new Error(`no CREATE TABLE that is known: ${statement.slice(0, 200)}`);
  return [`CREATE TABLE IF NOT EXISTS "${name}" (${columnsOf(columns, ',\n').join(', ')})`];
}

function altered(statement: string): string[] {
  const [, name = '', columns = ''] = /^ALTER TABLE `(\w+)` ADD COLUMNS \((.*)\)$/.exec(statement) ?? [];
  return columnsOf(columns, ', ').map((column) => `ALTER TABLE "${name}" ADD COLUMN ${column}`);
}

/** Files are no matter here; the table has to be there. */
function maintained(statement: string): string[] {
  const [, name = ''] = /`(\w+)`/.exec(statement) ?? [];
  return [`SELECT 1 FROM "${name}" WHERE false`];
}

/** Times are cast from milliseconds to microseconds, which they have here already. */
function asked(statement: string): string[] {
  return [statement.replace(/CAST\(("\w+") AS [^\n]*?\) AS \1/g, '$1').replaceAll('regexp_like(', 'regexp_matches(')];
}

function columnsOf(list: string, separator: string): string[] {
  return list.split(separator).map((one) => {
    const [, name = '', type = ''] = /^\s*`(\w+)` (.+)$/.exec(one) ?? [];
    return `"${name}" ${fromHive(type)}`;
  });
}

const simpleTypes: Readonly<Record<string, string>> = {
  string: 'VARCHAR',
  bigint: 'BIGINT',
  double: 'DOUBLE',
  boolean: 'BOOLEAN',
  timestamp: 'TIMESTAMPTZ',
  date: 'DATE',
};

/** @example fromHive('array<struct<id:string,at:timestamp>>') // 'STRUCT("id" VARCHAR, "at" TIMESTAMPTZ)[]' */
export function fromHive(type: string): string {
  const [, outer, inner = ''] = /^(array|map|struct)<(.*)>$/.exec(type) ?? [];
  if (outer === 'array') return `${fromHive(inner)}[]`;
  if (outer === 'map') return `MAP(${partsOf(inner).map(fromHive).join(', ')})`;
  if (outer === 'struct') return `STRUCT(${partsOf(inner).map(fieldFromHive).join(', ')})`;
  const known = simpleTypes[type];
  if (known === undefined) throw new Error(`no type of a table of Athena's that is known: ${type}`);
  return known;
}

function fieldFromHive(field: string): string {
  const colon = field.indexOf(':');
  return `"${field.slice(0, colon)}" ${fromHive(field.slice(colon + 1))}`;
}

/** At the commas that are in no brackets. */
function partsOf(list: string): string[] {
  const parts: string[] = [''];
  let depth = 0;
  for (const letter of list) {
    if (letter === '<') depth += 1;
    if (letter === '>') depth -= 1;
    if (letter === ',' && depth === 0) parts.push('');
    else parts[parts.length - 1] = (parts.at(-1) ?? '') + letter;
  }
  return parts;
}
