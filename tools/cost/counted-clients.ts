/** Clients of the emulator that note every call, in the units that AWS charges. */

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { Emulator } from '../aws-emulator.ts';
import type { Usage } from './usage.ts';

/** One client a service, all of one emulator. */
export interface CountedClients {
  readonly dynamodb: DynamoDBClient;
  readonly s3: S3Client;
  readonly sqs: SQSClient;
  readonly ssm: SSMClient;
}

/** Where calls are noted; what is in it changes from one measurement to the next. */
export interface Tally {
  usage: Usage;
  /** All calls, of every service. */
  calls: number;
}

/** Clients of the emulator. @param tally Undefined for the measurement's own clients, which cost nothing. */
export function clientsOf({ endpoint }: Pick<Emulator, 'endpoint'>, tally?: Tally): CountedClients {
  const place = { endpoint, region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
  const clients = {
    dynamodb: new DynamoDBClient(place),
    s3: new S3Client({ ...place, forcePathStyle: true }),
    sqs: new SQSClient({ ...place, useQueueUrlAsEndpoint: false }),
    ssm: new SSMClient(place),
  };
  if (!tally) return clients;
  watch(clients.dynamodb, tally, noteDynamoDb);
  watch(clients.s3, tally, noteS3);
  watch(clients.sqs, tally, noteSqs);
  watch(clients.ssm, tally, noteSsm);
  return clients;
}

type Fields = Record<string, unknown>;
type Note = (usage: Usage, command: string, input: Fields, output: Fields) => void;

interface Watched {
  readonly middlewareStack: {
    add(
      middleware: (
        next: (args: { input: object }) => Promise<{ output: object }>,
        context: { commandName?: string },
      ) => (args: { input: object }) => Promise<{ output: object }>,
      how: { readonly step: 'build'; readonly name: string },
    ): void;
  };
}

/** What the emulator refuses (a key that is taken or free, a condition that does not hold) is paid like what it grants. */
function watch(client: unknown, tally: Tally, note: Note): void {
  (client as Watched).middlewareStack.add(
    (next, { commandName = '' }) =>
      async (args) => {
        const command = commandName.replace(/Command$/, '');
        tally.calls += 1;
        if (/^(Update|Put|TransactWrite)Items?$/.test(command)) Object.assign(args.input, { ReturnConsumedCapacity: 'INDEXES' });
        try {
          const result = await next(args);
          note(tally.usage, command, args.input as Fields, result.output as Fields);
          return result;
        } catch (error) {
          note(tally.usage, command, args.input as Fields, {});
          throw error;
        }
      },
    { step: 'build', name: 'cost' },
  );
}

interface Consumed {
  readonly CapacityUnits?: number;
}

/** Writes as the emulator counts them, those of the index and of transactions included; reads by the size of what is read. */
function noteDynamoDb(usage: Usage, command: string, input: Fields, output: Fields): void {
  if (command === 'TransactWriteItems') {
    const consumed = (output.ConsumedCapacity as Consumed[] | undefined) ?? [];
    const least = 2 * (input.TransactItems as unknown[]).length;
    usage.add('dynamodbWrite', Math.max(least, sum(consumed.map(({ CapacityUnits = 0 }) => CapacityUnits))));
  } else if (command === 'UpdateItem' || command === 'PutItem') {
    usage.add('dynamodbWrite', Math.max(1, (output.ConsumedCapacity as Consumed | undefined)?.CapacityUnits ?? 0));
  } else if (command === 'BatchWriteItem') {
    const puts = Object.values(input.RequestItems as Record<string, readonly { readonly PutRequest?: { readonly Item: Fields } }[]>).flat();
    usage.add('dynamodbWrite', sum(puts.map(({ PutRequest }) => Math.ceil(itemBytes(PutRequest?.Item ?? {}) / 1_024))));
  } else if (command === 'BatchGetItem') {
    for (const { Keys, ConsistentRead } of Object.values(
      input.RequestItems as Record<string, { Keys: unknown[]; ConsistentRead?: boolean }>,
    ))
      usage.add('dynamodbRead', Keys.length * (ConsistentRead ? 1 : 0.5));
  } else {
    const items = [...((output.Items as Fields[] | undefined) ?? []), ...(output.Item ? [output.Item as Fields] : [])];
    const units = Math.max(1, Math.ceil(sum(items.map(itemBytes)) / 4_096));
    usage.add('dynamodbRead', units * (input.ConsistentRead ? 1 : 0.5));
  }
}

/** About: the JSON of an item is a little longer than what DynamoDB counts; bytes are counted as they are. */
function itemBytes(item: Fields): number {
  const isBytes = (value: unknown): value is Uint8Array => value instanceof Uint8Array;
  const texts = Object.fromEntries(Object.entries(item).filter(([, value]) => !isBytes(value)));
  const bytes = Object.values(item).filter(isBytes);
  return JSON.stringify(marshall(texts, { removeUndefinedValues: true })).length + sum(bytes.map(({ length }) => length));
}

function noteS3(usage: Usage, command: string): void {
  usage.add(command === 'PutObject' ? 's3Put' : command.startsWith('ListObjects') ? 's3List' : 's3Get', 1);
}

function noteSqs(usage: Usage, _command: string, { QueueUrl, Entries }: Fields): void {
  const isFifo = String(QueueUrl).endsWith('.fifo');
  usage.add(isFifo ? 'sqsFifo' : 'sqsStandard', 1);
  if (!isFifo && Entries !== undefined) usage.add('sqsFair', 1);
}

function noteSsm(usage: Usage, command: string, { WithDecryption }: Fields): void {
  usage.add('ssmRequest', 1);
  if (command === 'GetParameter' && WithDecryption === true) usage.add('kmsRequest', 1);
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
