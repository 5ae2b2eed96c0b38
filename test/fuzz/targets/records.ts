/** Records of every log type, landed by the engine and read by plain JavaScript: they agree on every column. */

import { mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import type { Column } from '../../../shared/domain/columns.ts';
import { contentJob } from '../../../shared/domain/fetch-job.ts';
import { literal } from '../../../shared/domain/literal.ts';
import { logTypeById, logTypes } from '../../../shared/log-types/index.ts';
import type { LogType } from '../../../shared/log-types/log-type.ts';
import { connectDuckDb, openLanding } from '../../../shared/landing/landing.ts';
import { readColumns, type Row } from '../columns/read-columns.ts';
import { drawing, randomRecord, recordPlan } from '../columns/random-record.ts';
import { Time, type Value } from '../columns/values.ts';
import { mutated } from '../hostile.ts';
import { hold, target, type Target } from '../target.ts';

const landedAt = Date.parse('2026-11-22T09:00:00Z');
const recordsAtOnce = 250;
const tenantId = '11111111-1111-4111-8111-111111111111';

/** Landing, DuckDB and a folder of our own, from the first record on. */
function openAdapters() {
  const folder = mkdtempSync(join(tmpdir(), 'm365-audit-lake-fuzz-'));
  process.on('exit', () => {
    rmSync(folder, { recursive: true, force: true });
  });
  const limits = { memoryMb: 300, spillFolder: join(folder, 'spill') };
  return { folder, landing: openLanding(limits), reader: connectDuckDb(limits) };
}
let adapters: ReturnType<typeof openAdapters> | undefined;

/** The rows in the records' order: each record carries its number, which no column reads. */
async function land(logType: LogType, records: readonly object[]): Promise<Record<string, unknown>[]> {
  adapters ??= openAdapters();
  const [file, into] = [join(adapters.folder, 'records.json'), join(adapters.folder, 'records.parquet')];
  await writeFile(file, JSON.stringify(records.map((record, index) => ({ ...record, ' number': index }))));
  const job = contentJob({ cloud: 'enterprise', tenantId, logType: logType.id }, 'contoso', [], landedAt);
  const landed = await (
    await adapters.landing
  ).toParquet({ logType, job, from: [{ file }], into, landedAt, without: [], metadata: { job: job.jobId } });
  hold(landed.kind === 'written' && landed.rows === records.length, `${JSON.stringify(landed)} of ${String(records.length)} records`);
  const result = await (await adapters.reader).runAndReadAll(`FROM read_parquet(${literal(into)})`);
  const rows = result.getRowObjectsJson();
  const numberOf = (row: Record<string, unknown>): number => Number((JSON.parse(String(row.raw)) as Record<string, unknown>)[' number']);
  return [...rows].sort((a, b) => numberOf(a) - numberOf(b));
}

async function compare(logType: LogType, seeds: readonly number[]): Promise<void> {
  const plan = recordPlan(logType);
  const records = seeds.map((seed) => randomRecord(plan, drawing(seed)));
  const { id, vendor, product } = logType;
  const givens = {
    tenant_id: tenantId,
    tenant_name: 'contoso',
    cloud: 'enterprise',
    log_type: id,
    vendor,
    product,
    content_id: null,
    landed_at: new Time(landedAt),
  };
  const rows = await land(logType, records);
  for (const [index, record] of records.entries()) {
    holdSame(logType, record, readColumns(logType.columns, record, givens), rows[index] ?? {});
  }
}

function holdSame(logType: LogType, record: object, byJavaScript: Row, byEngine: Record<string, unknown>): void {
  for (const [name, { type }] of Object.entries(logType.columns)) {
    const [own, landed] = [shown(byJavaScript[name] ?? null, type), landedAs(byEngine[name], type)];
    if (JSON.stringify(own) !== JSON.stringify(landed)) {
      throw new Error(
        `${logType.id} ${name}: JavaScript reads ${JSON.stringify(own)}, landed ${JSON.stringify(landed)}, of ${JSON.stringify(record)}`,
      );
    }
  }
}

/** Both as JSON that can be compared. */
function shown(value: Value, type: Column['type']): unknown {
  if (value instanceof Time) return value.ms;
  if (typeof value === 'bigint') return String(value);
  if (value instanceof Map) return [...value].sort(byFirst);
  if (Array.isArray(value)) return (value as readonly Value[]).map((one) => shown(one, type));
  if (typeof value === 'object' && value !== null)
    return Object.entries(value as Record<string, Value>).map(([name, field]) => [name, shown(field, type)]);
  return value;
}

function landedAs(value: unknown, type: Column['type'] | undefined): unknown {
  if (value === null || value === undefined) return null;
  if (type === 'time') return timeOf(value as string);
  if (type === 'map')
    return (value as { key: string; value: string | null }[]).map((pair): [string, string | null] => [pair.key, pair.value]).sort(byFirst);
  if (typeof type !== 'object') return value;
  const { listOf } = type;
  return (value as Record<string, unknown>[]).map((struct) =>
    Object.entries(struct).map(([name, field]) => [name, landedAs(field, listOf[name])]),
  );
}

/** To the ms: DuckDB has microseconds. */
const timeOf = (text: string): number =>
  Date.parse(
    text
      .replace(' ', 'T')
      .replace(/(\.\d{3})\d+/, '$1')
      .replace(/\+00$/, 'Z'),
  );
const byFirst = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number => (a < b ? -1 : a > b ? 1 : 0);

/** Bytes that are no JSON, or not quite: landed as far as they are records, or reported as unreadable; nothing is thrown. */
async function landBytes(bytes: Uint8Array): Promise<void> {
  adapters ??= openAdapters();
  const [file, into] = [join(adapters.folder, 'bytes.json'), join(adapters.folder, 'bytes.parquet')];
  await writeFile(file, bytes);
  const logType = logTypeById('dlp-all');
  const job = contentJob({ cloud: 'enterprise', tenantId, logType: logType.id }, 'contoso', [], landedAt);
  const landed = await (
    await adapters.landing
  ).toParquet({ logType, job, from: [{ file }], into, landedAt, without: [], metadata: { job: job.jobId } });
  const json = arrayOf(bytes);
  hold(json === undefined || landed.kind === 'written', 'a JSON array is unreadable');
  const records = json?.filter((record) => record !== null).length;
  hold(
    landed.kind === 'unreadable' || records === undefined || landed.rows === records,
    `${JSON.stringify(landed)} of ${String(records)} records`,
  );
}

function arrayOf(bytes: Uint8Array): unknown[] | undefined {
  try {
    const json: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
    return Array.isArray(json) ? json : undefined;
  } catch {
    return undefined;
  }
}

const good = '[{"Id":"a","CreationTime":"2026-11-22T06:05:09","n":[1,{"x":"\\u00e9 \\" ]"}]},{"Id":"b"},null]';
const spoilt = fc.tuple(mutated(good), fc.nat(), fc.option(fc.nat(255), { freq: 2 })).map(([text, at, byte]) => {
  const bytes = Buffer.from(text, 'utf8');
  if (byte !== null && bytes.length > 0) bytes[at % bytes.length] = byte;
  return bytes;
});

const byteTarget = target({ name: 'json-bytes', what: 'content blobs as bytes, landed', share: 0.4, cost: 200 }, spoilt, landBytes);

const columnTargets: readonly Target[] = logTypes.map((logType) =>
  target(
    {
      name: `records-${logType.id}`,
      what: 'columns by the engine, against columns by JavaScript',
      share: 4,
      batch: recordsAtOnce,
      cost: 10,
    },
    fc.array(fc.integer(), { minLength: recordsAtOnce, maxLength: recordsAtOnce }),
    (seeds) => compare(logType, seeds),
  ),
);

export const recordTargets: readonly Target[] = [byteTarget, ...columnTargets];
