/** The DynamoDB ledger on a DynamoDB in memory: the contracts, kind and unkind, and what is asked of the table. */

import { describe, expect, test } from '@jest/globals';
import { openLedger } from '../../shared/aws/ledger.ts';
import { openStreamStates } from '../../shared/aws/stream-states.ts';
import { freshState, jobRef } from '../../shared/domain/fetch-job.ts';
import { days, minutes } from '../../shared/domain/window.ts';
import { at, blobs, due, exchange, finish, nothing, pass, signIns, span } from '../contracts/samples.ts';
import { ledgerContract } from '../contracts/ledger-contract.ts';
import { ledgerOperatorContract } from '../contracts/ledger-operator-contract.ts';
import { streamStatesContract } from '../contracts/stream-states-contract.ts';
import { MemoryDynamoDb, type Habits } from '../fakes/memory-dynamodb.ts';
import { leapingClock } from './leaping-clock.ts';

const cursor = { watermarks: [at('06:00')] };

const habits: readonly (Habits & { readonly name: string })[] = [
  { name: 'on a calm day' },
  { name: 'in small pages, with keys left unprocessed', pageItems: 2, batchKeys: 20 },
  { name: 'while transactions conflict and requests are throttled', conflictEvery: 2, throttleEvery: 5 },
];

function open(how: Habits = {}) {
  const dynamodb = new MemoryDynamoDb(how);
  const clock = leapingClock(at('09:00'));
  return { dynamodb, ledger: openLedger(dynamodb.client(), 'ledger', clock), states: openStreamStates(dynamodb.client(), 'ledger', clock) };
}

describe.each(habits)('the ledger in DynamoDB $name', ({ name: _name, ...how }) => {
  ledgerContract(() => Promise.resolve(open(how).ledger));
  ledgerOperatorContract(() => Promise.resolve(open(how).ledger));
  streamStatesContract(() => Promise.resolve(open(how)));
});

describe('times to live', () => {
  test('a claim outlives everything that Microsoft still serves, and goes after 35 days', async () => {
    const { dynamodb, ledger } = open();
    const job = blobs('a', 'b');
    await ledger.createJob(job, due);
    dynamodb.deleteExpired(due + days(34));
    const ids = job.members.map(({ contentId }) => contentId);
    expect((await ledger.claims(exchange, ids, { consistent: true })).size).toBe(2);
    dynamodb.deleteExpired(due + days(36));
    expect((await ledger.claims(exchange, ids, { consistent: true })).size).toBe(0);
  });

  test('a pending job never expires, however long it waits; parked, started or listed', async () => {
    const { dynamodb, ledger } = open();
    const job = blobs('a', 'b');
    await ledger.createJob(job, due);
    await ledger.startJob(jobRef(job));
    await ledger.parkJob(jobRef(job), 1, { dueAt: due + minutes(30), parks: 1, malformed: [0, 0], because: 'throttled' });
    await ledger.commitCursor(signIns, 0, cursor, { jobs: [pass(0, '06:00', '06:05')], gaps: [], dueAt: due });
    dynamodb.deleteExpired(due + days(3_650));
    expect((await ledger.readJob(jobRef(job)))?.state.state).toBe('pending');
    expect((await ledger.readJob(jobRef(pass(0, '06:00', '06:05'))))?.state.state).toBe('pending');
  });

  test('a final job is remembered for 34 days with its members, and both are forgotten after 35', async () => {
    const { dynamodb, ledger } = open();
    const job = blobs('a', 'b');
    await ledger.createJob(job, due);
    await ledger.finishJob(jobRef(job), finish({ finishedAt: due, fates: 'll' }));
    dynamodb.deleteExpired(due + days(34));
    expect((await ledger.readJob(jobRef(job)))?.state.state).toBe('landed');
    dynamodb.deleteExpired(due + days(36));
    expect(dynamodb.all().filter(({ sk }) => sk?.S?.startsWith('job#'))).toEqual([]);
  });

  test('a claim that a rebuild has restored lasts from the end of its job, of as many as one object may hold', async () => {
    const { dynamodb, ledger } = open();
    const ids = Array.from({ length: 230 }, (_, index) => `restored-${String(index)}`);
    const job = blobs('a');
    const state = { ...freshState(0, 1), state: 'landed', finishedAt: due, fates: 'l', rows: 1, bytes: 1 } as const;
    expect(await ledger.restoreJob({ job, state }, { claims: ids, losses: [] })).toBe('restored');
    dynamodb.deleteExpired(due + days(34));
    expect((await ledger.claims(exchange, ids, { consistent: true })).size).toBe(ids.length);
    dynamodb.deleteExpired(due + days(36));
    expect((await ledger.claims(exchange, ids, { consistent: true })).size).toBe(0);
  });

  test.each([
    { what: 'with its members', job: blobs('a', 'b') },
    { what: 'of one member', job: blobs('a') },
  ])('a final job that is opened again $what never expires', async ({ job }) => {
    const { dynamodb, ledger } = open();
    await ledger.createJob(job, due);
    await ledger.finishJob(jobRef(job), finish({ finishedAt: due, fates: 'l'.repeat(job.members.length) }));
    expect(await ledger.reopenJob(jobRef(job), due, job.members, due)).toBe(true);
    dynamodb.deleteExpired(due + days(3_650));
    expect(await ledger.readJob(jobRef(job))).toMatchObject({ job: { members: job.members }, state: { state: 'pending' } });
  });

  test('cursors, losses and gaps never expire', async () => {
    const { dynamodb, ledger } = open();
    const job = blobs('a');
    const { contentId = '' } = job.members[0] ?? {};
    const loss = { stream: exchange, contentId, reason: 'expired' as const, jobId: job.jobId, created: due };
    const gap = { stream: exchange, from: at('01:00'), to: at('02:00'), reason: 'too old' };
    await ledger.createJob(job, due);
    await ledger.finishJob(jobRef(job), finish({ losses: [loss], gaps: [gap], fates: 'e' }));
    await ledger.commitCursor(exchange, 0, cursor, nothing);
    dynamodb.deleteExpired(due + days(3_650));
    expect([(await ledger.losses(exchange)).length, (await ledger.gaps(exchange)).length]).toEqual([1, 1]);
    expect((await ledger.readCursor(exchange))?.version).toBe(1);
  });
});

