/**
 * Benchmark: every query of the library over a lake of many rows, on one machine: `npm run bench:queries -- --rows 10000000`.
 *
 * A week of a company's records (the simulator's), attacks and all, is landed by the worker's landing into a temporary lake, an object a log
 * type and span of hours (one at ten million rows), and compacted. Then each query runs three times over the whole week; the least wall time of the last two counts: the files are in memory by
 * then, as they are for somebody who asks more than once. --lake DIR keeps the lake there, and uses it when it is there; --write puts the
 * table into docs/query-speed.md.
 */

import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { systemClock } from '../local/clock.ts';
import { compactLake } from '../local/compaction/compact-lake.ts';
import { openLakeFolder, type LakeFolder } from '../local/lake-folder.ts';
import { openLakeReader } from '../local/lake-reader.ts';
import { LocalLake } from '../local/lake.ts';
import { simulatedLogTypes } from '../simulator/log-types/index.ts';
import { seededWorld } from '../simulator/seeded-world.ts';
import { simulatedTenant } from '../simulator/tenants.ts';
import type { World } from '../simulator/world.ts';
import { queryLibrary, querySql } from '../queries/library.ts';
import { timestampSql } from '../queries/window-sql.ts';
import { contentJob } from '../shared/domain/fetch-job.ts';
import { landingKey, markToMetadata } from '../shared/domain/landing-key.ts';
import { days, gridWindows, hours, type Window } from '../shared/domain/window.ts';
import { logTypeById } from '../shared/log-types/index.ts';
import { openLanding } from '../shared/landing/landing.ts';
import type { Landing } from '../shared/ports/landing.ts';

interface Measured {
  readonly name: string;
  readonly rows: number;
  readonly firstMs: number;
  readonly warmMs: number;
}

const { values } = parseArgs({
  options: { rows: { type: 'string', default: '1000000' }, lake: { type: 'string' }, write: { type: 'boolean' } },
});
const rowsWanted = Number(values.rows);
const until = Date.UTC(2026, 10, 21);
const week: Window = { start: until - days(7), end: until };
/** About 20,000 rows of all log types together, as a busy tenant lands them. */
const spanMs = hours(Math.max(1, Math.min(24, Math.floor((20_000 * 168) / rowsWanted))));
const goalMs = 5_000;

const folder = values.lake === undefined ? await mkdtemp(join(tmpdir(), 'bench-queries-')) : resolve(values.lake);
try {
  if (!existsSync(join(folder, 'raw'))) await landWeek(folder);
  await compactAll(folder);
  const { total, measured } = await measure(folder);
  process.stdout.write(`${table(total, measured)}\n`);
  if (values.write) await writeFile(join(import.meta.dirname, '../docs/query-speed.md'), page(total, measured));
  if (measured.some(({ warmMs }) => warmMs > goalMs)) process.exitCode = 1;
} finally {
  if (values.lake === undefined) await rm(folder, { recursive: true, force: true });
}

async function landWeek(path: string): Promise<void> {
  const lakeFolder = await openLakeFolder(path, { exclusive: true });
  const landing = await openLanding({ memoryMb: 600, spillFolder: lakeFolder.spillTemp });
  const tenant = simulatedTenant({ name: 'contoso' });
  const world = seededWorld({ seed: 'bench', startAt: week.start + days(1), tenants: [tenant], recordsPerDay: rowsWanted / 7 });
  const lake = new LocalLake({ root: lakeFolder.path, temp: lakeFolder.objectsTemp });
  await mkdir(lakeFolder.workTemp, { recursive: true });
  let landed = 0;
  for (const window of gridWindows(week.start, week.end, spanMs)) {
    for (const { id } of simulatedLogTypes) {
      const texts = textsOf(world, tenant.tenantId, id, window);
      if (texts.length > 0) await landSpan({ landing, lake, folder: lakeFolder }, id, tenant.tenantId, window, texts);
      landed += texts.length;
    }
    process.stderr.write(`\r${landed.toLocaleString('en')} rows landed`);
  }
  process.stderr.write('\n');
  landing.close();
  lakeFolder.close();
}

/** As `lake start` does every hour: queries read the compacted rows. Nothing is left to do in a lake that is used again. */
async function compactAll(path: string): Promise<void> {
  const lakeFolder = await openLakeFolder(path, { exclusive: true });
  await compactLake(lakeFolder, { clock: systemClock });
  lakeFolder.close();
}

