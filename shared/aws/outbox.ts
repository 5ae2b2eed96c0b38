/** The outbox of findings, in the ledger's table: the write that makes a job final puts them there. */

import { ConditionalCheckFailedException, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import pMap from 'p-map';
import { freshPace, type Pace } from '../domain/notice-pace.ts';
import type { Instant } from '../domain/window.ts';
import type { Clock } from '../ports/clock.ts';
import type { Deliveries, Notice, NoticeProgress, Outbox } from '../ports/ledger.ts';
import { expiryOf, noticeFromItem, noticeItem, noticeKey, noticeShard, paceKey } from './ledger-items.ts';
import { ledgerTable } from './ledger-table.ts';
import { LedgerWrites } from './ledger-writes.ts';
import { queryItems, readItems, type Table } from './table.ts';

/** What stands in a notice besides its key. */
const attributes = ['finding', 'at', 'deliveries', 'dueAt'];
const writesAtOnce = 8;

/** @param tableName The ledger's. Its due index has what is not settled, in a partition of its own. */
export function openOutbox(client: DynamoDBClient, tableName: string, clock: Clock): Outbox {
  const documents = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  const table: Table = { documents, name: tableName, clock };
  const write = new LedgerWrites(table);
  return {
    unsent: (limit, dueBy) => unsent(table, limit, dueBy),
    add: async (notices) => {
      await pMap(notices, (notice) => addOnce(table, notice), { concurrency: writesAtOnce });
    },
    noteDeliveries: async (progress, at) => {
      await pMap(progress, (one) => note(write, one, at), { concurrency: writesAtOnce });
    },
    pace: async (channel) => {
      const { Item } = await documents.send(new GetCommand({ TableName: tableName, Key: paceKey(channel), ConsistentRead: true }));
      return (Item?.pace as Pace | undefined) ?? freshPace;
    },
    notePace: async (channel, pace) => {
      await documents.send(new PutCommand({ TableName: tableName, Item: { ...paceKey(channel), pace, ttl: expiryOf(clock.now()) } }));
    },
  };
}

/** Takes findings out of the outbox, sent or not: of somebody who is erased. */
export async function forgetNotices(client: DynamoDBClient, tableName: string, findingIds: readonly string[]): Promise<void> {
  const documents = DynamoDBDocumentClient.from(client);
  const forget = (id: string) => documents.send(new DeleteCommand({ TableName: tableName, Key: noticeKey(id) }));
  await pMap(findingIds, forget, { concurrency: writesAtOnce });
}

/** One that is there already stays as it is. */
async function addOnce({ documents, name }: Table, notice: Notice): Promise<void> {
  try {
    await documents.send(new PutCommand({ TableName: name, Item: noticeItem(notice), ConditionExpression: 'attribute_not_exists(pk)' }));
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
}

async function unsent(table: Table, limit: number, dueBy: Instant): Promise<readonly Notice[]> {
  const { name, partitionKey, sortKey } = ledgerTable.dueIndex;
  const query = {
    IndexName: name,
    KeyConditionExpression: `${partitionKey} = :shard AND ${sortKey} <= :dueBy`,
    // Infinity is no number to DynamoDB.
    ExpressionAttributeValues: { ':shard': noticeShard, ':dueBy': Math.min(dueBy, Number.MAX_SAFE_INTEGER) },
  };
  const keys = (await queryItems(table, query, limit)).map(({ pk, sk }) => ({ pk, sk }));
  const items = await readItems(table, keys, { consistent: true, attributes });
  // What was settled, or put off, since the index was read.
  const due = items.filter((item) => typeof item.dueAt === 'number' && item.dueAt <= dueBy);
  return due.map(noticeFromItem).sort((a, b) => a.at - b.at || (a.findingId < b.findingId ? -1 : 1));
}

/** False for one that is settled, or unknown: it stays as it is. */
function note(write: LedgerWrites, { findingId, deliveries, dueAt }: NoticeProgress, at: Instant): Promise<boolean> {
  const settled = { set: { deliveries, outbox: 'settled', settledAt: at }, remove: ['dueAt', 'dueShard'] };
  const change = dueAt === undefined ? settled : { set: { deliveries, dueAt } };
  return write.update(noticeKey(findingId), change, { equal: { outbox: 'open' } }, (item) => isOurs(item, deliveries, dueAt));
}

/** Our own write, whose answer was lost. */
const isOurs = (item: Readonly<Record<string, unknown>>, deliveries: Deliveries, dueAt: Instant | undefined): boolean =>
  item.dueAt === dueAt && JSON.stringify(item.deliveries) === JSON.stringify(deliveries);
