/** Glue's tables, as a template has them, in the file metastore of Trino's Hive connector: the very columns, properties and view texts. */

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** `TableInput` of AWS::Glue::Table, as far as the stack writes it. */
export interface TableInput {
  readonly Name: string;
  readonly TableType: 'EXTERNAL_TABLE' | 'VIRTUAL_VIEW';
  readonly Parameters: Readonly<Record<string, string>>;
  readonly PartitionKeys?: readonly GlueColumn[];
  readonly StorageDescriptor: { readonly Location?: string; readonly Columns: readonly GlueColumn[] };
  readonly ViewOriginalText?: string;
  readonly ViewExpandedText?: string;
}
interface GlueColumn {
  readonly Name: string;
  readonly Type: string;
  readonly Comment?: string;
}

/** Only places change: a bucket's objects are the folder's files. */
export async function writeMetastore(
  folder: string,
  database: string,
  tables: readonly TableInput[],
  toLocal: (place: string) => string,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeJson(join(folder, `.${database}.trinoSchema`), { writerVersion: '476', parameters: {}, ownerName: 'lake', ownerType: 'USER' });
  for (const table of tables) {
    await mkdir(join(folder, database, table.Name), { recursive: true });
    await writeJson(
      join(folder, database, table.Name, '.trinoSchema'),
      table.TableType === 'VIRTUAL_VIEW' ? view(table) : rawTable(table, toLocal),
    );
  }
}

const writeJson = (file: string, value: unknown): Promise<void> => writeFile(file, JSON.stringify(value, undefined, 2));

const column = ({ Name, Type, Comment }: GlueColumn): unknown => ({ name: Name, type: Type, comment: Comment, properties: {} });

function rawTable(table: TableInput, toLocal: (place: string) => string): unknown {
  const parameters = Object.entries(table.Parameters).map(([name, value]) => [name, toLocal(value)]);
  return {
    writerVersion: '476',
    owner: 'lake',
    tableType: table.TableType,
    dataColumns: table.StorageDescriptor.Columns.map(column),
    partitionColumns: (table.PartitionKeys ?? []).map(column),
    parameters: Object.fromEntries(parameters) as Record<string, string>,
    storageFormat: 'PARQUET',
    serdeParameters: {},
    externalLocation: toLocal(table.StorageDescriptor.Location ?? ''),
    columnStatistics: {},
  };
}

function view(table: TableInput): unknown {
  return {
    writerVersion: '476',
    owner: 'lake',
    tableType: table.TableType,
    dataColumns: table.StorageDescriptor.Columns.map(column),
    partitionColumns: [],
    parameters: table.Parameters,
    originalStorageFormat: {},
    serdeParameters: {},
    viewOriginalText: table.ViewOriginalText,
    viewExpandedText: table.ViewExpandedText,
    columnStatistics: {},
  };
}
