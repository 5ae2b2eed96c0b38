import { describe, expect, test } from '@jest/globals';
import { InvalidRequestException, TooManyRequestsException, type AthenaClient } from '@aws-sdk/client-athena';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { ConcurrentModificationException, EntityNotFoundException, type GlueClient } from '@aws-sdk/client-glue';
import type { S3Client } from '@aws-sdk/client-s3';
import { makeCompactHandler } from '../../lambdas/compact/handler.ts';
import { outcomeOf, startStatement, tokenOf } from '../../shared/aws/compaction/athena.ts';
import { tableOf, writeViewTable } from '../../shared/aws/compaction/glue.ts';
import { landedHours } from '../../shared/aws/compaction/landed-hours.ts';
import { loadState, saveState } from '../../shared/aws/compaction/state-item.ts';
import { compactedTables } from '../../shared/datasets/compacted-tables.ts';
import type { CompactionState, StateChange, Turn } from '../../shared/domain/hour-compaction.ts';
import type { Cutoffs } from '../../shared/domain/keeping.ts';
import { hours, minutes } from '../../shared/domain/window.ts';
import type { HourCompaction } from '../../shared/ports/hour-compaction.ts';
import { at } from '../contracts/samples.ts';
import { FakeLog } from '../fakes/fake-log.ts';
import { VirtualClock } from '../fakes/virtual-clock.ts';
import { fakeClient } from './fake-client.ts';

const refused = { message: 'no', $metadata: {} };
const athenaOf = (client: AthenaClient) => ({ client, workgroup: 'compaction', database: 'lake' });
const turn: Turn = { kind: 'merge', hours: { from: '2026-11-22T09', to: '2026-11-22T09' }, claim: 7 };

describe('the state of a dataset', () => {
  test('is read consistently, and is empty before the first write', async () => {
    const { client, sent } = fakeClient<DynamoDBDocumentClient>({});
    expect(await loadState(client, 'ledger', 'things')).toEqual({ version: 0, open: [], failures: 0 });
    expect(sent).toMatchObject([{ ConsistentRead: true, Key: { pk: 'compaction#things', sk: 'state' } }]);
  });

  test.each([
    { version: 0, condition: 'attribute_not_exists(pk)' },
    { version: 3, condition: 'version = :version' },
  ])('is replaced under its version $version', async ({ version, condition }) => {
    const { client, sent } = fakeClient<DynamoDBDocumentClient>({});
    expect(await saveState(client, 'ledger', 'things', version, { open: ['2026-11-22T09'], failures: 0 })).toMatchObject({
      version: version + 1,
    });
    expect(sent).toMatchObject([{ ConditionExpression: condition, Item: { version: version + 1, state: { open: ['2026-11-22T09'] } } }]);
  });

  test('that was overtaken stays as it is', async () => {
    const { client } = fakeClient<DynamoDBDocumentClient>(new ConditionalCheckFailedException(refused));
    expect(await saveState(client, 'ledger', 'things', 3, { open: [], failures: 0 })).toBeUndefined();
  });
});

