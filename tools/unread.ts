/**
 * `npm run unread -- FOLDER...`: lands the records of folders (JSON lines, a file named by the log type's id, or records that are recognized),
 * prints the share of filled columns, and every value that stands in a record and in no column, with the reason why it has none
 * (tools/unread/reasons.ts). Ends with 1 when a value has no reason. With `--write` it writes docs/unread-values.md, which has places and
 * counts, and nothing of a record.
 */

import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { contentJob } from '../shared/domain/fetch-job.ts';
import { literal } from '../shared/domain/literal.ts';
import { connectDuckDb, openLanding } from '../shared/landing/landing.ts';
import { isLogTypeId, logTypeById, logTypes, type CatalogLogType, type LogTypeId } from '../shared/log-types/index.ts';
import { recognize, type JsonObject } from '../shared/log-types/recognition.ts';
import { unreadPage, unreadText, type Measured } from './unread/page.ts';
import { lostValues, type LandedRow } from './unread/lost-values.ts';
import { reasonOf, reasonOfLost } from './unread/reasons.ts';
import { unreadValues } from './unread/unread-values.ts';

const { values: options, positionals: folders } = parseArgs({ options: { write: { type: 'boolean' } }, allowPositionals: true });
if (folders.length === 0) throw new Error('give a folder of records: npm run unread -- FOLDER');
const work = await mkdtemp(join(tmpdir(), 'unread-'));
const limits = { memoryMb: 300, spillFolder: join(work, 'spill') };
const [landing, reader] = [await openLanding(limits), await connectDuckDb(limits)];
const measured: Measured[] = [];
for (const folder of folders) {
  for (const [id, lines] of await recordsByLogType(folder)) measured.push(await measure(basename(folder), id, lines));
}
landing.close();
reader.closeSync();
await rm(work, { recursive: true });
const unexplained = measured.flatMap(({ unread }) => unread.filter(({ reason }) => reason === undefined)).length;
process.stdout.write(`${unreadText(measured)}\n${String(unexplained)} values without a column and without a reason\n`);
if (options.write === true) await writeFile(join(import.meta.dirname, '..', 'docs', 'unread-values.md'), unreadPage(measured));
process.exitCode = unexplained === 0 ? 0 : 1;

async function measure(dataSet: string, id: LogTypeId, lines: readonly string[]): Promise<Measured> {
  const logType = logTypeById(id);
  const records = lines.map((line): unknown => JSON.parse(line));
  const unread = unreadValues(logType.columns, records).map((place) => ({ ...place, reason: reasonOf(id, place.path) }));
  const { rows, ...filled } = await landedOf(logType, lines);
  const lost = lostValues(logType.columns, rows).map((place) => ({ ...place, reason: reasonOfLost(id, place.path) }));
  return { dataSet: dataSet.replaceAll('+', '/'), logType: id, records: lines.length, ...filled, unread: [...unread, ...lost] };
}

/** By the file's name, else by what the record is recognized as. */
async function recordsByLogType(from: string): Promise<Map<LogTypeId, string[]>> {
  const found = new Map<LogTypeId, string[]>();
  for (const name of (await readdir(from)).filter((one) => one.endsWith('.jsonl')).sort()) {
    const named = name.replace(/\.jsonl$/, '');
    const lines = (await readFile(join(from, name), 'utf8')).split('\n').filter((line) => line.trim() !== '');
    for (const line of lines) {
      const id = isLogTypeId(named) ? named : recognize(logTypes, JSON.parse(line) as JsonObject)?.id;
      if (id === undefined) throw new Error(`a record of ${name} is of no log type that is known`);
      found.set(id, [...(found.get(id) ?? []), line]);
    }
  }
  return found;
}

/** Lands the records as the worker would, and looks which columns are filled and what stands in them. */
async function landedOf(
  logType: CatalogLogType,
  lines: readonly string[],
): Promise<Pick<Measured, 'columns' | 'empty'> & { readonly rows: readonly LandedRow[] }> {
  const [file, into] = [join(work, 'records.json'), join(work, `${logType.id}.parquet`)];
  await writeFile(file, `[${lines.join(',')}]`);
  const [cloud = 'enterprise'] = logType.clouds;
  const job = contentJob({ cloud, tenantId: '22222222-2222-4222-8222-222222222222', logType: logType.id }, 'measured', [], 0);
  const landed = await landing.toParquet({ logType, job, from: [{ file }], into, landedAt: 0, without: [], metadata: { job: job.jobId } });
  if (landed.kind === 'unreadable') throw new Error(`records of ${logType.id} cannot be read as JSON`);
  const columns = Object.keys(logType.columns);
  const counts = columns.map((name) => `count("${name}")`).join(', ');
  const [row = []] = (await reader.runAndReadAll(`SELECT ${counts} FROM read_parquet(${literal(into)})`)).getRows();
  const texts = (await reader.runAndReadAll(`SELECT to_json(one) FROM read_parquet(${literal(into)}) AS one`)).getRows();
  const rows = texts.map(([text]) => {
    const { raw, ...rest } = JSON.parse(String(text)) as Record<string, unknown>;
    return { record: JSON.parse(String(raw)) as unknown, columns: rest };
  });
  return { columns: columns.length, empty: columns.filter((_, index) => Number(row[index]) === 0), rows };
}
