/** Reading from the ledger's table, whole: pages and what was left unread are followed to the end. */

import { BatchGetCommand, QueryCommand, type DynamoDBDocumentClient, type QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import pMap from 'p-map';
import type { Clock } from '../ports/clock.ts';
import { backOff, maxAttempts } from './backoff.ts';
import type { Item, Key } from './ledger-items.ts';

/** A table, and what asking it takes. */
export interface Table {
  readonly documents: DynamoDBDocumentClient;
  readonly name: string;
  readonly clock: Clock;
}

/** DynamoDB reads no more keys at once. */
const keysAtOnce = 100;

/** The items at these keys, in no order; keys without an item are left out. @param keys Each once. */
export async function readItems(
  table: Table,
  keys: readonly Key[],
  read: { readonly consistent: boolean; readonly attributes: readonly string[] },
): Promise<Item[]> {
  const chunks: Key[][] = [];
  for (let from = 0; from < keys.length; from += keysAtOnce) chunks.push(keys.slice(from, from + keysAtOnce));
  return (await pMap(chunks, (chunk) => readChunk(table, chunk, read), { concurrency: 4 })).flat();
}

async function readChunk(
  { documents, name, clock }: Table,
  keys: readonly Key[],
  { consistent, attributes }: { readonly consistent: boolean; readonly attributes: readonly string[] },
): Promise<Item[]> {
  const names = Object.fromEntries(['pk', 'sk', ...attributes].map((attribute) => [`#${attribute}`, attribute]));
  const how = { ConsistentRead: consistent, ProjectionExpression: Object.keys(names).join(', '), ExpressionAttributeNames: names };
  const items: Item[] = [];
  let unread: Record<string, unknown>[] = keys.map((key) => ({ ...key }));
  for (let attempt = 0; unread.length > 0; attempt += 1) {
    if (attempt > 0) await backOff(clock, attempt, JSON.stringify(unread[0]));
    if (attempt === maxAttempts)
      throw new Error(`${String(unread.length)} of ${String(keys.length)} keys of ${name} stay unread: DynamoDB is throttling`);
    const answer = await documents.send(new BatchGetCommand({ RequestItems: { [name]: { Keys: unread, ...how } } }));
    items.push(...((answer.Responses?.[name] ?? []) as Item[]));
    unread = answer.UnprocessedKeys?.[name]?.Keys ?? [];
  }
  return items;
}

/** A query without its table; pages are followed by {@link queryItems}. */
export type Query = Omit<QueryCommandInput, 'TableName' | 'ExclusiveStartKey'>;

/** Every item of a query, or as many as `limit`, page by page. */
export async function queryItems({ documents, name }: Table, query: Query, limit = Infinity): Promise<Item[]> {
  const items: Item[] = [];
  let from: QueryCommandInput['ExclusiveStartKey'];
  do {
    const rest = limit - items.length;
    const paged = { ...query, ...(from && { ExclusiveStartKey: from }), ...(rest < Infinity && { Limit: rest }) };
    const page = await documents.send(new QueryCommand({ TableName: name, ...paged }));
    items.push(...((page.Items ?? []) as Item[]));
    from = page.LastEvaluatedKey;
  } while (from && items.length < limit);
  return items;
}

/** The items of one stream whose sort keys begin alike, in their order; consistent. */
export function queryPrefix(table: Table, pk: string, prefix: string): Promise<Item[]> {
  return queryItems(table, {
    KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
    ExpressionAttributeValues: { ':pk': pk, ':prefix': prefix },
    ConsistentRead: true,
  });
}
