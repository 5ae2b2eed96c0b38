/** What stateful rules remember in a deployment: a table of its own, whose items go when nobody needs them. It is a cache of the lake. */

import { createHash } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { BatchWriteCommand, DynamoDBDocumentClient, type BatchWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import pMap from 'p-map';
import type { Hit } from '../detections/evaluate/hit.ts';
import { packedGroups, packedHits, unpackedGroups, unpackedHits, type GroupsHits } from '../detections/evaluate/packed-hits.ts';
import { gridFloor, hours, type Instant } from '../domain/window.ts';
import type { Clock } from '../ports/clock.ts';
import { hoursOfRules, timelinesOf, type HourOfRule, type SpanOfRule } from '../ports/hours-together.ts';
import type { DayRange, GroupRef, SightedDays, SightedGroup, Sightings, TimelineRange } from '../ports/sightings.ts';
import { backOff, maxAttempts } from './backoff.ts';
import type { Item } from './ledger-items.ts';
import { queryItems, readItems, type Table } from './table.ts';

/** DynamoDB writes no more items at once without a transaction; none is needed, for every item stands for itself. */
const itemsAtOnce = 25;
const requestsAtOnce = 8;

/**
 * Every write is whole and says the same when it is repeated, so none has a condition. Reads are consistent: of two workers that put and
 * then read, the later one sees both.
 */
export function openSightings(client: DynamoDBClient, tableName: string, clock: Clock): Sightings {
  const documents = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  const table: Table = { documents, name: tableName, clock };
  return {
    put: (object, groups) =>
      writeAll(table, [
        ...groups.filter(({ isTogether }) => !isTogether).flatMap((group) => hitItems(object, group)),
        ...hoursOfRules(groups.filter(({ isTogether }) => isTogether)).flatMap((hour) => hourItems(object, hour)),
      ]),
    timelines: (ranges) =>
      timelinesOf(ranges, {
        together: (span) => hoursTogether(table, span),
        apart: (those) => pMap(those, (range) => timeline(table, range), { concurrency: requestsAtOnce }),
      }),
    remember: (entities) => writeAll(table, entities.flatMap(dayItems)),
    days: (ranges) => pMap(ranges, (range) => daysOf(table, range), { concurrency: requestsAtOnce }),
    known: async (findingIds) => {
      const items = await readItems(table, findingIds.map(knownKey), { consistent: true, attributes: [] });
      return new Set(items.map(({ pk }) => pk.slice(knownPrefix.length)));
    },
    noteKnown: (findingIds, keepUntil) =>
      writeAll(
        table,
        findingIds.map((id) => ({ ...knownKey(id), ttl: toSeconds(keepUntil) })),
      ),
  };
}

const toSeconds = (instant: Instant): number => Math.ceil(instant / 1_000);

/** Groups are texts of records, of any length: a key has their hash. */
function partitionOf(kind: 'hits' | 'days', { rule, tenantId, group }: GroupRef): string {
  return `${kind}#${createHash('sha256')
    .update(JSON.stringify([rule, tenantId, group]))
    .digest('hex')
    .slice(0, 40)}`;
}

/** Sorts by the hour that the hits are of. */
const hourKey = (time: Instant): string => String(gridFloor(time, hours(1)) / hours(1)).padStart(8, '0');

/** One item an hour, so that a range is one query: `<hour>#<object>`. */
function hitItems(object: string, group: SightedGroup): Item[] {
  const byHour = Map.groupBy(group.hits, ({ time }) => hourKey(time));
  return [...byHour].map(([hour, hits]) => ({
    ...{ pk: partitionOf('hits', group), sk: `${hour}#${object}`, hits: packedHits(hits), ttl: toSeconds(group.keepUntil) },
  }));
}

/** A partition for all groups of a rule. */
const partitionOfRule = ({ rule, tenantId }: Pick<GroupRef, 'rule' | 'tenantId'>): string =>
  `hours#${createHash('sha256')
    .update(JSON.stringify([rule, tenantId]))
    .digest('hex')
    .slice(0, 40)}`;

/** Before it is packed, which never makes it larger by much; an item may have 400 KB. */
const mostCharacters = 120_000;

/** Mostly one item: `<hour>#<object>#<number>`. A group whose hits fill one by themselves has one for each part of them. */
function hourItems(object: string, hour: HourOfRule): Item[] {
  const parts = [new Map<string, readonly Hit[]>()];
  let characters = 0;
  for (const [group, hits] of [...hour.groups].flatMap(([name, all]) => slicesOf(name, all))) {
    const size = packedGroups(new Map([[group, hits]])).length;
    if (characters > 0 && characters + size > mostCharacters) {
      parts.push(new Map<string, readonly Hit[]>());
      characters = 0;
    }
    characters += size;
    const part = parts.at(-1) ?? new Map<string, readonly Hit[]>();
    part.set(group, [...(part.get(group) ?? []), ...hits]);
  }
  return parts.map((groups, number) => ({
    pk: partitionOfRule(hour),
    sk: `${hourKey(hour.hour)}#${object}#${String(number)}`,
    groups: deflateRawSync(packedGroups(groups)),
    ttl: toSeconds(hour.keepUntil),
  }));
}

/** A hit has a value of a record's, which may be long. */
const hitsAtOnce = 20;

function slicesOf(group: string, hits: readonly Hit[]): (readonly [string, readonly Hit[]])[] {
  const slices: (readonly [string, readonly Hit[]])[] = [];
  for (let from = 0; from < hits.length; from += hitsAtOnce) slices.push([group, hits.slice(from, from + hitsAtOnce)]);
  return slices;
}

async function hoursTogether(table: Table, span: SpanOfRule): Promise<readonly GroupsHits[]> {
  const items = await queryItems(table, {
    KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
    ExpressionAttributeValues: { ':pk': partitionOfRule(span), ':from': hourKey(span.from), ':to': hourKey(span.to) },
    ConsistentRead: true,
  });
  return items.map(({ groups }) => unpackedGroups(inflateRawSync(groups as Uint8Array).toString()));
}

async function timeline(table: Table, range: TimelineRange) {
  const items = await queryItems(table, {
    KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
    ExpressionAttributeValues: { ':pk': partitionOf('hits', range), ':from': hourKey(range.from), ':to': `${hourKey(range.to)}#~` },
    ConsistentRead: true,
  });
  return items.flatMap(({ hits }) => unpackedHits(hits as string));
}

const dayKey = (day: number): string => String(day).padStart(8, '0');

function dayItems(entity: SightedDays): Item[] {
  return [...new Set(entity.days)].map((day) => ({ pk: partitionOf('days', entity), sk: dayKey(day), ttl: toSeconds(entity.keepUntil) }));
}

async function daysOf(table: Table, range: DayRange): Promise<readonly number[]> {
  if (range.from > range.to) return [];
  const items = await queryItems(table, {
    KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
    ExpressionAttributeValues: { ':pk': partitionOf('days', range), ':from': dayKey(Math.max(0, range.from)), ':to': dayKey(range.to) },
    ConsistentRead: true,
  });
  return items.map(({ sk }) => Number(sk));
}

const knownPrefix = 'known#';
const knownKey = (findingId: string) => ({ pk: `${knownPrefix}${findingId}`, sk: 'finding' });

/** Items of one key are one: the last of them counts. */
async function writeAll(table: Table, items: readonly Item[]): Promise<void> {
  const distinct = [...new Map(items.map((item) => [`${item.pk} ${item.sk}`, item])).values()];
  const batches: Item[][] = [];
  for (let from = 0; from < distinct.length; from += itemsAtOnce) batches.push(distinct.slice(from, from + itemsAtOnce));
  await pMap(batches, (batch) => writeBatch(table, batch), { concurrency: requestsAtOnce });
}

async function writeBatch({ documents, name, clock }: Table, batch: readonly Item[]): Promise<void> {
  let left: NonNullable<BatchWriteCommandInput['RequestItems']>[string] = batch.map((Item) => ({ PutRequest: { Item } }));
  for (let attempt = 0; left.length > 0; attempt += 1) {
    if (attempt > 0) await backOff(clock, attempt, JSON.stringify(batch[0]?.pk));
    if (attempt === maxAttempts)
      throw new Error(`${String(left.length)} of ${String(batch.length)} items of ${name} stay unwritten: DynamoDB is throttling`);
    const answer = await documents.send(new BatchWriteCommand({ RequestItems: { [name]: left } }));
    left = answer.UnprocessedItems?.[name] ?? [];
  }
}
