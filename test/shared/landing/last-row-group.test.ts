import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { long } from '../../../shared/domain/columns.ts';
import { temporaryFolders } from '../../helpers/temporary-folder.ts';
import { madeUp, openMadeUpLanding, type MadeUpLanding } from './made-up.ts';

const temporaryFolder = temporaryFolders();
let fixture: MadeUpLanding;
beforeAll(async () => {
  fixture = await openMadeUpLanding(await temporaryFolder());
});
afterAll(() => {
  fixture.close();
});

const filler = 'x'.repeat(5_000_000);
const records = (count: number): Buffer =>
  Buffer.from(`[${Array.from({ length: count }, (_, n) => `{"n":${String(n)},"filler":"${filler}"}`).join(',')}]`);

test.each([
  { name: 'one row too many for a row group is a row group of its own', count: 17, groups: ['16', '1'] },
  { name: 'rows that fill a row group leave none without rows', count: 16, groups: ['16'] },
])('$name', async ({ count, groups }) => {
  const { landed, into } = await fixture.landFile(madeUp({ n: long('n', '') }), await fixture.serve(records(count)));
  expect(landed).toMatchObject({ kind: 'written', rows: count });
  const [all] = await fixture.query(`SELECT count(*) AS rows, max(n) AS last FROM '${into}'`);
  expect(all).toEqual({ rows: String(count), last: String(count - 1) });
  const found = await fixture.query(
    `SELECT DISTINCT row_group_id, row_group_num_rows AS rows FROM parquet_metadata('${into}') ORDER BY row_group_id`,
  );
  expect(found.map(({ rows }) => rows)).toEqual(groups);
});

test('rows without bytes fill a row group as well: what hundreds of columns keep of a row is bounded', async () => {
  const file = await fixture.serve(`[${Array<string>(70_000).fill('{}').join(',')}]`);
  const { into } = await fixture.landFile(madeUp({ n: long('n', '') }), file);
  const groups = await fixture.query(
    `SELECT DISTINCT row_group_id, row_group_num_rows AS rows FROM parquet_metadata('${into}') ORDER BY row_group_id`,
  );
  expect(groups.map(({ rows }) => rows)).toEqual(['65536', '4464']);
});
