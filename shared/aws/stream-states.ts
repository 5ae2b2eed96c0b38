import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import pMap from 'p-map';
import type { JobRecord } from '../domain/fetch-job.ts';
import { streamKey, type Stream } from '../domain/stream.ts';
import { gridFloor, hours, type Instant } from '../domain/window.ts';
import { expiryOf } from '../log-types/expiry.ts';
import type { Clock } from '../ports/clock.ts';
import type { Cursor } from '../ports/ledger.ts';
import type { PendingStream, StreamState, StreamStates } from '../ports/stream-states.ts';
import {
  cursorKey,
  gapFromItem,
  jobFromItem,
  landedFromItem,
  landedPrefix,
  landedSortKey,
  lossFromItem,
  streamFromKey,
  tenantKey,
  type CursorItem,
  type Item,
  type Key,
  type TenantItem,
} from './ledger-items.ts';
import { dueShards, ledgerTable } from './ledger-table.ts';
import { queryItems, queryPrefix, readItems, type Table } from './table.ts';
import { stuckOf } from '../domain/stuck.ts';

/** Pending jobs of one stream whose members are read; of more, the first expiry is that of as many as were due longest. */
const maxPendingRead = 1_000;

/**
 * The states of the streams in the ledger's table: a query of the due index for all of them, and of each stream what is there about
 * hours, losses and gaps. Jobs are read where they are pending only; no item is scanned for.
 */
export function openStreamStates(client: DynamoDBClient, tableName: string, clock: Clock): StreamStates {
  const documents = DynamoDBDocumentClient.from(client);
  const table: Table = { documents, name: tableName, clock };
  return {
    tenantId: async (tenantName) => {
      const { Item } = await documents.send(new GetCommand({ TableName: tableName, Key: tenantKey(tenantName) }));
      return (Item as TenantItem | undefined)?.tenantId;
    },
    tokenFailure: async (tenantName) => {
      const { Item } = await documents.send(new GetCommand({ TableName: tableName, Key: tenantKey(tenantName) }));
      return (Item as TenantItem | undefined)?.tokenFailure;
    },
    read: async (streams, since) => {
      const pending = await pendingKeys(table);
      return pMap(streams, (stream) => stateOf(table, stream, pending.get(streamKey(stream)) ?? [], since), { concurrency: 8 });
    },
    pendingStreams: () => pendingStreams(table),
  };
}

/** Of each stream one job is read, for the name of its tenant; a stream whose job landed meanwhile is left out. */
async function pendingStreams(table: Table): Promise<readonly PendingStream[]> {
  const pending = [...(await pendingKeys(table))].sort(([a], [b]) => (a < b ? -1 : 1));
  const firsts = pending.flatMap(([pk, keys]) => (keys[0] ? [{ pk, sk: keys[0].sk }] : []));
  const items = await readItems(table, firsts, { consistent: false, attributes: ['tenant'] });
  const names = new Map(items.map(({ pk, tenant }) => [pk, tenant]));
  return pending.flatMap(([pk, keys]) => {
    const tenantName = names.get(pk);
    return typeof tenantName === 'string' ? [{ stream: streamFromKey(pk), tenantName, jobs: keys.length }] : [];
  });
}

/** The keys of every pending job, by stream, in each the longest due first. */
async function pendingKeys(table: Table): Promise<ReadonlyMap<string, readonly Key[]>> {
  const { name, partitionKey } = ledgerTable.dueIndex;
  const query = (shard: string) => ({
    IndexName: name,
    KeyConditionExpression: `${partitionKey} = :shard`,
    ExpressionAttributeValues: { ':shard': shard },
  });
  const shards = await Promise.all(dueShards.map((shard) => queryItems(table, query(shard))));
  const due = shards.flat().sort((a, b) => (a.dueAt as number) - (b.dueAt as number));
  return Map.groupBy(due, ({ pk }) => pk);
}

async function stateOf(table: Table, stream: Stream, pendingOfStream: readonly Key[], since: Instant): Promise<StreamState> {
  const pk = streamKey(stream);
  const [cursor, pending, landed, losses, gaps] = await Promise.all([
    readCursor(table, stream),
    readPending(table, pendingOfStream.slice(0, maxPendingRead)),
    queryItems(table, {
      KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
      ExpressionAttributeValues: { ':pk': pk, ':from': landedSortKey(gridFloor(since, hours(1))), ':to': `${landedPrefix}~` },
    }),
    queryPrefix(table, pk, 'loss#'),
    queryPrefix(table, pk, 'gap#'),
  ]);
  const parked = pending.flatMap(({ state }) => (state.parks > 0 ? [state.dueAt ?? 0] : []));
  const expiries = pending.flatMap(({ job }) => expiryOf(job) ?? []);
  return {
    stream,
    ...(cursor && { cursor }),
    // What has become final since the index was read is not among those that were.
    pending: pendingOfStream.length > maxPendingRead ? pendingOfStream.length : pending.length,
    ...(parked.length > 0 && { parkedUntil: Math.min(...parked) }),
    ...stuckOf(pending),
    ...(expiries.length > 0 && { nextExpiry: Math.min(...expiries) }),
    landed: landed.map(landedFromItem),
    losses: losses.map(lossFromItem).sort((a, b) => a.created - b.created || (a.contentId < b.contentId ? -1 : 1)),
    gaps: gaps.map(gapFromItem),
  };
}

async function readCursor({ documents, name }: Table, stream: Stream): Promise<Cursor | undefined> {
  const { Item } = await documents.send(new GetCommand({ TableName: name, Key: cursorKey(stream) }));
  const { version, body, meanBlobBytes } = (Item ?? {}) as CursorItem;
  return version === undefined || !body ? undefined : { ...body, version, ...(meanBlobBytes !== undefined && { meanBlobBytes }) };
}

/** A job without its members is one that landed between two reads. */
async function readPending(table: Table, jobs: readonly Key[]): Promise<JobRecord[]> {
  const keys = jobs.flatMap(({ pk, sk }) => [{ pk, sk }, ...(isWindow(sk) ? [] : [{ pk, sk: `${sk}#members` }])]);
  const items = await readItems(table, keys, { consistent: false, attributes: pendingAttributes });
  const bySortKey = new Map(items.map((item) => [item.sk, item]));
  return items.flatMap((item) => pendingJob(item, bySortKey.get(`${item.sk}#members`)) ?? []);
}

const pendingAttributes = ['tenant', 'hour', 'state', 'dueAt', 'starts', 'parks', 'malformed', 'because', 'version', 'members'];

function pendingJob(item: Item, beside: Item | undefined): JobRecord | undefined {
  const isWhole = isWindow(item.sk) || item.members !== undefined || beside !== undefined;
  return item.state === 'pending' && isWhole ? jobFromItem(item, beside) : undefined;
}

/** `job#<start>#<pass>#<end>`; of content it is `job#<id>`. */
function isWindow(sortKey: string): boolean {
  return sortKey.split('#').length === 4;
}
