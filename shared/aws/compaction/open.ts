/** Compaction by landing hours in AWS: state in the ledger's table, objects in S3, statements on Athena, views in Glue. */

import type { AthenaClient } from '@aws-sdk/client-athena';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { GlueClient } from '@aws-sdk/client-glue';
import type { S3Client } from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { compactedTableOf } from '../../datasets/compacted-tables.ts';
import { knownDatasets } from '../../datasets/index.ts';
import { viewText, type PrestoView } from '../../datasets/presto-view.ts';
import type { CompactedBy } from '../../domain/compacted-by.ts';
import { shownColumns, type CompactedTable } from '../../domain/compacted-table.ts';
import { compactedViewSelect, type ViewedHours } from '../../domain/compacted-view.ts';
import {
  addColumnsStatement,
  compactedColumns,
  createStatement,
  eraseStatement,
  eventDaysStatement,
  mergeStatement,
  optimizeStatement,
  refillStatement,
  unmergeStatement,
  vacuumStatement,
} from '../../domain/compaction-statements.ts';
import { expireStatement } from '../../domain/delete-statements.ts';
import type { Turn } from '../../domain/hour-compaction.ts';
import { cutoffsIn } from '../../domain/keeping.ts';
import { logTypeById } from '../../log-types/index.ts';
import type { Clock } from '../../ports/clock.ts';
import type { HourCompaction } from '../../ports/hour-compaction.ts';
import { outcomeOf, startStatement, tokenOf, type AthenaPlace } from './athena.ts';
import { tableOf, writeViewTable, type GluePlace } from './glue.ts';
import { landedHours } from './landed-hours.ts';
import { pendingHours } from './pending-hours.ts';
import { loadState, saveState } from './state-item.ts';

/** The services and the names in them. */
export interface CompactionPlaces {
  readonly dynamodb: DynamoDBClient;
  readonly s3: S3Client;
  readonly athena: AthenaClient;
  readonly glue: GlueClient;
  readonly clock: Clock;
  readonly tableName: string;
  readonly bucket: string;
  readonly database: string;
  readonly workgroup: string;
  readonly by: CompactedBy;
}

/** Opens it. */
export function openHourCompaction(places: CompactionPlaces): HourCompaction {
  const { clock, tableName, bucket, database, workgroup, by } = places;
  const documents = DynamoDBDocumentClient.from(places.dynamodb, { marshallOptions: { removeUndefinedValues: true } });
  const athena: AthenaPlace = { client: places.athena, workgroup, database };
  const glue: GluePlace = { client: places.glue, database };
  return {
    load: (dataset) => loadState(documents, tableName, dataset),
    save: (dataset, version, to) => saveState(documents, tableName, dataset, version, to),
    pendingHours: () => pendingHours({ documents, name: tableName, clock }),
    landedHours: (dataset, after) => landedHours(places.s3, bucket, dataset, after),
    start: async (dataset, turn) =>
      startStatement(athena, await statementOf(dataset, turn, { glue, bucket, by }), tokenOf(database, dataset, turn)),
    outcome: (queryId, turn) => outcomeOf(athena, queryId, turn.kind === 'days'),
    view: async (dataset) => {
      const { view } = compactedTableOf(dataset);
      const standing = await tableOf(glue, view);
      if (!standing) throw new Error(`the database ${database} has no view '${view}': deploy the stack again`);
      const textOf = (hours: ViewedHours): string => viewText(viewOf(compactedTableOf(dataset), database, hours)).original;
      return { version: standing.VersionId ?? '', isFor: (hours) => standing.ViewOriginalText === textOf(hours) };
    },
    writeView: (dataset, hours, version) => writeViewTable(glue, viewOf(compactedTableOf(dataset), database, hours), version),
  };
}

interface TablePlace {
  readonly glue: GluePlace;
  readonly bucket: string;
  readonly by: CompactedBy;
}

/** A table that has every column needs none of its statements: the one that is run then reads nothing. */
async function statementOf(dataset: string, turn: Turn, { glue, bucket, by }: TablePlace): Promise<string> {
  const table = compactedTableOf(dataset);
  switch (turn.kind) {
    case 'merge':
      return mergeStatement(table, turn.hours, turn.slices?.[0]);
    case 'days':
      return eventDaysStatement(table, turn.hours, turn.refills ? 'again' : 'landed');
    case 'erase':
      return eraseStatement(table, turn.rows, await recordTables(dataset, glue));
    case 'unmerge':
      return unmergeStatement(table, turn.hours);
    case 'refill':
      return refillStatement(table, turn.hours, turn.slices?.[0]);
    case 'expire':
      return expireStatement(table, cutoffsIn(turn.cutoffs));
    case 'optimize':
      return optimizeStatement(table);
    case 'vacuum':
      return vacuumStatement(table);
    case 'table': {
      const there = (await tableOf(glue, table.compacted))?.StorageDescriptor?.Columns?.map(({ Name }) => Name);
      const missing = there ? compactedColumns(table).filter(({ name }) => !there.includes(name)) : [];
      return missing.length > 0 ? addColumnsStatement(table, missing) : createStatement(table, `s3://${bucket}/compacted/${dataset}/`, by);
    }
  }
}

/** The tables with the records that a normalized dataset is derived from, landed and compacted, as far as they are there. */
async function recordTables(dataset: string, glue: GluePlace): Promise<string[]> {
  const derived = knownDatasets.find(({ name }) => name === dataset);
  const raw = new Set((derived?.logTypes ?? []).map((id) => logTypeById(id).dataset));
  const tables = [...raw].map(compactedTableOf).flatMap(({ landed, compacted }) => [landed, compacted]);
  const there = await Promise.all(tables.map((name) => tableOf(glue, name)));
  return tables.filter((_, index) => there[index] !== undefined);
}

function viewOf(table: CompactedTable, database: string, hours: ViewedHours): PrestoView {
  return {
    name: table.view,
    database,
    description: table.meaning,
    columns: shownColumns(table),
    select: compactedViewSelect(table, hours),
  };
}
