/**
 * Benchmark: what age costs. `npm run bench:age -- [--days 1,30,365] [--objects 286] [--rows 5] [--datasets A,B] [--every 14] [--landed-up-to 30] [--write]`.
 *
 * Lakes of so many days, each with so many objects a day and dataset (aged-lake.ts). Every query of the library is asked for the newest day of
 * the compacted lake, and every --every-th of the landed objects alone, up to an age: CPU seconds of this process and files that DuckDB opened, a query.
 * --write puts the table into docs/lake-age.md. The exit code is 1 where the oldest compacted lake takes more than 1.2 of what the one before
 * it takes, in CPU seconds or in files.
 */

import { mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openLakeReader } from '../local/lake-reader.ts';
import { queryLibrary, querySql, type LibraryQuery } from '../queries/library.ts';
import { timestampSql } from '../queries/window-sql.ts';
import { days } from '../shared/domain/window.ts';
import { rawDatasets } from '../shared/log-types/index.ts';
import { makeAgedLake } from './aged-lake.ts';
import { landTemplates } from './aged-templates.ts';

const { values } = parseArgs({
  options: {
    days: { type: 'string', default: '1,30,365' },
    objects: { type: 'string', default: '286' },
    rows: { type: 'string', default: '5' },
    datasets: { type: 'string', default: rawDatasets.join(',') },
    every: { type: 'string', default: '14' },
    'landed-up-to': { type: 'string', default: '30' },
    write: { type: 'boolean', default: false },
  },
});
const newestDay = Date.UTC(2026, 10, 20);
const objects = Number(values.objects);
const [ages, every] = [values.days.split(',').map(Number), Number(values.every)];
const flat = 1.2;

interface Asked {
  readonly queries: number;
  readonly cpuSeconds: number;
  readonly files: number;
}

const none: Asked = { queries: 0, cpuSeconds: 0, files: 0 };

interface Aged {
  readonly age: number;
  readonly objects: number;
  /** Absent where it would take hours. */
  readonly landed?: Asked;
  readonly compacted: Asked;
}

const templates = await mkdtemp(join(tmpdir(), 'bench-age-'));
try {
  await landTemplates(templates, newestDay, Number(values.rows));
  const landed = (await readdir(templates)).map((name) => name.replace('.parquet', ''));
  const datasets = values.datasets.split(',').filter((name) => landed.includes(name));
  const queries = queryLibrary().filter((query) => readsOnly(datasets, sqlOf(query)));
  const oneDay = join(templates, 'day', 'lake');
  await makeAgedLake({ path: oneDay, templates, datasets, newestDay, objects, age: 1 });
  process.stderr.write('the newest day is made\n');
  const made: MadeLake[] = [];
  for (const age of ages) made.push(await make(age, datasets));
  const aged = await measure(made, queries);
  const text = `${tableOf(aged)}\n\n${verdict(aged)}`;
  console.log(text);
  if (values.write) await writeFile(join(import.meta.dirname, '..', 'docs', 'lake-age.md'), page(text, datasets.length));
  if (Math.max(...growth(aged)) > flat) process.exitCode = 1;
} finally {
  await rm(templates, { recursive: true, force: true });
}

interface MadeLake {
  readonly age: number;
  readonly objects: number;
  readonly path: string;
}

async function make(age: number, datasets: readonly string[]): Promise<MadeLake> {
  const path = join(templates, `${String(age)}-days`, 'lake');
  const made = await makeAgedLake({ path, templates, datasets, newestDay, objects, age, dayFrom: join(templates, 'day', 'lake') });
  process.stderr.write(`${String(age)} days are made\n`);
  return { age, objects: made, path };
}

/** Each query of one lake after the other: whatever else the machine has to do, it takes of all of them alike. */
async function measure(lakes: readonly MadeLake[], queries: readonly LibraryQuery[]): Promise<Aged[]> {
  const compacted = await askAll(lakes, queries);
  const young = lakes.filter(({ age }) => age <= Number(values['landed-up-to']));
  for (const { path } of young) await rename(join(path, 'compacted.sqlite'), join(path, 'aside'));
  const some = queries.filter((_, index) => index % every === 0);
  const landed = await askAll(young, some);
  return lakes.map(({ age, objects: count }, index) => {
    const own = landed[index];
    return { age, objects: count, compacted: compacted[index] ?? none, ...(own && { landed: own }) };
  });
}