function textsOf(world: World, tenantId: string, logTypeId: string, window: Window): string[] {
  return logTypeById(logTypeId).source.kind === 'content'
    ? world.blobs(tenantId, logTypeId, window).flatMap((blob) => [...blob.records()])
    : world.versions(tenantId, logTypeId, window).map(({ text }) => text);
}

async function landSpan(
  { landing, lake, folder: { workTemp } }: { readonly landing: Landing; readonly lake: LocalLake; readonly folder: LakeFolder },
  logTypeId: string,
  tenantId: string,
  { end }: Window,
  texts: readonly string[],
): Promise<void> {
  const logType = logTypeById(logTypeId);
  const [cloud = 'enterprise'] = logType.clouds;
  const member = { contentId: `${logTypeId}-${String(end)}`, contentUri: 'https://manage.office.com/', created: end, expires: end };
  const job = contentJob({ cloud, tenantId, logType: logType.id }, 'contoso', [member], end);
  const file = join(workTemp, 'records.json');
  const into = join(workTemp, 'landed.parquet');
  await writeFile(file, `[${texts.join(',')}]`);
  const { rows: _unknownYet, ...metadata } = markToMetadata(job, { rows: 0, fates: 'l', isSplit: false });
  const from = [logType.source.kind === 'content' ? { file, contentId: member.contentId } : { file }];
  const landed = await landing.toParquet({ logType, job, from, into, landedAt: end, without: [], metadata });
  if (landed.kind === 'unreadable') throw new Error(`the simulator's records of ${logTypeId} cannot be read`);
  await lake.putOnce(landingKey(logType.dataset, job), into);
  await rm(into);
}

async function measure(path: string): Promise<{ total: number; measured: Measured[] }> {
  const reader = await openLakeReader(path);
  const timed = async (sql: string): Promise<{ ms: number; rows: number }> => {
    const begun = performance.now();
    const result = await reader.query(sql);
    let rows = 0;
    for await (const chunk of result.yieldRows()) rows += chunk.length;
    return { ms: performance.now() - begun, rows };
  };
  try {
    const measured: Measured[] = [];
    for (const query of queryLibrary()) {
      const sql = querySql(query, { since: timestampSql(week.start), until: timestampSql(week.end) });
      const runs = [await timed(sql), await timed(sql), await timed(sql)];
      const [first, ...warm] = runs.map(({ ms }) => ms);
      measured.push({ name: query.name, rows: runs[0]?.rows ?? 0, firstMs: first ?? 0, warmMs: Math.min(...warm) });
      process.stderr.write(`\r${String(measured.length)} queries`);
    }
    process.stderr.write('\n');
    const raw = reader.tables.filter(({ kind }) => kind === 'raw').map(({ name }) => `SELECT count(*) AS rows FROM ${name}`);
    const result = await reader.query(`SELECT sum(rows) FROM (${raw.join(' UNION ALL ')})`);
    const [[total] = []] = await result.getRows();
    return { total: Number(total), measured };
  } finally {
    await reader.close();
  }
}

function page(total: number, measured: readonly Measured[]): string {
  return `# How long the query library takes

<!-- Written by \`npm run bench:queries -- --rows N --write\`. -->

A week of the simulator's records, landed by the worker's landing and compacted as \`lake start\` does it; every query of the [library](queries.md) over the whole of it, by \`lake query\`'s
DuckDB on one machine. Warm is the better of a second and third run. The goal is ${String(goalMs / 1_000)} s warm at ten million rows.

${table(total, measured)}
`;
}

function table(total: number, measured: readonly Measured[]): string {
  const seconds = (ms: number): string => (ms / 1_000).toFixed(2);
  const slowestFirst = measured.toSorted((one, other) => other.warmMs - one.warmMs);
  const lines = slowestFirst.map(
    ({ name, rows, firstMs, warmMs }) => `| @${name} | ${rows.toLocaleString('en')} | ${seconds(firstMs)} | ${seconds(warmMs)} |`,
  );
  const within = measured.filter(({ warmMs }) => warmMs <= goalMs).length;
  return `${total.toLocaleString('en')} rows, ${String(availableParallelism())} cores: ${String(within)} of ${String(measured.length)} queries within ${seconds(goalMs)} s warm

| query | rows | first, s | warm, s |
| --- | ---: | ---: | ---: |
${lines.join('\n')}`;
}
