import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { openLakeAsking } from '../../../local/asking/lake-asking.ts';
import { openLakeFolder } from '../../../local/lake-folder.ts';
import { openAthenaAsking } from '../../../shared/aws/asking/athena-asking.ts';
import { refusalOf } from '../../../shared/aws/asking/reading-statement.ts';
import { connectDuckDb } from '../../../shared/landing/landing.ts';
import { allRows, AskingCanceled } from '../../../shared/ports/asking.ts';
import { askingContract } from '../../contracts/asking-contract.ts';
import { FakeAthena } from '../../fakes/fake-athena.ts';
import { VirtualClock } from '../../fakes/virtual-clock.ts';

let lake: string;
let duckdb: DuckDBConnection;
beforeAll(async () => {
  lake = await mkdtemp(join(tmpdir(), 'asking-'));
  (await openLakeFolder(lake, { exclusive: true })).close();
  duckdb = await connectDuckDb({ memoryMb: 100, spillFolder: '/nowhere' });
});
afterAll(async () => {
  duckdb.closeSync();
  await rm(lake, { recursive: true, force: true });
});

const place = { workgroup: 'lake-workgroup', database: 'lake_database' };
const athena = (fake = new FakeAthena(duckdb)) => openAthenaAsking({ client: fake.client, ...place }, instantClock);
const instantClock = { now: () => 0, sleep: () => Promise.resolve() };

askingContract('a lake folder, asked by DuckDB', () => openLakeAsking(lake, { atOnce: 2 }));
askingContract('a deployment, asked by Athena', () => Promise.resolve(athena()));

test('of three questions to two readers, the third waits and is answered', async () => {
  const asking = await openLakeAsking(lake, { atOnce: 2 });
  const answers = await Promise.all([1, 2, 3].map(async (n) => allRows(await asking.ask({ sql: `SELECT ${String(n)}` }))));
  expect(answers).toEqual([[[1]], [[2]], [[3]]]);
  await asking.close();
});

describe('Athena', () => {
  test('is asked in the workgroup and database, with the values beside the statement', async () => {
    const fake = new FakeAthena(duckdb);
    await allRows(await athena(fake).ask({ sql: 'SELECT {{who}} AS who, {{n}} AS n', values: { who: "x' OR 1=1", n: 7 } }));
    expect(fake.started).toEqual([
      {
        QueryString: 'SELECT ? AS who, ? AS n',
        ExecutionParameters: ["'x'' OR 1=1'", '7'],
        WorkGroup: 'lake-workgroup',
        QueryExecutionContext: { Catalog: 'AwsDataCatalog', Database: 'lake_database' },
      },
    ]);
  });

  test('says what it scanned', async () => {
    expect((await athena().ask({ sql: 'SELECT 1' })).cost()).toEqual({ bytesScanned: 1_234_567 });
  });

  test('stops a query that is called off while it runs', async () => {
    const fake = new FakeAthena(duckdb);
    fake.pollsUntilDone = 1_000;
    const controller = new AbortController();
    const clock = new VirtualClock(0);
    const sleep = (): Promise<void> => {
      controller.abort();
      return Promise.resolve();
    };
    const asking = openAthenaAsking({ client: fake.client, ...place }, { now: () => clock.now(), sleep });
    await expect(asking.ask({ sql: 'SELECT 1' }, controller.signal)).rejects.toThrow(AskingCanceled);
    expect(fake.stopped).toEqual(['query-1']);
  });

  test.each([
    { sql: "UNLOAD (SELECT 1) TO 's3://x'", why: 'only be read' },
    { sql: '/* SELECT */ DELETE FROM t', why: 'only be read' },
    { sql: 'SELECT * FROM "lambda:mine".db.t', why: 'no other source' },
    { sql: "SELECT * FROM TABLE(system.query(query => 'x'))", why: 'no other source' },
    { sql: 'EXPLAIN ANALYZE DELETE FROM t', why: 'only be read' },
    { sql: "SELECT '--'; DROP TABLE t", why: 'more than one' },
    { sql: "SELECT ';' AS a -- ; DROP", why: undefined },
    { sql: '(SELECT 1) UNION (SELECT 2);', why: undefined },
    { sql: 'EXPLAIN SELECT 1', why: undefined },
  ])('is not sent $sql where it does more than read', ({ sql, why }) => {
    if (why === undefined) expect(refusalOf(sql)).toBeUndefined();
    else expect(refusalOf(sql)).toContain(why);
  });
});
