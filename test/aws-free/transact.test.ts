import { expect, test } from '@jest/globals';
import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { transact, type Action } from '../../shared/aws/transact.ts';
import { at } from '../contracts/samples.ts';
import { fakeClient } from './fake-client.ts';
import { leapingClock } from './leaping-clock.ts';

const cancelled = (...codes: string[]): Error =>
  new TransactionCanceledException({ message: 'cancelled', $metadata: {}, CancellationReasons: codes.map((Code) => ({ Code })) });

const action = (name: string, when: Action['when']): Action => ({ when, write: { Delete: { TableName: 'ledger', Key: { pk: name } } } });

function run(answers: readonly unknown[], actions: readonly Action[], token?: string) {
  const { client, sent } = fakeClient<DynamoDBDocumentClient>(...answers);
  const clock = leapingClock(at('09:00'));
  const done = transact({ documents: client, name: 'ledger', clock }, actions, token);
  return { done, sent, clock };
}

const keysOf = (input: Readonly<Record<string, unknown>> | undefined): string[] =>
  (input?.TransactItems as { Delete: { Key: { pk: string } } }[]).map((item) => item.Delete.Key.pk);

test.each([
  { name: 'conflict', code: 'TransactionConflict' },
  { name: 'throttling', code: 'ThrottlingError' },
  { name: 'too much for its partition', code: 'ProvisionedThroughputExceeded' },
])('a $name is no answer: it is tried again after a while, with the same token', async ({ code }) => {
  const { done, sent, clock } = run([cancelled('None', code), {}], [action('a', 'must'), action('b', 'must')], 'token');
  expect(await done).toBe('written');
  expect(sent.map((input) => input.ClientRequestToken)).toEqual(['token', 'token']);
  expect(clock.now()).toBeGreaterThan(at('09:00'));
});

test('a condition that must hold and does not is the answer, whatever else was in the way', async () => {
  const { done, sent } = run([cancelled('ConditionalCheckFailed', 'TransactionConflict')], [action('a', 'must'), action('b', 'must')]);
  expect(await done).toBe('cancelled');
  expect(sent).toHaveLength(1);
});

test('what is there already is left out, and all else is written, under another token', async () => {
  const { done, sent } = run(
    [cancelled('None', 'ConditionalCheckFailed', 'None'), {}],
    [action('a', 'must'), action('b', 'if absent'), action('c', 'if absent')],
    'token',
  );
  expect(await done).toBe('written');
  expect(sent.map(keysOf)).toEqual([
    ['a', 'b', 'c'],
    ['a', 'c'],
  ]);
  expect(sent[1]).not.toHaveProperty('ClientRequestToken');
});

test('a conflict that never ends is thrown in the end', async () => {
  const { done, sent } = run([cancelled('TransactionConflict')], [action('a', 'must')]);
  await expect(done).rejects.toThrow('cancelled');
  expect(sent.length).toBeGreaterThan(5);
});

test('any other reason is thrown at once', async () => {
  await expect(run([cancelled('ValidationError')], [action('a', 'must')]).done).rejects.toThrow('cancelled');
});

test('101 actions are refused before they are sent', async () => {
  const { done, sent } = run(
    [{}],
    Array.from({ length: 101 }, (_, index) => action(String(index), 'must')),
  );
  await expect(done).rejects.toThrow('101 actions');
  expect(sent).toEqual([]);
});
