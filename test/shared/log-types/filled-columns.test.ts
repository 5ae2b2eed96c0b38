import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { literal } from '../../../shared/domain/literal.ts';
import { logTypes } from '../../../shared/log-types/index.ts';
import { temporaryFolders } from '../../helpers/temporary-folder.ts';
import { openLandingFixture, type LandingFixture } from '../landing-fixture.ts';
import { exampleRecord } from './example-record.ts';

const makeFolder = temporaryFolders();
let fixture: LandingFixture;
beforeAll(async () => {
  fixture = await openLandingFixture(await makeFolder());
});
afterAll(() => {
  fixture.close();
});

/** Columns that the job fills, not the record; an import has no content blob. */
const given = ['tenant_id', 'tenant_name', 'cloud', 'log_type', 'vendor', 'product', 'content_id', 'landed_at'];

describe.each(logTypes.map((logType) => ({ id: logType.id, logType })))('every column of $id', ({ logType }) => {
  const columns = Object.entries(logType.columns).filter(([name, { from }]) => !given.includes(name) && from.op !== 'absent');

  test('is filled by a record that has its example where it reads', async () => {
    const unfillable = columns.filter(([, column]) => exampleRecord(column) === undefined);
    expect(unfillable.map(([name]) => name)).toEqual([]);
    const records = columns.map(([, column]) => exampleRecord(column));
    const { into } = await fixture.landFiles(await fixture.serve([JSON.stringify(records)]), { logType: logType.id });
    const counts = columns.map(([name]) => `count("${name}") AS "${name}"`).join(', ');
    const [row = {}] = await fixture.query(`SELECT ${counts} FROM read_parquet(${literal(into)})`);
    expect(columns.map(([name]) => name).filter((name) => Number(row[name]) === 0)).toEqual([]);
  });

  test('of one value is read as its example', async () => {
    const single = columns.filter(([, { type, example }]) => (type === 'text' || type === 'long' || type === 'time') && example !== '');
    const records = single.map(([, column]) => exampleRecord(column));
    const { into } = await fixture.landFiles(await fixture.serve([JSON.stringify(records)]), { logType: logType.id });
    const lists = single.map(
      ([name, { type }]) => `list_distinct(list(CAST(${type === 'time' ? `epoch_ms("${name}")` : `"${name}"`} AS VARCHAR))) AS "${name}"`,
    );
    const [row = {}] = await fixture.query(`SELECT ${lists.join(', ')} FROM read_parquet(${literal(into)})`);
    const wanted = ({ type, example }: { type: unknown; example: string }) =>
      type === 'time' ? String(Date.parse(example.replace(' ', 'T').replace('+00', 'Z'))) : example;
    const other = single.filter(([name, column]) => !(row[name] as string[]).includes(wanted(column)));
    expect(other.map(([name, column]) => ({ name, example: column.example, read: row[name] }))).toEqual([]);
  });
});
