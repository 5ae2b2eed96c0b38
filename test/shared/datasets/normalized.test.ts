import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { knownDatasets, landedDatasets, normalizedDatasets } from '../../../shared/datasets/index.ts';
import { isDerivedFrom, occurringSelect, rawRow, type NormalizedDataset } from '../../../shared/datasets/normalized-dataset.ts';
import { literal } from '../../../shared/domain/literal.ts';
import { logTypeById } from '../../../shared/log-types/index.ts';
import { openLanding } from '../../../shared/landing/landing.ts';
import { temporaryFolders } from '../../helpers/temporary-folder.ts';
import { openLandingFixture, type LandingFixture, type Row } from '../landing-fixture.ts';
import { specimenRecord } from '../specimen-record.ts';

const makeFolder = temporaryFolders();
let folder = '';
let fixture: LandingFixture;
let landing: Awaited<ReturnType<typeof openLanding>>;
let files = 0;
beforeAll(async () => {
  folder = await makeFolder();
  fixture = await openLandingFixture(folder);
  landing = await openLanding({ memoryMb: 300, spillFolder: join(folder, 'spill') });
});
afterAll(() => {
  landing.close();
  fixture.close();
});

const object = `raw/msft_anything_raw/dt=2026-11-20/hr=09/${'0'.repeat(32)}.parquet`;

async function derive(dataset: NormalizedDataset, logType: string, raw: string): Promise<string> {
  const into = join(folder, `derived-${String(files++)}.parquet`);
  await landing.derive({ dataset, logType: logTypeById(logType), raw, object, into, metadata: { job: '0'.repeat(32) } });
  return into;
}

async function normalized(
  dataset: NormalizedDataset,
  logType: string,
  records: readonly unknown[],
): Promise<{ raw: Row[]; rows: Row[]; file: string }> {
  const { into } = await fixture.landFiles(await fixture.serve([JSON.stringify(records)]), { logType });
  const file = await derive(dataset, logType, into);
  const rowsOf = (parquet: string): Promise<Row[]> => fixture.query(`FROM read_parquet(${literal(parquet)})`);
  return { raw: await rowsOf(into), rows: await rowsOf(file), file };
}

const pairs = normalizedDatasets.flatMap((dataset) => dataset.logTypes.map((logType) => ({ name: dataset.name, logType, dataset })));

describe('a normalized dataset', () => {
  test.each(pairs)('$name has a row for every row of $logType, in their order, which says where that is', async ({ dataset, logType }) => {
    const full = specimenRecord(logTypeById(logType), (place) => `value-${String(place)}`);
    const numbers = specimenRecord(logTypeById(logType), (place) => place);
    const { raw, rows } = await normalized(dataset, logType, [
      full,
      numbers,
      {},
      { Id: ['odd'], id: 7, CreationTime: {}, Operation: null },
      full,
    ]);
    expect(rows.map(({ record_key }) => record_key)).toEqual(raw.map(({ record_key }) => record_key));
    expect(rows.map(({ record_id }) => record_id)).toEqual(raw.map(({ record_id }) => record_id));
    for (const row of rows) expect(row).toMatchObject({ dataset: logTypeById(logType).dataset, object, log_type: logType });
  });

  test.each(pairs)('$name has the columns it declares, of their types, whatever $logType served', async ({ dataset, logType }) => {
    const { file } = await normalized(dataset, logType, [{}]);
    const described = await fixture.query(`DESCRIBE SELECT * FROM read_parquet(${literal(file)})`);
    expect(described.map(({ column_name }) => column_name)).toEqual(Object.keys(dataset.columns));
  });

  test.each(pairs)('$name of $logType is the same bytes whenever it is made', async ({ dataset, logType }) => {
    const record = specimenRecord(logTypeById(logType), (place) => `value-${String(place)}`);
    const { into } = await fixture.landFiles(await fixture.serve([JSON.stringify(Array.from({ length: 3_000 }, () => record))]), {
      logType,
    });
    const [once, again] = [await derive(dataset, logType, into), await derive(dataset, logType, into)];
    expect((await readFile(again)).equals(await readFile(once))).toBe(true);
  });

  test.each(normalizedDatasets.map((dataset) => ({ name: dataset.name, dataset })))(
    '$name names its raw row, vendor and product',
    ({ dataset }) => {
      expect(Object.keys(dataset.columns)).toEqual(expect.arrayContaining([...Object.keys(rawRow), 'event_time', 'tenant_id', 'outcome']));
      expect(dataset.columns.vendor?.sql).toBe(`'${dataset.vendor}'`);
      expect(dataset.columns.product?.sql).toBe(`'${dataset.product}'`);
      for (const name of Object.keys(dataset.columns)) expect(name).toMatch(/^[a-z][a-z0-9_]*$/);
    },
  );

  test('is made from an object that landed before a column was declared', async () => {
    const [saas] = normalizedDatasets;
    const { into } = await fixture.landFiles(await fixture.serve([JSON.stringify([{ Id: 'one', Operation: 'Send' }])]));
    const old = join(folder, 'old.parquet');
    await fixture.query(
      `COPY (SELECT * EXCLUDE (item_subject, parameters) FROM read_parquet(${literal(into)})) TO ${literal(old)} (FORMAT parquet)`,
    );
    const rows = await fixture.query(`FROM read_parquet(${literal(await derive(saas, 'audit-exchange', old))})`);
    expect(rows).toMatchObject([{ record_id: 'one', operation_name: 'MAIL_SEND', email_subject: null, parameters: null }]);
  });

  test('may have rows of some raw rows only', async () => {
    const sends: NormalizedDataset = {
      name: 'sends',
      vendor: 'test',
      product: 'Sends',
      meaning: '',
      logTypes: ['audit-exchange'],
      where: { 'audit-exchange': "operation = 'Send'" },
      columns: { record_id: { type: 'text', meaning: '', example: '', sql: 'record_id' } },
    };
    const { rows } = await normalized(sends, 'audit-exchange', [
      { Id: 'a', Operation: 'Send' },
      { Id: 'b', Operation: 'Create' },
      { Id: 'c' },
    ]);
    expect(rows).toEqual([{ record_id: 'a' }]);
  });

  test('is not made from what it is not derived from', async () => {
    const [saas] = normalizedDatasets;
    await expect(derive(saas, 'alerts', '/nowhere.parquet')).rejects.toThrow();
  });
});

