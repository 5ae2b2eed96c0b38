/** DynamoDB in memory, spoken to over the client's own wire format, with the habits of the real one that are rarely met. */

import { Readable } from 'node:stream';
import { isDeepStrictEqual } from 'node:util';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ledgerTable } from '../../shared/aws/ledger-table.ts';
import { changed, holds, keyCondition, projected, sortValue, type Attributes, type Expressions } from './dynamodb-expressions.ts';

/** What the service does although nothing is wrong. */
export interface Habits {
  /** Items in one page of a query; a page of the real one holds a megabyte. */
  readonly pageItems?: number;
  /** Keys that a batch answers; the others are unprocessed. */
  readonly batchKeys?: number;
  /** Every so many-th transaction is cancelled first: by a conflict, then by throttling, in turn. */
  readonly conflictEvery?: number;
  /** Every so many-th request is throttled first. */
  readonly throttleEvery?: number;
}

/** One request, as it was sent. */
export interface SentRequest {
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
}

interface Input extends Expressions {
  readonly Key: Attributes;
  readonly Item: Attributes;
  readonly ReturnValues?: string;
  readonly ReturnValuesOnConditionCheckFailure?: string;
  readonly IndexName?: string;
  readonly Limit?: number;
  readonly ExclusiveStartKey?: Attributes;
  readonly ClientRequestToken?: string;
  readonly TransactItems: readonly { readonly Put?: Input; readonly Update?: Input; readonly Delete?: Input }[];
  readonly RequestItems: Readonly<Record<string, unknown>>;
}

const writes = ['UpdateItem', 'PutItem', 'DeleteItem', 'TransactWriteItems'];

/** One table, which has the ledger's keys and index whatever it is called. */
export class MemoryDynamoDb {
  readonly sent: SentRequest[] = [];
  private readonly items = new Map<string, Attributes>();
  private readonly tokens = new Map<string, Input['TransactItems']>();
  private readonly counts = new Map<keyof Habits, number>();
  private readonly habits: Habits;
  private isNextLost = false;

  constructor(habits: Habits = {}) {
    this.habits = habits;
  }

  /** A client of this table that retries at once. */
  client(): DynamoDBClient {
    return new DynamoDBClient({
      region: 'us-east-1',
      endpoint: 'http://dynamodb.invalid',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      retryStrategy: {
        mode: 'standard',
        acquireInitialRetryToken: () => Promise.resolve(retryToken(0)),
        refreshRetryTokenForRetry: (token, { errorType }) =>
          errorType === 'CLIENT_ERROR' || token.getRetryCount() >= 4
            ? Promise.reject(new Error('no retry'))
            : Promise.resolve(retryToken(token.getRetryCount() + 1)),
        recordSuccess: () => undefined,
      },
      requestHandler: { handle: (request: unknown) => Promise.resolve(this.handle(request as WireRequest)) },
    });
  }

  /** The answer of the next write is lost, after it was applied; the client sends it again. */
  loseNextAnswer(): void {
    this.isNextLost = true;
  }

  /** All items of which the time to live is over are deleted, as DynamoDB does within some days. */
  deleteExpired(nowMs: number): void {
    const { ttlAttribute } = ledgerTable;
    for (const [key, item] of this.items) {
      const ttl = item[ttlAttribute]?.N;
      if (ttl !== undefined && Number(ttl) * 1_000 <= nowMs) this.items.delete(key);
    }
  }

  /** Every item, in no order. */
  all(): readonly Attributes[] {
    return [...this.items.values()];
  }

  private handle({ headers, body }: WireRequest): { readonly response: object } {
    const operation = String(headers['x-amz-target']).split('.')[1] ?? '';
    const input = JSON.parse(new TextDecoder().decode(body as Uint8Array)) as Input;
    this.sent.push({ operation, input: input as unknown as SentRequest['input'] });
    if (this.isTurn('throttleEvery')) return reply(400, { __type: `${namespace}ProvisionedThroughputExceededException` });
    const answer = this.answer(operation, input);
    if (this.isNextLost && writes.includes(operation) && !('__type' in answer)) {
      this.isNextLost = false;
      return reply(500, { __type: 'InternalServerError' });
    }
    return reply('__type' in answer ? 400 : 200, answer);
  }