describe('a statement on Athena', () => {
  test('has the same token for the same claim, whether its query is known or not, and another for any other', () => {
    const token = tokenOf('lake', 'things', turn);
    expect(token).toMatch(/^[0-9a-f]{64}$/);
    expect(tokenOf('lake', 'things', { ...turn, queryId: 'q' })).toBe(token);
    expect(new Set([token, tokenOf('lake', 'things', { ...turn, claim: 8 }), tokenOf('lake', 'others', turn)]).size).toBe(3);
  });

  test('is started in the workgroup and database of compaction', async () => {
    const { client, sent } = fakeClient<AthenaClient>({ QueryExecutionId: 'q' });
    expect(await startStatement(athenaOf(client), 'MERGE', 'token')).toEqual({ kind: 'started', queryId: 'q' });
    expect(sent).toMatchObject([{ WorkGroup: 'compaction', ClientRequestToken: 'token', QueryExecutionContext: { Database: 'lake' } }]);
  });

  test('whose token was used for another text is refused; one that is throttled is left to the next run', async () => {
    const invalid = fakeClient<AthenaClient>(new InvalidRequestException(refused));
    expect(await startStatement(athenaOf(invalid.client), 'MERGE', 'token')).toEqual({ kind: 'refused', because: 'no' });
    const throttled = fakeClient<AthenaClient>(new TooManyRequestsException(refused));
    await expect(startStatement(athenaOf(throttled.client), 'MERGE', 'token')).rejects.toThrow('no');
  });

  test.each([
    { status: { State: 'QUEUED' }, outcome: 'running' },
    { status: { State: 'RUNNING' }, outcome: 'running' },
    { status: { State: 'SUCCEEDED' }, outcome: { kind: 'succeeded' } },
    {
      status: { State: 'FAILED', StateChangeReason: 'ICEBERG_COMMIT_ERROR' },
      outcome: { kind: 'failed', because: 'ICEBERG_COMMIT_ERROR' },
    },
    { status: { State: 'CANCELLED' }, outcome: { kind: 'failed', because: 'Athena gives no reason' } },
  ] as const)('$status.State is $outcome', async ({ status, outcome }) => {
    const { client } = fakeClient<AthenaClient>({ QueryExecution: { Status: status } });
    expect(await outcomeOf(athenaOf(client), 'q', false)).toEqual(outcome);
  });

  test('that reads gives every page of its first column, without the heading', async () => {
    const page = (...values: string[]) => ({ ResultSet: { Rows: values.map((value) => ({ Data: [{ VarCharValue: value }] })) } });
    const { client } = fakeClient<AthenaClient>(
      { QueryExecution: { Status: { State: 'SUCCEEDED' } } },
      { ...page('event_day', '2026-11-20'), NextToken: 'more' },
      page('2026-11-21'),
    );
    expect(await outcomeOf(athenaOf(client), 'q', true)).toEqual({ kind: 'succeeded', days: ['2026-11-20', '2026-11-21'] });
  });
});

describe('a view in Glue', () => {
  const view = { name: 'things', database: 'lake', description: 'things', columns: [], select: 'SELECT 1' };

  test('is written under the version that was read, and archives nothing', async () => {
    const { client, sent } = fakeClient<GlueClient>({});
    expect(await writeViewTable({ client, database: 'lake' }, view, '12')).toBe(true);
    expect(sent).toMatchObject([{ VersionId: '12', SkipArchive: true, TableInput: { Name: 'things', TableType: 'VIRTUAL_VIEW' } }]);
  });

  test('that somebody wrote meanwhile stays as it is', async () => {
    const { client } = fakeClient<GlueClient>(new ConcurrentModificationException(refused));
    expect(await writeViewTable({ client, database: 'lake' }, view, '12')).toBe(false);
  });

  test('that is not there is no error', async () => {
    const { client } = fakeClient<GlueClient>(new EntityNotFoundException(refused));
    expect(await tableOf({ client, database: 'lake' }, 'things')).toBeUndefined();
  });
});

describe('hours with objects', () => {
  const object = (hour: string, index: number) => ({
    Key: `raw/things/dt=2026-11-22/hr=${hour}/${String(index).padStart(32, '0')}.parquet`,
    Size: 10,
  });

  test('are listed from the watermark on, each with its objects', async () => {
    const { client, sent } = fakeClient<S3Client>(
      { Contents: [object('08', 1), object('08', 2)], IsTruncated: true },
      { Contents: [object('08', 3), object('11', 4)] },
    );
    expect(await landedHours(client, 'lake', 'things', '2026-11-22T07')).toEqual([
      { hour: '2026-11-22T08', objects: 3, bytes: 30 },
      { hour: '2026-11-22T11', objects: 1, bytes: 10 },
    ]);
    expect(sent[0]).toMatchObject({ Prefix: 'raw/things/', StartAfter: 'raw/things/dt=2026-11-22/hr=07/~' });
  });

  test('are whole: of a listing that does not end the last hour is left out', async () => {
    const { client } = fakeClient<S3Client>({ Contents: [object('08', 1), object('09', 2)], IsTruncated: true });
    expect(await landedHours(client, 'lake', 'things', undefined)).toEqual([{ hour: '2026-11-22T08', objects: 20, bytes: 200 }]);
  });
});

