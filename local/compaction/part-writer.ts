/** Rows of objects and parts, into one Parquet file. */

import { join } from 'node:path';
import {
  eventDayOf,
  unknownDay,
  type CompactableObject,
  type DayOfObjects,
  type EventDay,
  type Part,
} from '../../shared/domain/compaction.ts';
import { literal } from '../../shared/domain/literal.ts';
import { connectDuckDb, type DuckDbLimits } from '../../shared/landing/landing.ts';
import type { PartRequest } from '../../shared/ports/compaction.ts';
import { asPattern, daysOfFilesSelect, objectsSelect, partsSelect, tenantsOfFilesSelect, type TypedColumn } from '../lake-sql.ts';
import { throwNamingMissingPart } from '../missing-part.ts';
import { columnsOf, type LakeTable } from '../lake-views.ts';
import { copySorted, type HowWritten } from './sorted-rows.ts';
import { droppedRowsSql, type DroppedRows } from './dropped-rows.ts';

/** What reads rows and writes files for compaction. */
export interface PartWriter {
  /** The event days that the objects have rows of, with those objects. */
  eventDays(dataset: string, objects: readonly CompactableObject[]): Promise<readonly DayOfObjects[]>;
  /** Writes the rows of a part to a file, in the order of their event times. @returns How many. */
  write(request: PartRequest, file: string): Promise<number>;
  /** Writes a part's rows again, in their order, without some. @returns How many are left. */
  writeWithout(dataset: string, part: Part, rows: DroppedRows, file: string): Promise<number>;
  /** How many rows of a part would be left out. */
  count(dataset: string, part: Part, rows: DroppedRows): Promise<number>;
  /** The tenants' names of objects by their keys; an object without a row is in it no more than one that is gone. */
  tenants(dataset: string, objects: readonly CompactableObject[]): Promise<ReadonlyMap<string, string>>;
  close(): void;
}

/** Rows of a row group: what a query of a short time reads at least. */
const rowsOfGroup = 20_480;

/** Where a writer finds what it reads: keys and names of parts are paths in these folders. */
export interface PartPlaces {
  /** Of the parts. */
  readonly root: string;
  /** Of the objects; the same where absent. */
  readonly objects?: string;
}

/** A writer with an embedded DuckDB of its own, for the datasets among the tables. */
export async function openPartWriter(
  { root, objects: objectsRoot = root }: PartPlaces,
  tables: readonly LakeTable[],
  limits: DuckDbLimits,
): Promise<PartWriter> {
  const connection = await connectDuckDb(limits);
  await connection.run('SET enable_external_file_cache = false');
  const columns = new Map(tables.flatMap((table) => (table.kind === 'view' ? [] : [[table.name, columnsOf(table)] as const])));
  const objectPath = ({ key }: CompactableObject): string => join(asPattern(objectsRoot), key);
  const partRows = (dataset: string, parts: readonly Part[]): string =>
    partsSelect(
      parts.map(({ name }) => join(asPattern(root), name)),
      knownColumns(columns, dataset),
    );
  const copy = async (
    select: string,
    file: string,
    { mostRowsOfGroup = rowsOfGroup, compression = 'zstd' }: HowWritten = {},
  ): Promise<number> => {
    const rows = String(Math.min(rowsOfGroup, mostRowsOfGroup));
    const format = `FORMAT parquet, COMPRESSION ${compression}, ROW_GROUP_SIZE ${rows}`;
    const written = await connection.runAndReadAll(`COPY (${select}) TO ${literal(file)} (${format})`).catch(throwNamingMissingPart);
    return Number(written.getRows()[0]?.[0]);
  };
  return {
    eventDays: async (dataset, objects) => {
      const byName = new Map(objects.map((object) => [nameOf(object.key), object]));
      const sql = daysOfFilesSelect(objects.map(objectPath));
      const days = new Map<EventDay, CompactableObject[]>();
      for (const [file, time] of (await connection.runAndReadAll(sql)).getRows()) {
        const day = eventDayOf(typeof time === 'number' ? time : null);
        const object = byName.get(nameOf(String(file)));
        if (object) days.set(day, [...(days.get(day) ?? []), object]);
      }
      return [...days].map(([day, ofDay]) => ({ day, objects: ofDay }));
    },
    write: async ({ dataset, day, objects, parts }, file) => {
      const known = knownColumns(columns, dataset);
      const sources = [
        { files: objects.map(({ key }) => join(objectsRoot, key)), select: (files: readonly string[]) => objectsSelect(files, known) },
        { files: parts.map(({ name }) => join(root, name)), select: (files: readonly string[]) => partsSelect(files, known) },
      ];
      return copySorted({ sources, condition: isOn(day), columns: known, file }, connection, copy, limits.spillFolder);
    },
    writeWithout: (dataset, part, rows, file) =>
      copy(`SELECT * FROM (${partRows(dataset, [part])}) WHERE (${droppedRowsSql(rows)}) IS NOT TRUE`, file),
    count: async (dataset, part, rows) => {
      const sql = `SELECT count(*) FROM (${partRows(dataset, [part])}) WHERE ${droppedRowsSql(rows)}`;
      return Number((await connection.runAndReadAll(sql).catch(throwNamingMissingPart)).getRows()[0]?.[0]);
    },
    tenants: async (_dataset, objects) => {
      if (objects.length === 0) return new Map();
      const keys = new Map(objects.map(({ key }) => [nameOf(key), key]));
      const rows = (await connection.runAndReadAll(tenantsOfFilesSelect(objects.map(objectPath)))).getRows();
      return new Map(rows.map(([file, tenant]) => [keys.get(nameOf(String(file))) ?? '', String(tenant)]));
    },
    close: () => {
      connection.closeSync();
    },
  };
}

/** Landing hour and file name: the same of a key and of a path. */
const nameOf = (path: string): string => path.split('/').slice(-3).join('/');

function knownColumns(columns: ReadonlyMap<string, readonly TypedColumn[]>, dataset: string): readonly TypedColumn[] {
  const known = columns.get(dataset);
  if (!known) throw new Error(`'${dataset}' is no dataset that is compacted`);
  return known;
}

/** The condition for rows of an event day. */
function isOn(day: EventDay): string {
  if (day === unknownDay) return 'event_time IS NULL';
  const midnight = `TIMESTAMPTZ '${day} 00:00:00+00'`;
  return `event_time >= ${midnight} AND event_time < ${midnight} + INTERVAL 1 DAY`;
}