  private isTurn(habit: keyof Habits): boolean {
    const every = this.habits[habit];
    if (every === undefined) return false;
    const count = (this.counts.get(habit) ?? 0) + 1;
    this.counts.set(habit, count);
    return count % every === 0;
  }

  private answer(operation: string, input: Input): object {
    switch (operation) {
      case 'GetItem':
        return this.get(input.Key, input);
      case 'BatchGetItem':
        return this.batchGet(input);
      case 'BatchWriteItem':
        return this.batchWrite(input);
      case 'Query':
        return this.query(input);
      case 'Scan':
        return { Items: this.all().slice(0, input.Limit) };
      case 'UpdateItem':
        return this.single(input, (item) => changed({ ...item, ...input.Key }, input));
      case 'PutItem': {
        const { pk, sk } = input.Item;
        return this.single({ ...input, Key: { pk, sk } as Attributes }, () => input.Item);
      }
      case 'DeleteItem':
        return this.single(input, () => undefined);
      case 'TransactWriteItems':
        return this.transact(input);
      default:
        throw new Error(`the DynamoDB in memory knows no ${operation}`);
    }
  }

  private get(key: Attributes, input: Expressions): object {
    const item = this.items.get(idOf(key));
    return item ? { Item: projected(item, input) } : {};
  }

  private batchGet({ RequestItems }: Input): object {
    const [[table, { Keys, ...how }] = ['', { Keys: [] as Attributes[] }]] = Object.entries(
      RequestItems as Record<string, { Keys: Attributes[] } & Expressions>,
    );
    if (Keys.length > 100) return invalid('Too many items requested for the BatchGetItem call');
    if (new Set(Keys.map(idOf)).size < Keys.length) return invalid('Provided list of item keys contains duplicates');
    const answered = Keys.slice(0, this.habits.batchKeys);
    const left = Keys.slice(answered.length);
    const found = answered.map((key) => this.items.get(idOf(key))).filter((item) => item !== undefined);
    return {
      Responses: { [table]: found.map((item) => projected(item, how)) },
      UnprocessedKeys: left.length > 0 ? { [table]: { ...how, Keys: left } } : {},
    };
  }

  private batchWrite({ RequestItems }: Input): object {
    const [[table, requests] = ['', []]] = Object.entries(RequestItems as Record<string, BatchWrite[]>);
    if (requests.length > 25) return invalid('Too many items requested for the BatchWriteItem call');
    const done = requests.slice(0, this.habits.batchKeys);
    for (const { DeleteRequest, PutRequest } of done) {
      if (DeleteRequest) this.items.delete(idOf(DeleteRequest.Key));
      else if (PutRequest) this.items.set(idOf(PutRequest.Item), PutRequest.Item);
    }
    const left = requests.slice(done.length);
    return { UnprocessedItems: left.length > 0 ? { [table]: left } : {} };
  }

  private query(input: Input): object {
    const { dueIndex, partitionKey, sortKey } = ledgerTable;
    const keys: readonly string[] = input.IndexName === undefined ? [partitionKey, sortKey] : [dueIndex.partitionKey, dueIndex.sortKey];
    const [hash = '', range = ''] = keys;
    const matching = [...this.items.values()]
      .filter((item) => item[hash] && item[range] && keyCondition(item, input))
      .sort((a, b) => compare(sortValue(a[range]), sortValue(b[range])) || compare(idOf(a), idOf(b)));
    const start = input.ExclusiveStartKey;
    const from = start ? matching.findIndex((item) => idOf(item) === idOf(start)) + 1 : 0;
    const size = Math.min(input.Limit ?? Infinity, this.habits.pageItems ?? Infinity);
    const page = matching.slice(from, from + size);
    const last = page.at(-1);
    const keyNames: readonly string[] = [partitionKey, sortKey, ...keys];
    const keysOnly = (item: Attributes): Attributes => Object.fromEntries(Object.entries(item).filter(([name]) => keyNames.includes(name)));
    return {
      Items: page.map((item) => (input.IndexName === undefined ? projected(item, input) : keysOnly(item))),
      ...(last && from + size < matching.length && { LastEvaluatedKey: keysOnly(last) }),
    };
  }

