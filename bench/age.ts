/**
 * Benchmark: what age costs. `npm run bench:age -- [--days 1,30,365] [--objects 286] [--rows 20] [--datasets A,B] [--write]`.
 *
 * Lakes of so many days, each with so many objects a day and dataset: the simulator's records of one day, their times and ids moved from day
 * to day, an object a day written and linked under the other names. Every query of the library is asked for the last day, before and after
 * compaction: CPU seconds of this process and files that DuckDB opened, all queries together. --write puts the table into docs/lake-age.md.
 */

import { link, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { systemClock } from '../local/clock.ts';
import { compactLake } from '../local/compaction/compact-lake.ts';
import { openLakeFolder } from '../local/lake-folder.ts';
import { openLakeReader } from '../local/lake-reader.ts';
import { queryLibrary, querySql } from '../queries/library.ts';
import { timestampSql } from '../queries/window-sql.ts';
import { contentJob } from '../shared/domain/fetch-job.ts';
import { literal } from '../shared/domain/literal.ts';
import { hourFolder } from '../shared/domain/landing-key.ts';
import { days, utcHour } from '../shared/domain/window.ts';
import { connectDuckDb, openLanding } from '../shared/landing/landing.ts';
import { logTypeById, rawDatasets } from '../shared/log-types/index.ts';
import { simulatedLogTypes } from '../simulator/log-types/index.ts';
import { seededWorld } from '../simulator/seeded-world.ts';
import { simulatedTenant } from '../simulator/tenants.ts';

const { values } = parseArgs({
  options: {
    days: { type: 'string', default: '1,30,365' },
    objects: { type: 'string', default: '286' },
    rows: { type: 'string', default: '20' },
    datasets: { type: 'string', default: rawDatasets.join(',') },
    write: { type: 'boolean', default: false },
  },
});
const [objects, rows] = [Number(values.objects), Number(values.rows)];
const datasets = values.datasets.split(',');
const newestDay = Date.UTC(2026, 10, 20);

interface Asked {
  readonly cpuSeconds: number;
  readonly files: number;
}

interface Aged {
  readonly days: number;
  readonly objects: number;
  readonly before: Asked;
  readonly compactSeconds: number;
  readonly after: Asked;
}

const templates = await mkdtemp(join(tmpdir(), 'bench-age-'));
try {
  await landTemplates();
  const aged: Aged[] = [];
  for (const age of values.days.split(',').map(Number)) aged.push(await measure(age));
  const text = tableOf(aged);
  console.log(text);
  if (values.write) await writeFile(join(import.meta.dirname, '..', 'docs', 'lake-age.md'), page(text));
} finally {
  await rm(templates, { recursive: true, force: true });
}

/** One object a dataset, of records of the newest day. */
async function landTemplates(): Promise<void> {
  const landing = await openLanding({ memoryMb: 300, spillFolder: join(templates, 'spill') });
  const tenant = simulatedTenant({ name: 'contoso' });
  const world = seededWorld({ seed: 'bench', startAt: newestDay, tenants: [tenant], recordsPerDay: 40_000 });
  const window = { start: newestDay, end: newestDay + days(1) };
  for (const { id } of simulatedLogTypes) {
    const logType = logTypeById(id);
    const into = join(templates, `${logType.dataset}.parquet`);
    const records =
      logType.source.kind === 'content'
        ? world.blobs(tenant.tenantId, id, window).flatMap((blob) => [...blob.records()])
        : world.versions(tenant.tenantId, id, window).map((version) => version.text);
    if (records.length === 0 || (await readdir(templates)).includes(`${logType.dataset}.parquet`)) continue;
    const file = join(templates, 'records.json');
    await writeFile(file, `[${records.slice(0, rows).join(',')}]`);
    const [cloud = 'enterprise'] = logType.clouds;
    const job = contentJob({ cloud, tenantId: tenant.tenantId, logType: id }, 'contoso', [], newestDay);
    const landed = await landing.toParquet({ logType, job, from: [{ file }], into, landedAt: newestDay, without: [], metadata: {} });
    if (landed.kind === 'unreadable') throw new Error(`the simulator's records of ${id} cannot be read`);
  }
  landing.close();
}

async function measure(age: number): Promise<Aged> {
  const lake = await mkdtemp(join(tmpdir(), 'bench-age-lake-'));
  try {
    const made = await makeLake(lake, age);
    const before = await askLibrary(lake);
    const begun = process.cpuUsage();
    const folder = await openLakeFolder(lake, { exclusive: true });
    await compactLake(folder, {
      clock: systemClock,
      onStep: (dataset, { objects: done }) => process.stderr.write(`\r${dataset} ${String(done)}    `),
    });
    // Folders that have come to rest need no second look; a collector's next run would find that out.
    await compactLake(folder, { clock: { ...systemClock, now: () => Date.now() + days(1) } });
    folder.close();
    return { days: age, objects: made, before, compactSeconds: cpuSecondsSince(begun), after: await askLibrary(lake) };
  } finally {
    await rm(lake, { recursive: true, force: true });
  }
}

async function makeLake(lake: string, age: number): Promise<number> {
  const folder = await openLakeFolder(lake, { exclusive: true });
  const duckdb = await connectDuckDb({ memoryMb: 300, spillFolder: folder.spillTemp });
  let made = 0;
  for (const file of (await readdir(templates)).filter((name) => datasets.includes(name.replace('.parquet', '')))) {
    for (let back = 0; back < age; back += 1) {
      const place = async (index: number): Promise<string> => {
        const landed = newestDay - days(back) + (days(1) * index) / objects;
        const folder = join(lake, 'raw', file.replace('.parquet', ''), hourFolder(utcHour(landed)));
        await mkdir(folder, { recursive: true });
        return join(folder, `${nameOf(index)}.parquet`);
      };
      const first = await place(0);
      await duckdb.run(`COPY (SELECT * REPLACE (event_time - INTERVAL ${String(back)} DAY AS event_time,
        record_id || '-${String(back)}' AS record_id, md5(record_key || '-${String(back)}') AS record_key)
        FROM read_parquet(${literal(join(templates, file))})) TO ${literal(first)} (FORMAT parquet, COMPRESSION zstd)`);
      for (let index = 1; index < objects; index += 1) await link(first, await place(index));
      made += objects;
    }
  }
  duckdb.closeSync();
  folder.close();
  return made;
}

function nameOf(index: number): string {
  return index.toString(16).padStart(32, '0');
}

/** Every query that reads only these datasets, for the newest day, as `lake query` runs it. */
async function askLibrary(lake: string): Promise<Asked> {
  const window = { since: timestampSql(newestDay), until: timestampSql(newestDay + days(1)) };
  let [cpuSeconds, files] = [0, 0];
  for (const query of queryLibrary()) {
    const sql = querySql(query, window);
    if (rawDatasets.some((name) => !datasets.includes(name) && new RegExp(`\\b${name.replace(/_raw$/, '')}(_raw)?\\b`).test(sql))) continue;
    const begun = process.cpuUsage();
    const reader = await openLakeReader(lake, sql);
    const plan = JSON.stringify(await (await reader.query(`EXPLAIN ANALYZE ${sql}`)).getRowsJson());
    await reader.close();
    cpuSeconds += cpuSecondsSince(begun);
    for (const [, count] of plan.matchAll(/Total Files Read: (\d+)/g)) files += Number(count);
  }
  return { cpuSeconds, files };
}

function cpuSecondsSince(begun: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(begun);
  return (user + system) / 1e6;
}

function tableOf(aged: readonly Aged[]): string {
  const number = (value: number): string => value.toLocaleString('en');
  const lines = aged.map(
    ({ days: age, objects: made, before, compactSeconds, after }) =>
      `| ${[age, made, before.files].map(number).join(' | ')} | ${before.cpuSeconds.toFixed(1)} | ${number(after.files)} | ${after.cpuSeconds.toFixed(1)} | ${compactSeconds.toFixed(0)} |`,
  );
  return `| days | objects | files opened, landed only | CPU s | files opened, compacted | CPU s | compaction of all of it, CPU s |
| ---: | ---: | ---: | ---: | ---: | ---: | ---: |
${lines.join('\n')}`;
}

function page(text: string): string {
  return `# What age costs

<!-- Written by \`npm run bench:age -- --write\`. -->

Every query of the [library](queries.md) for the last day, on one machine, over lakes of a growing number of days: ${String(objects)} objects of
${String(rows)} rows a day and dataset (${datasets.join(', ')}). Files and CPU seconds are those of all these queries together.

${text}
`;
}
