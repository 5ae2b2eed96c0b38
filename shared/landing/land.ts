/** JSON files in, one Parquet file out. */

import { rm, writeFile } from 'node:fs/promises';
import type { LogType } from '../log-types/log-type.ts';
import { ParquetFile } from './parquet/file.ts';
import { columnSchema } from './parquet/schema.ts';
import type { Landed, LandingRequest } from '../ports/landing.ts';
import { Engine } from './engine/engine.ts';
import type { Givens, LandingContext } from './engine/context.ts';
import { Plan } from './engine/plan.ts';
import { load, NoJsonArray, RecordCursor, unloadFile, type FileBytes } from './records.ts';
import { RowGroup, type LandedSchema } from './row-group.ts';
import { rowTest } from './rows.ts';

/** Records of a row group, in bytes; within one, rows stand by event time. */
const groupBytes = 80_000_000;
/** Rows of a row group: an empty record takes as much room in hundreds of columns as any other. */
const groupRows = 65_536;

/** @param known Record keys of earlier files, whose rows are left out. */
export async function land(request: LandingRequest, known: ReadonlySet<string>): Promise<Landed> {
  const schema = landedSchema(request.logType);
  const file = await ParquetFile.create(request.into, [...schema.columns, schema.recordKey, schema.raw]);
  try {
    const rows = await addRows(request, known, schema, file);
    return { kind: 'written', rows, bytes: await file.finish(request.metadata) };
  } catch (error) {
    await file.close();
    await rm(request.into, { force: true });
    if (!(error instanceof NoJsonArray)) throw error;
    return { kind: 'unreadable', files: await unreadable(request.from) };
  }
}

function landedSchema({ columns }: LogType): LandedSchema {
  return {
    columns: Object.entries(columns).map(([name, { type }]) => columnSchema(name, type)),
    recordKey: columnSchema('record_key', 'text'),
    raw: columnSchema('raw', 'text'),
  };
}

/** Reads every file, record by record. */
async function addRows(request: LandingRequest, known: ReadonlySet<string>, schema: LandedSchema, file: ParquetFile): Promise<number> {
  const engine = Engine.take();
  const givens = givensOf(request);
  const context: LandingContext = { engine, plan: new Plan(engine), givens, readers: new Map(), hidden: [] };
  const group = new RowGroup(request.logType, schema, context);
  const isWanted = rowTest(request, known, context);
  let rows = 0;
  const flush = async (): Promise<void> => {
    rows += group.rows;
    await file.addRowGroup(group.chunks(), group.rows);
    group.clear();
  };
  const loaded: FileBytes[] = [];
  for (const { file: path, content, contentId = null } of request.from) {
    const bytes = await load(path, content, engine);
    loaded.push(bytes);
    givens.content_id = contentId;
    group.begin();
    const cursor = new RecordCursor(bytes, engine, context.plan.shape);
    while (cursor.next()) {
      if (isWanted()) group.add(cursor.start, cursor.end);
      if (group.bytes < groupBytes && group.rows < groupRows) continue;
      await flush();
      for (const before of loaded.splice(0, loaded.length - 1)) unloadFile(before, engine);
    }
  }
  if (group.rows > 0) await flush();
  engine.giveBack();
  return rows;
}

function givensOf({ logType, job, landedAt }: LandingRequest): { -readonly [Name in keyof Givens]: Givens[Name] } {
  return {
    tenant_id: job.stream.tenantId,
    tenant_name: job.tenantName,
    cloud: job.stream.cloud,
    log_type: logType.id,
    vendor: logType.vendor,
    product: logType.product,
    content_id: null,
    landed_at: landedAt * 1_000,
  };
}

async function unreadable(from: LandingRequest['from']): Promise<string[]> {
  const files = [];
  for (const input of from) {
    if (await isReadable(input)) continue;
    if (input.content) await writeFile(input.file, input.content);
    files.push(input.file);
  }
  return files;
}

async function isReadable({ file, content }: LandingRequest['from'][number]): Promise<boolean> {
  const engine = Engine.take();
  try {
    const cursor = new RecordCursor(await load(file, content, engine), engine, new Plan(engine).shape);
    while (cursor.next());
    return true;
  } catch (error) {
    if (error instanceof NoJsonArray) return false;
    throw error;
  } finally {
    engine.giveBack();
  }
}