async function askAll(lakes: readonly MadeLake[], queries: readonly LibraryQuery[]): Promise<Asked[]> {
  const sums = lakes.map(() => none);
  for (const sql of queries.map(sqlOf))
    for (const [index, { path }] of lakes.entries()) {
      const { cpuSeconds, files } = await ask(path, sql);
      const { queries: count, ...sum } = sums[index] ?? none;
      sums[index] = { queries: count + 1, cpuSeconds: sum.cpuSeconds + cpuSeconds, files: sum.files + files };
    }
  process.stderr.write(`${JSON.stringify(sums)}\n`);
  return sums;
}

function sqlOf(query: LibraryQuery): string {
  return querySql(query, { since: timestampSql(newestDay), until: timestampSql(newestDay + days(1)) });
}

function readsOnly(datasets: readonly string[], sql: string): boolean {
  return rawDatasets.every((name) => datasets.includes(name) || !new RegExp(`\\b${name.replace(/_raw$/, '')}(_raw)?\\b`).test(sql));
}

/** A query as `lake query` runs it. */
async function ask(lake: string, sql: string): Promise<Omit<Asked, 'queries'>> {
  const begun = process.cpuUsage();
  const reader = await openLakeReader(lake, sql);
  const plan = JSON.stringify(await (await reader.query(`EXPLAIN (ANALYZE, FORMAT json) ${sql}`)).getRowsJson());
  await reader.close();
  const { user, system } = process.cpuUsage(begun);
  const files = [...plan.matchAll(/Total Files Read[\\": ]+(\d+)/g)].reduce((sum, [, count]) => sum + Number(count), 0);
  return { cpuSeconds: (user + system) / 1e6, files };
}

/** CPU seconds of the oldest lake for one of the lake before it, and files. */
function growth(aged: readonly Aged[]): readonly [cpu: number, files: number] {
  const [before, oldest] = aged.slice(-2);
  if (!before || !oldest) return [1, 1];
  return [oldest.compacted.cpuSeconds / before.compacted.cpuSeconds, oldest.compacted.files / before.compacted.files];
}

function verdict(aged: readonly Aged[]): string {
  const [before, oldest] = aged.slice(-2);
  if (!before || !oldest) return '';
  const [cpu, files] = growth(aged).map((ratio) => ratio.toFixed(2));
  return `Compacted, ${String(oldest.age)} days take ${String(cpu)} of the CPU seconds that ${String(before.age)} days take, and open ${String(files)} of the files.`;
}

function tableOf(aged: readonly Aged[]): string {
  const number = (value: number): string => value.toLocaleString('en', { maximumFractionDigits: 1 });
  const cells = (asked: Asked | undefined): string[] =>
    asked ? [number(asked.files / asked.queries), (asked.cpuSeconds / asked.queries).toFixed(2)] : ['not measured', ''];
  const lines = aged.map(
    ({ age, objects: made, landed, compacted }) => `| ${[number(age), number(made), ...cells(landed), ...cells(compacted)].join(' | ')} |`,
  );
  const [first] = aged;
  return `Landed objects alone: ${String(first?.landed?.queries)} queries; compacted: ${String(first?.compacted.queries)}.

| days | objects | files opened a query, landed alone | CPU s | files opened a query, compacted | CPU s |
| ---: | ---: | ---: | ---: | ---: | ---: |
${lines.join('\n')}`;
}

function page(text: string, datasetCount: number): string {
  return `# What age costs

<!-- Written by \`npm run bench:age -- --write\`. -->

Queries of the [library](queries.md) for the newest day, on one machine, over lakes of a growing number of days: ${String(objects)} objects of
${values.rows} rows a day and dataset, ${String(datasetCount)} datasets. The newest day is landed and compacted hour by hour, and copied to the days before it. Files
and CPU seconds are those of one query on average, from opening the lake to the last row.

${text}
`;
}
