/** Compaction's state of a dataset in the ledger's table: one item, replaced as a whole under its version. */

import { GetCommand, PutCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import type { CompactionState, StateChange } from '../../domain/hour-compaction.ts';
import type { Key } from '../ledger-items.ts';

const keyPrefix = 'compaction#';
/** No stream's key begins like this: they begin with a cloud. */
const stateKey = (dataset: string): Key => ({ pk: `${keyPrefix}${dataset}`, sk: 'state' });

/** Whether an item with this partition key is such a state: it says nothing of what was listed or claimed. */
export const isOfCompaction = (pk: string): boolean => pk.startsWith(keyPrefix);

interface StateItem extends Key {
  readonly version: number;
  readonly state: StateChange;
}

/** Consistent; a dataset that was never compacted has version 0. */
export async function loadState(documents: DynamoDBDocumentClient, table: string, dataset: string): Promise<CompactionState> {
  const { Item } = await documents.send(new GetCommand({ TableName: table, Key: stateKey(dataset), ConsistentRead: true }));
  const item = Item as StateItem | undefined;
  return item ? { ...item.state, version: item.version } : { version: 0, open: [], failures: 0 };
}

/**
 * Replaces the state, if its version is still the one given.
 *
 * A write that was applied and whose answer was lost is refused when the client sends it again: the caller counts as overtaken, and reads
 * its own state.
 */
export async function saveState(
  documents: DynamoDBDocumentClient,
  table: string,
  dataset: string,
  version: number,
  to: StateChange,
): Promise<CompactionState | undefined> {
  const item: StateItem = { ...stateKey(dataset), version: version + 1, state: to };
  try {
    await documents.send(
      new PutCommand({
        TableName: table,
        Item: item,
        ConditionExpression: version === 0 ? 'attribute_not_exists(pk)' : 'version = :version',
        ...(version > 0 && { ExpressionAttributeValues: { ':version': version } }),
      }),
    );
    return { ...to, version: version + 1 };
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return undefined;
    throw error;
  }
}
