import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { BatchWriteCommand, DeleteCommand, DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { streamKey } from '../domain/stream.ts';
import { logTypes } from '../log-types/index.ts';
import type { Clock } from '../ports/clock.ts';
import { backOff, maxAttempts } from './backoff.ts';
import { tenantKey, type Key, type TenantItem } from './ledger-items.ts';
import { queryItems, queryPrefix, type Table } from './table.ts';

/** DynamoDB deletes no more items at once. */
const deletesAtOnce = 25;

/**
 * Forgets what the ledger's table knows of a tenant, rows of losses and gaps only where that is asked for, cursors last: a deletion that is cut off can be done again.
 *
 * @param others Names of tenants that stay. @throws When one of them is the same tenant at Microsoft.
 * @returns How many items are gone.
 */
export async function forgetTenantInTable(
  client: DynamoDBClient,
  tableName: string,
  clock: Clock,
  name: string,
  others: readonly string[],
  losses: 'keep' | 'forget',
): Promise<number> {
  const table: Table = { documents: DynamoDBDocumentClient.from(client), name: tableName, clock };
  const id = await idOf(table, name);
  // Without an id the item may still say why no token came.
  if (id === undefined) return forgetName(table, name);
  for (const other of others) {
    if ((await idOf(table, other)) === id)
      throw new Error(`the state of '${name}' is that of '${other}' as well, for both are one tenant at Microsoft: it was not forgotten`);
  }
  let gone = 0;
  for (const { id: logType, clouds } of logTypes) {
    for (const cloud of clouds) gone += await forgetStream(table, streamKey({ cloud, tenantId: id, logType }), losses);
  }
  return gone + (await forgetName(table, name));
}

/** The tenant's own item is none of its state: it is not counted. */
async function forgetName({ documents, name: TableName }: Table, name: string): Promise<0> {
  await documents.send(new DeleteCommand({ TableName, Key: tenantKey(name) }));
  return 0;
}

async function idOf({ documents, name: TableName }: Table, tenantName: string): Promise<string | undefined> {
  const { Item } = await documents.send(new GetCommand({ TableName, Key: tenantKey(tenantName), ConsistentRead: true }));
  return (Item as TenantItem | undefined)?.tenantId;
}

/** What the ledger's table knows of a tenant that its objects are found by; undefined for a tenant that it does not know. */
export async function tenantInTable(
  client: DynamoDBClient,
  tableName: string,
  clock: Clock,
  name: string,
  others: readonly string[],
): Promise<{ readonly tenantId: string; readonly claims: ReadonlySet<string>; readonly sameAs: string | undefined } | undefined> {
  const table: Table = { documents: DynamoDBDocumentClient.from(client), name: tableName, clock };
  const tenantId = await idOf(table, name);
  if (tenantId === undefined) return undefined;
  const ids = await Promise.all(others.map(async (other) => ({ other, id: await idOf(table, other) })));
  const claims = new Set<string>();
  for (const { id: logType, clouds } of logTypes)
    for (const cloud of clouds)
      for (const prefix of ['claim#', 'loss#'])
        for (const { sk } of await queryPrefix(table, streamKey({ cloud, tenantId, logType }), prefix)) claims.add(sk.slice(prefix.length));
  return { tenantId, claims, sameAs: ids.find(({ id }) => id === tenantId)?.other };
}

async function forgetStream(table: Table, pk: string, losses: 'keep' | 'forget'): Promise<number> {
  const query = { KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': pk }, ProjectionExpression: 'pk, sk' };
  const all = (await queryItems(table, query)).map(({ sk }) => ({ pk, sk }));
  const keys = losses === 'forget' ? all : all.filter(({ sk }) => !/^(?:loss|gap)#/.test(sk));
  const [cursors, others] = [keys.filter(({ sk }) => sk === 'cursor'), keys.filter(({ sk }) => sk !== 'cursor')];
  for (const some of [others, cursors]) {
    for (let from = 0; from < some.length; from += deletesAtOnce) await deleteItems(table, some.slice(from, from + deletesAtOnce));
  }
  return keys.length;
}

async function deleteItems({ documents, name, clock }: Table, keys: readonly Key[]): Promise<void> {
  let left: readonly Key[] = keys;
  for (let attempt = 0; left.length > 0; attempt += 1) {
    if (attempt > 0) await backOff(clock, attempt, JSON.stringify(left[0]));
    if (attempt === maxAttempts)
      throw new Error(`${String(left.length)} items of ${name} could not be deleted: DynamoDB is throttling; run the command again`);
    const requests = left.map((Key) => ({ DeleteRequest: { Key } }));
    const { UnprocessedItems } = await documents.send(new BatchWriteCommand({ RequestItems: { [name]: requests } }));
    left = (UnprocessedItems?.[name] ?? []).flatMap(({ DeleteRequest }) => (DeleteRequest ? [DeleteRequest.Key as Key] : []));
  }
}
