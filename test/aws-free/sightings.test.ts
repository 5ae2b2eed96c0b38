/** What stateful rules remember, on a DynamoDB in memory with the habits of the real one. */

import { describe, expect, test } from '@jest/globals';
import { openLedger } from '../../shared/aws/ledger.ts';
import { openOutbox } from '../../shared/aws/outbox.ts';
import { openSightings } from '../../shared/aws/sightings.ts';
import { days } from '../../shared/domain/window.ts';
import { outboxContract } from '../contracts/outbox-contract.ts';
import { at } from '../contracts/samples.ts';
import { sightingsContract } from '../contracts/sightings-contract.ts';
import { MemoryDynamoDb, type Habits } from '../fakes/memory-dynamodb.ts';
import { leapingClock } from './leaping-clock.ts';

const habits: readonly (Habits & { readonly name: string })[] = [
  { name: 'on a calm day' },
  { name: 'in small pages, with keys left unprocessed', pageItems: 2, batchKeys: 20 },
  { name: 'while transactions conflict and requests are throttled', conflictEvery: 2, throttleEvery: 5 },
];

describe.each(habits)('in DynamoDB $name', ({ name: _name, ...how }) => {
  describe('sightings', () => {
    sightingsContract(() => {
      const sightings = openSightings(new MemoryDynamoDb(how).client(), 'sightings', leapingClock(at('09:00')));
      return Promise.resolve({ sightings });
    });
  });

  describe('the outbox', () => {
    outboxContract(() => {
      const [client, clock] = [new MemoryDynamoDb(how).client(), leapingClock(at('09:00'))];
      return Promise.resolve({ ledger: openLedger(client, 'ledger', clock), outbox: openOutbox(client, 'ledger', clock) });
    });
  });
});

describe('an item of sightings', () => {
  const group = { rule: 'spray@1', tenantId: 'contoso', group: 'x'.repeat(5_000) };

  test('goes when nobody needs it any more, and not before', async () => {
    const dynamodb = new MemoryDynamoDb();
    const sightings = openSightings(dynamodb.client(), 'sightings', leapingClock(at('09:00')));
    const keepUntil = at('09:00') + days(9);
    await sightings.put('one', [{ ...group, keepUntil, hits: [{ time: at('09:00'), record: 'a', part: 0 }] }]);
    await sightings.remember([{ ...group, keepUntil, days: [3] }]);
    await sightings.noteKnown(['f'], keepUntil);
    dynamodb.deleteExpired(keepUntil - 1_000);
    expect(dynamodb.all()).toHaveLength(3);
    dynamodb.deleteExpired(keepUntil);
    expect(dynamodb.all()).toEqual([]);
  });

  test('has a key within the limits of DynamoDB, however long a text of a record is', async () => {
    const dynamodb = new MemoryDynamoDb();
    const sightings = openSightings(dynamodb.client(), 'sightings', leapingClock(at('09:00')));
    await sightings.put('one', [{ ...group, keepUntil: 0, hits: [{ time: at('09:00'), record: 'a', part: 0 }] }]);
    expect(dynamodb.all().map(({ pk }) => String(pk?.S).length)).toEqual([45]);
  });
});