describe('a run', () => {
  const state = (hoursBehind: number): CompactionState => ({
    version: 1,
    open: [],
    failures: 0,
    watermark: new Date(at('09:00') - hours(hoursBehind + 2)).toISOString().slice(0, 13),
  });

  function run(one: Partial<HourCompaction>, remainingMs = 0, keeping?: () => Promise<Cutoffs>): Promise<void> {
    const nothing = {
      save: () => Promise.resolve(undefined),
      pendingHours: () => Promise.resolve(new Map()),
      landedHours: () => Promise.resolve([]),
    };
    const compaction = { ...nothing, ...one } as unknown as HourCompaction;
    const adapters = {
      compaction,
      clock: new VirtualClock(at('09:30')),
      log: new FakeLog(),
      tables: compactedTables.slice(0, 2),
      everyHours: 1,
      keeping,
    };
    return makeCompactHandler(adapters)(undefined, { getRemainingTimeInMillis: () => remainingMs });
  }

  test('ends well while every dataset is up to date', async () => {
    await expect(run({ load: () => Promise.resolve(state(1)) })).resolves.toBeUndefined();
  });

  test('fails when a dataset is many hours behind, with its name', async () => {
    await expect(run({ load: () => Promise.resolve(state(9)) })).rejects.toThrow(
      /msft_o365_azure_ad_raw is \d+ hours behind.*msft_o365_exchange_online_raw/,
    );
  });

  describe('when a week is over', () => {
    const due: CompactionState = {
      ...state(1),
      ...{ columns: ['raw'], merged: '2026-11-22T07', watermark: '2026-11-22T08', published: { watermark: '2026-11-22T08', open: [] } },
    };
    const claims = async (keeping?: () => Promise<Cutoffs>) => {
      const saved: unknown[] = [];
      const save = (_dataset: string, _version: number, { turn }: StateChange): Promise<CompactionState | undefined> => {
        saved.push(turn);
        return Promise.reject(new Error('seen'));
      };
      const ended = await run({ load: () => Promise.resolve(due), save }, minutes(14), keeping).catch((error: unknown) => String(error));
      return { saved, ended };
    };

    test('deletes what tenants and deployment keep no longer', async () => {
      const own = new Map([['contoso', '2026-10-01']]);
      const { saved } = await claims(() => Promise.resolve({ usual: undefined, own }));
      expect(saved[0]).toMatchObject({ kind: 'expire', cutoffs: { own: [{ tenant: 'contoso', before: '2026-10-01' }] } });
    });

    test('deletes nothing where everything is kept', async () => {
      expect((await claims(() => Promise.resolve({ usual: undefined, own: new Map() }))).saved[0]).toMatchObject({ kind: 'optimize' });
      expect((await claims()).saved[0]).toMatchObject({ kind: 'optimize' });
    });

    test('deletes nothing while that cannot be read, and fails in the end: a later run deletes', async () => {
      const { saved, ended } = await claims(() => Promise.reject(new Error('throttled')));
      expect(saved).toEqual([]);
      expect(ended).toContain('how long tenants keep their rows cannot be read, so that none expire: throttled');
    });
  });

  test('fails with what every dataset met', async () => {
    await expect(run({ load: () => Promise.reject(new Error('throttled')) })).rejects.toThrow('msft_o365_azure_ad_raw: throttled');
  });
});