  private single(input: Input, next: (item: Attributes | undefined) => Attributes | undefined): object {
    const id = idOf(input.Key);
    const item = this.items.get(id);
    if (!holds(item, input)) {
      const shown = input.ReturnValuesOnConditionCheckFailure === 'ALL_OLD' && item ? { Item: item } : {};
      return { __type: `${namespace}ConditionalCheckFailedException`, message: 'The conditional request failed', ...shown };
    }
    this.put(id, next(item));
    return input.ReturnValues === 'UPDATED_NEW' ? { Attributes: this.items.get(id) } : {};
  }

  private transact({ TransactItems, ClientRequestToken: token }: Input): object {
    if (TransactItems.length > 100) return invalid('Member must have length less than or equal to 100');
    const known = token === undefined ? undefined : this.tokens.get(token);
    if (known) return isDeepStrictEqual(known, TransactItems) ? {} : { __type: `${namespace}IdempotentParameterMismatchException` };
    const targets = TransactItems.map(({ Put, Update, Delete }) => {
      const write = Put ?? Update ?? Delete;
      if (!write) throw new Error('a transaction with neither Put, Update nor Delete');
      return {
        write,
        id: idOf(Put ? Put.Item : write.Key),
        next: (item: Attributes | undefined) => (Put ? Put.Item : Update ? changed({ ...item, ...Update.Key }, Update) : undefined),
      };
    });
    if (new Set(targets.map(({ id }) => id)).size < targets.length)
      return invalid('Transaction request cannot include multiple operations on one item');
    const codes: string[] = targets.map(({ id, write }) => (holds(this.items.get(id), write) ? 'None' : 'ConditionalCheckFailed'));
    if (this.isTurn('conflictEvery'))
      codes[0] = (this.counts.get('conflictEvery') ?? 0) % 2 === 0 ? 'TransactionConflict' : 'ThrottlingError';
    if (codes.some((code) => code !== 'None'))
      return { __type: `${namespace}TransactionCanceledException`, CancellationReasons: codes.map((Code) => ({ Code })) };
    for (const { id, next } of targets) this.put(id, next(this.items.get(id)));
    if (token !== undefined) this.tokens.set(token, TransactItems);
    return {};
  }

  private put(id: string, item: Attributes | undefined): void {
    if (item) this.items.set(id, item);
    else this.items.delete(id);
  }
}

interface WireRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

const namespace = 'com.amazonaws.dynamodb.v20120810#';
const invalid = (message: string): object => ({ __type: 'com.amazon.coral.validate#ValidationException', message });
interface BatchWrite {
  readonly DeleteRequest?: { readonly Key: Attributes };
  readonly PutRequest?: { readonly Item: Attributes };
}

const idOf = ({ pk, sk }: Attributes): string => `${String(pk?.S)}\n${String(sk?.S)}`;
const compare = (a: string | number, b: string | number): number => (a < b ? -1 : a > b ? 1 : 0);
const retryToken = (count: number) => ({ getRetryCount: () => count, getRetryDelay: () => 0 });

function reply(statusCode: number, body: object): { readonly response: object } {
  const headers = { 'content-type': 'application/x-amz-json-1.0' };
  return { response: { statusCode, headers, body: Readable.from([Buffer.from(JSON.stringify(body))]) } };
}