test('the datasets that a deployment lands are known ones, and the others only by choice', () => {
  expect(landedDatasets({ ocsf: false })).toEqual(normalizedDatasets);
  expect(knownDatasets).toEqual(expect.arrayContaining([...landedDatasets({ ocsf: true })]));
});

describe('which datasets occur in a raw object', () => {
  const logTypes = ['audit-sharepoint', 'audit-exchange', 'audit-azure-active-directory', 'sign-ins-interactive', 'directory-audits'];
  const operations = ['FileDownloaded', 'Send', 'UserLoggedIn', 'Add member to group.', 'Add user.', 'Anything'];
  const datasetsOf = (logType: string) => landedDatasets({ ocsf: true }).filter((dataset) => isDerivedFrom(dataset, logType));

  test.each(logTypes.flatMap((logType) => operations.map((operation) => ({ logType, operation }))))(
    'those that $operation of $logType gives rows of, and no other',
    async ({ logType, operation }) => {
      const record = { ...specimenRecord(logTypeById(logType), (place) => `value-${String(place)}`), Operation: operation };
      const { into: raw } = await fixture.landFiles(await fixture.serve([JSON.stringify([record])]), { logType });
      const occurring = await landing.occurring(datasetsOf(logType), { logType: logTypeById(logType), raw, object });
      const withRows: string[] = [];
      for (const dataset of datasetsOf(logType)) {
        const file = await derive(dataset, logType, raw);
        if ((await fixture.query(`FROM read_parquet(${literal(file)})`)).length > 0) withRows.push(dataset.name);
      }
      // One condition alone is not looked at beforehand.
      const isLookedAt = datasetsOf(logType).filter(({ where }) => where !== undefined).length > 1;
      expect(occurring.map(({ name }) => name)).toEqual(isLookedAt ? withRows : datasetsOf(logType).map(({ name }) => name));
    },
  );

  test('is not to be asked of two datasets that give different things one name', () => {
    const [first] = normalizedDatasets;
    const both = [
      { ...first, given: { it: '1' } },
      { ...first, name: 'other', given: { it: '2' } },
    ];
    const raw = { rows: 't', logTypeId: first.logTypes[0] ?? '', dataset: 'd', object: 'o' };
    expect(() => occurringSelect(both, raw)).toThrow("dataset 'other' gives 'it' another meaning");
  });
});
