/** Tables, queues and buckets on the emulator, made as the stack makes them. */

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll } from '@jest/globals';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';
import { ledgerTable } from '../../shared/aws/ledger-table.ts';
import { startEmulator, type Emulator, type EmulatorOptions } from '../../tools/aws-emulator.ts';

export interface AwsClients {
  readonly dynamodb: DynamoDBClient;
  readonly sqs: SQSClient;
  readonly s3: S3Client;
  readonly ssm: SSMClient;
}

interface Emulated {
  readonly clients: () => AwsClients;
  readonly emulator: () => Emulator;
  /** S3 by a client of its own, which whoever asks may change and destroys. */
  readonly anotherS3: () => S3Client;
}

/**
 * An emulator for the tests of one file, and clients of it. With AWS_EMULATOR_ENDPOINT in the environment the contracts are asked of
 * whoever answers there instead: a second opinion.
 */
export function emulated(options: EmulatorOptions = {}): Emulated {
  let emulator: Emulator | undefined;
  let clients: AwsClients | undefined;
  let endpoint = '';
  const { AWS_EMULATOR_ENDPOINT: other } = process.env;
  beforeAll(async () => {
    if (other === undefined) emulator = await startEmulator(options);
    endpoint = other ?? emulator?.endpoint ?? '';
    clients = clientsOf(endpoint);
  }, 180_000);
  afterAll(async () => {
    for (const client of Object.values(clients ?? {}) as { destroy(): void }[]) client.destroy();
    await emulator?.stop();
  });
  const there = <T>(value: T | undefined): T => {
    if (value === undefined) throw new Error('the emulator is there during tests only');
    return value;
  };
  return { clients: () => there(clients), emulator: () => there(emulator), anotherS3: () => s3Of(endpoint) };
}

const placeOf = (endpoint: string) => ({ endpoint, region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } });

const s3Of = (endpoint: string): S3Client => new S3Client({ ...placeOf(endpoint), forcePathStyle: true });

function clientsOf(endpoint: string): AwsClients {
  const place = placeOf(endpoint);
  return {
    dynamodb: new DynamoDBClient(place),
    sqs: new SQSClient({ ...place, useQueueUrlAsEndpoint: false }),
    s3: s3Of(endpoint),
    ssm: new SSMClient(place),
  };
}

export async function makeTable(client: DynamoDBClient): Promise<string> {
  const { partitionKey, sortKey, dueIndex } = ledgerTable;
  const TableName = `ledger-${randomUUID()}`;
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [
        { AttributeName: partitionKey, AttributeType: 'S' },
        { AttributeName: sortKey, AttributeType: 'S' },
        { AttributeName: dueIndex.partitionKey, AttributeType: 'S' },
        { AttributeName: dueIndex.sortKey, AttributeType: 'N' },
      ],
      KeySchema: [
        { AttributeName: partitionKey, KeyType: 'HASH' },
        { AttributeName: sortKey, KeyType: 'RANGE' },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: dueIndex.name,
          KeySchema: [
            { AttributeName: dueIndex.partitionKey, KeyType: 'HASH' },
            { AttributeName: dueIndex.sortKey, KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'KEYS_ONLY' },
        },
      ],
    }),
  );
  return TableName;
}

export async function makeQueue(client: SQSClient, kind: 'standard' | 'fifo', attributes: Record<string, string> = {}): Promise<string> {
  const QueueName = `jobs-${randomUUID()}${kind === 'fifo' ? '.fifo' : ''}`;
  const Attributes = { ...attributes, ...(kind === 'fifo' && { FifoQueue: 'true' }) };
  const { QueueUrl } = await client.send(new CreateQueueCommand({ QueueName, Attributes }));
  if (QueueUrl === undefined) throw new Error(`queue ${QueueName} was made without a URL`);
  return QueueUrl;
}

export async function makeBucket(client: S3Client): Promise<string> {
  const Bucket = `lake-${randomUUID()}`;
  await client.send(new CreateBucketCommand({ Bucket }));
  return Bucket;
}