describe('reads that a decision hangs on are strongly consistent:', () => {
  const job = blobs('a', 'b');
  const ids = job.members.map(({ contentId }) => contentId);
  /** Whether every read that was sent since was consistent; an index cannot be. */
  const areConsistent = async (ask: (ledger: ReturnType<typeof open>['ledger']) => Promise<unknown>): Promise<boolean[]> => {
    const { dynamodb, ledger } = open({ pageItems: 1, batchKeys: 1 });
    await ledger.createJob(job, due);
    await ledger.commitCursor(signIns, 0, cursor, { jobs: [pass(0, '06:00', '06:05'), pass(0, '06:05', '06:10')], gaps: [], dueAt: due });
    const before = dynamodb.sent.length;
    await ask(ledger);
    const reads = dynamodb.sent.slice(before).filter(({ operation }) => ['GetItem', 'Query', 'BatchGetItem'].includes(operation));
    return reads.map(({ input }) => {
      const [batch] = Object.values((input.RequestItems ?? {}) as Record<string, { readonly ConsistentRead?: boolean }>);
      return (batch ?? input).ConsistentRead === true;
    });
  };

  test.each([
    { what: 'the cursor', reads: 1, ask: (ledger) => ledger.readCursor(signIns) },
    {
      what: 'claims, where that is asked for, to the last unprocessed key',
      reads: 2,
      ask: (ledger) => ledger.claims(exchange, ids, { consistent: true }),
    },
    { what: 'a job with its members, on both pages', reads: 2, ask: (ledger) => ledger.readJob(jobRef(job)) },
    {
      what: 'earlier passes of a window, on every page',
      reads: 2,
      ask: (ledger) => ledger.overlappingJobs(signIns, span('06:00', '07:00'), 1),
    },
    { what: 'all jobs of a stream', reads: 2, ask: (ledger) => ledger.jobs(exchange) },
  ] satisfies readonly { what: string; reads: number; ask: (ledger: ReturnType<typeof open>['ledger']) => Promise<unknown> }[])(
    '$what',
    async ({ reads, ask }) => {
      const answers = await areConsistent(ask);
      expect(answers.length).toBeGreaterThanOrEqual(reads);
      expect(answers.filter((isConsistent) => !isConsistent)).toEqual([]);
    },
  );

  test('claims that are only looked up are read eventually, at half the price', async () => {
    expect(await areConsistent((ledger) => ledger.claims(exchange, ids, { consistent: false }))).toEqual([false, false]);
  });
});

describe('a write whose answer was lost, and that the client sends again, is answered as the first one:', () => {
  const job = blobs('a', 'b');
  const window = pass(0, '06:00', '06:05');
  const ref = jobRef(job);
  const made = async () => {
    const opened = open();
    await opened.ledger.createJob(job, due);
    return opened;
  };

  test.each([
    { what: 'a commit', expected: 'committed', write: (ledger) => ledger.commitCursor(exchange, 0, cursor, nothing) },
    {
      what: 'a commit with jobs',
      expected: 'committed',
      write: (ledger) => ledger.commitCursor(signIns, 0, cursor, { jobs: [window], gaps: [], dueAt: due }),
    },
    { what: 'a new job', expected: 'created', write: (ledger) => ledger.createJob(blobs('c'), due) },
    {
      what: 'a park',
      expected: true,
      write: (ledger) => ledger.parkJob(ref, 1, { dueAt: due + 1, parks: 1, malformed: [0, 0], because: 'throttled' }),
    },
    { what: 'a finish', expected: true, write: (ledger) => ledger.finishJob(ref, finish({ fates: 'll' })) },
    {
      what: 'a finish with a gap',
      expected: true,
      write: (ledger) =>
        ledger.finishJob(ref, finish({ fates: 'll', gaps: [{ stream: exchange, from: at('01:00'), to: at('02:00'), reason: 'too old' }] })),
    },
  ] satisfies readonly { what: string; expected: unknown; write: (ledger: ReturnType<typeof open>['ledger']) => Promise<unknown> }[])(
    '$what',
    async ({ expected, write }) => {
      const { dynamodb, ledger } = await made();
      dynamodb.loseNextAnswer();
      expect(await write(ledger)).toBe(expected);
    },
  );
});

test('a job is made under a token of its own: the same for the same job and time, so that whoever repeats it is answered as before', async () => {
  const { dynamodb, ledger } = open();
  const answers = [
    await ledger.createJob(blobs('a'), due),
    await ledger.createJob(blobs('a'), due),
    await ledger.createJob(blobs('a'), due + 1),
  ];
  expect(answers).toEqual(['created', 'created', 'cancelled']);
  const tokens = dynamodb.sent.map(({ input }) => input.ClientRequestToken);
  expect(tokens[1]).toBe(tokens[0]);
  expect(tokens[2]).not.toBe(tokens[0]);
});
