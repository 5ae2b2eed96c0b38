/** Tables and views in Glue's catalog, as compaction reads and writes them. */

import {
  ConcurrentModificationException,
  EntityNotFoundException,
  GetTableCommand,
  UpdateTableCommand,
  type GlueClient,
  type Table,
} from '@aws-sdk/client-glue';
import { glueColumn, viewParameters, viewText, type PrestoView } from '../../datasets/presto-view.ts';

/** Where tables are. */
export interface GluePlace {
  readonly client: GlueClient;
  readonly database: string;
}

/** Undefined where there is none. */
export async function tableOf({ client, database }: GluePlace, name: string): Promise<Table | undefined> {
  try {
    return (await client.send(new GetTableCommand({ DatabaseName: database, Name: name }))).Table;
  } catch (error) {
    if (error instanceof EntityNotFoundException) return undefined;
    throw error;
  }
}

/**
 * Writes a view, if its table's version is still the one given.
 *
 * @see https://docs.aws.amazon.com/glue/latest/webapi/API_UpdateTable.html Glue compares VersionId; Iceberg's commits rest on it as well.
 */
export async function writeViewTable({ client, database }: GluePlace, view: PrestoView, version: string): Promise<boolean> {
  const { original, expanded } = viewText(view);
  const columns = view.columns.map(glueColumn).map(({ name, type, comment }) => ({ Name: name, Type: type, Comment: comment }));
  const table = {
    Name: view.name,
    Description: view.description,
    TableType: 'VIRTUAL_VIEW',
    Parameters: viewParameters,
    ViewOriginalText: original,
    ViewExpandedText: expanded,
    PartitionKeys: [],
    StorageDescriptor: { Columns: columns, Location: '', SerdeInfo: {} },
  };
  try {
    await client.send(new UpdateTableCommand({ DatabaseName: database, TableInput: table, VersionId: version, SkipArchive: true }));
    return true;
  } catch (error) {
    if (error instanceof ConcurrentModificationException) return false;
    throw error;
  }
}
