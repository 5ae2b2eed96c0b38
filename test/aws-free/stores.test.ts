import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ConditionalCheckFailedException, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3ServiceException, type S3Client } from '@aws-sdk/client-s3';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { marshall } from '@aws-sdk/util-dynamodb';
import { openJobs } from '../../shared/aws/jobs.ts';
import { openLake } from '../../shared/aws/lake.ts';
import { openLedger } from '../../shared/aws/ledger.ts';
import { packMembers, unpackMembers } from '../../shared/aws/members.ts';
import { landingKey } from '../../shared/domain/landing-key.ts';
import { jobRef } from '../../shared/domain/fetch-job.ts';
import { at, blobs, due, exchange, member } from '../contracts/samples.ts';
import { FakeLog } from '../fakes/fake-log.ts';
import { fakeClient } from './fake-client.ts';
import { leapingClock } from './leaping-clock.ts';

const clock = () => leapingClock(at('09:00'));
const queues = { enterprise: 'https://sqs.example/content', global: 'https://sqs.example/windows.fifo' };

describe('sending', () => {
  const jobs = ['a', 'b', 'c'].map((name) => ({ ref: jobRef(blobs(name)), dueAt: due }));

  test('of a batch of which one failed, only that one is sent again', async () => {
    const { client, sent } = fakeClient<SQSClient>({ Failed: [{ Id: '1', Code: 'InternalError', SenderFault: false }] }, {});
    await openJobs(client, queues, clock(), new FakeLog()).send(jobs);
    expect(sent.map(({ Entries }) => (Entries as { Id: string }[]).map(({ Id }) => Id))).toEqual([['0', '1', '2'], ['1']]);
  });

  test('what is our own fault is thrown at once', async () => {
    const { client, sent } = fakeClient<SQSClient>({ Failed: [{ Id: '1', Code: 'InvalidMessageContents', SenderFault: true }] });
    await expect(openJobs(client, queues, clock(), new FakeLog()).send(jobs)).rejects.toThrow('InvalidMessageContents');
    expect(sent).toHaveLength(1);
  });

  test('of a cloud that was taken out of the deployment stays pending in the ledger, is named, and keeps no other waiting', async () => {
    const { client, sent } = fakeClient<SQSClient>({});
    const log = new FakeLog();
    const { global: _graph, ...left } = queues;
    const window = { ref: { ...jobRef(blobs('w')), stream: { ...jobRef(blobs('w')).stream, cloud: 'global' as const } }, dueAt: due };
    await openJobs(client, left, clock(), log).send([window, ...jobs]);
    expect(sent.map(({ QueueUrl, Entries }) => [QueueUrl, (Entries as unknown[]).length])).toEqual([[queues.enterprise, 3]]);
    expect(log.of('error')).toMatchObject([{ message: 'jobs have no queue', fields: { cloud: 'global', count: 1 } }]);
  });

  test('a message of more than 4 KB is a bug, and is not sent', async () => {
    const { client, sent } = fakeClient<SQSClient>({});
    const ref = { ...jobRef(blobs('a')), tenantName: 'x'.repeat(5_000) };
    await expect(openJobs(client, queues, clock(), new FakeLog()).send([{ ref, dueAt: due }])).rejects.toThrow('4096');
    expect(sent).toEqual([]);
  });
});

describe('putting', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lake-'));
    await writeFile(join(folder, 'file'), 'x');
  });
  afterAll(() => rm(folder, { recursive: true }));

  const refusal = (status: number): Error =>
    new S3ServiceException({ name: 'Refused', $fault: 'client', message: String(status), $metadata: { httpStatusCode: status } });
  const put = (...answers: unknown[]) => {
    const { client, sent } = fakeClient<S3Client>(...answers);
    const key = landingKey('msft_o365_exchange_online_raw', blobs('a'));
    return { done: openLake(client, 'lake', clock()).putOnce(key, join(folder, 'file'), {}), sent };
  };

  test('409 means that another write is under way: the PUT is repeated until one of them is done', async () => {
    const { done, sent } = put(refusal(409), refusal(409), refusal(412));
    expect(await done).toBe('taken');
    expect(sent.map(({ IfNoneMatch }) => IfNoneMatch)).toEqual(['*', '*', '*']);
  });

  test.each([403, 500, 503])('%i is neither put nor taken', async (status) => {
    await expect(put(refusal(status)).done).rejects.toThrow(String(status));
  });
});

describe('members', () => {
  test('90 of them are packed well, and come back as they were, odd addresses included', () => {
    const odd = { ...member('odd'), contentUri: 'https://manage.office.com/api/v1.0/elsewhere' };
    const members = [...Array.from({ length: 89 }, (_, index) => member(`9e1f4c27a8d24b${String(index)}`)), odd];
    const packed = packMembers(exchange, members);
    expect(unpackMembers(exchange, packed)).toEqual(members);
    expect(packed.byteLength).toBeLessThan(4_096);
  });
});

describe('a write whose answer was lost', () => {
  const conditionFailed = (item: Record<string, unknown>): Error =>
    new ConditionalCheckFailedException({ message: 'no', $metadata: {}, Item: marshall(item, { removeUndefinedValues: true }) });

  test.each([
    {
      name: 'is ours when what is there is what we wrote',
      found: { version: 2, dueAt: due, parks: 1, starts: 0, malformed: [1], because: 'HTTP 503', state: 'pending' },
      isOurs: true,
    },
    {
      name: 'is not when somebody else parked',
      found: { version: 2, dueAt: due + 1, parks: 1, starts: 0, malformed: [1], because: 'HTTP 503', state: 'pending' },
      isOurs: false,
    },
    { name: 'is not when the job is final', found: { version: 1, state: 'landed' }, isOurs: false },
  ])('$name', async ({ found, isOurs }) => {
    const client = new DynamoDBClient({ region: 'us-east-1', credentials: { accessKeyId: 'x', secretAccessKey: 'x' } });
    client.middlewareStack.add(() => () => Promise.reject(conditionFailed(found)), { step: 'initialize', name: 'answer' });
    const ledger = openLedger(client, 'ledger', clock());
    expect(await ledger.parkJob(jobRef(blobs('a')), 1, { dueAt: due, parks: 1, malformed: [1], because: 'HTTP 503' })).toBe(isOurs);
  });
});
