import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eachOf, given, long, pairs, structs, text, texts, time } from '../../../shared/domain/columns.ts';
import { Engine } from '../../../shared/landing/engine/engine.ts';
import { temporaryFolders } from '../../helpers/temporary-folder.ts';
import { exchangeRecord, signIn } from '../../helpers/sample-records.ts';
import { logTypeById } from '../../../shared/log-types/index.ts';
import { madeUp, openMadeUpLanding, type MadeUpLanding } from './made-up.ts';

const temporaryFolder = temporaryFolders();
let folder: string;
let fixture: MadeUpLanding;
/** 170 MB of records. */
let large: string;
let ofLarge: Awaited<ReturnType<MadeUpLanding['landFile']>>;
beforeAll(async () => {
  folder = await temporaryFolder();
  fixture = await openMadeUpLanding(folder);
  large = await fixture.serve(manyRecords(largeCount));
  ofLarge = await fixture.landFile(logType, large);
});
afterAll(() => {
  fixture.close();
});

const largeCount = 28_000;
const bytesARecord = 6_036;
const logType = madeUp({
  n: long('n', ''),
  event_time: time('t', ''),
  word: text('word', ''),
  id: text('id', ''),
  tags: texts('tags', ''),
  labels: pairs('labels', ''),
  people: structs('people', { name: 'name', tags: ['tags', 'texts'] }, ''),
  names: texts(eachOf('people', 'name'), ''),
});

/** An array of records that all follow from their number; in every thousandth, no time stands. */
function manyRecords(count: number): Buffer {
  const filler = 'é'.repeat(3_000);
  const records = Array.from({ length: count }, (_, n) => {
    const record = { n, t: timeOf(n), word: `word ${String(n % 5)}`, id: idOf(n), tags: n % 3 === 0 ? [] : ['tag', idOf(n)] };
    const lists = { labels: [{ Name: 'n', Value: String(n) }], people: [{ name: idOf(n), tags: [`word ${String(n % 5)}`] }, {}] };
    const json = JSON.stringify({ ...record, ...lists, filler: '' });
    return json.replace('"filler":""', `"filler":"${filler.slice(0, Math.max(0, (bytesARecord - json.length) >> 1))}"`);
  });
  return Buffer.from(`[${records.join(',')}]`);
}

const idOf = (n: number): string => `id-${String((n * 7_919) % 1_000_003)}`;
const timeOf = (n: number): string | null =>
  n % 1_000 === 0 ? null : new Date(1_700_000_000_000 + ((n * 7_919) % 100_003) * 1_000).toISOString();

/** Rows whose columns do not follow from their number, by DuckDB. */
const wrongRows = (path: string): string => `
  SELECT count(*) AS wrong FROM '${path}' WHERE NOT coalesce(
    id = 'id-' || (n * 7919) % 1000003 AND word = 'word ' || n % 5 AND labels['n'] = n::VARCHAR AND starts_with(raw, '{"n":' || n || ',')
    AND (tags IS NULL) = (n % 3 = 0) AND (tags IS NULL OR tags = ['tag', id]) AND names = [id] AND length(people) = 1
    AND people[1].name = id AND people[1].tags = [word] AND (event_time IS NULL) = (n % 1000 = 0)
    AND (event_time IS NULL OR epoch_us(event_time) = 1700000000000000 + ((n * 7919) % 100003) * 1000000), false)`;

const md5 = (bytes: Uint8Array): string => createHash('md5').update(bytes).digest('hex');

async function landedBytes(of: typeof logType, file: string): Promise<string> {
  const { landed, into } = await fixture.landFile(of, file);
  expect(landed.kind).toBe('written');
  return md5(await readFile(into));
}

describe('170 MB of records', () => {
  let into: string;
  beforeAll(() => {
    into = ofLarge.into;
  });

  test('are all there once, with their values', async () => {
    expect(ofLarge.landed).toMatchObject({ kind: 'written', rows: largeCount });
    const [all] = await fixture.query(
      `SELECT count(*) AS rows, count(DISTINCT n) AS distinct, min(n) AS least, max(n) AS greatest FROM '${into}'`,
    );
    expect(all).toEqual({ rows: '28000', distinct: '28000', least: '0', greatest: '27999' });
    expect(await fixture.query(wrongRows(into))).toEqual([{ wrong: '0' }]);
  });

  test('are split where 80 MB are full, in the order they came', async () => {
    const groups = await fixture.query(
      `SELECT DISTINCT row_group_id, row_group_num_rows AS rows FROM parquet_metadata('${into}') ORDER BY row_group_id`,
    );
    expect(groups).toHaveLength(3);
    const [first = 0, second = 0] = groups.map((group) => Number(group.rows));
    const spans = await fixture.query(`
      SELECT min(n) AS least, max(n) AS greatest FROM (SELECT n, file_row_number AS place FROM read_parquet('${into}', file_row_number = true))
      GROUP BY place >= ${String(first)}, place >= ${String(first + second)} ORDER BY least`);
    expect(spans).toEqual([
      { least: '0', greatest: String(first - 1) },
      { least: String(first), greatest: String(first + second - 1) },
      { least: String(first + second), greatest: String(largeCount - 1) },
    ]);
  });

  test('stand by event time within a row group, those without one last', async () => {
    const [descents] = await fixture.query(`
      SELECT count(*) AS groups FROM (
        SELECT n, coalesce(event_time, 'infinity') AS now, lag(coalesce(event_time, 'infinity')) OVER (ORDER BY file_row_number) AS before
        FROM read_parquet('${into}', file_row_number = true)) WHERE now < before`);
    expect(descents).toEqual({ groups: '2' });
  });

  test('say of every row group the least and the greatest', async () => {
    const statistics = await fixture.query(`
      SELECT stats_min_value AS least, stats_max_value AS greatest FROM parquet_metadata('${into}') WHERE path_in_schema = 'n' ORDER BY row_group_id`);
    const numbers = statistics.flatMap(({ least, greatest }) => [Number(least), Number(greatest)]);
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
    expect([numbers.at(0), numbers.at(-1)]).toEqual([0, largeCount - 1]);
  });
});

describe('one job after another', () => {
  const exchange = logTypeById('audit-exchange');
  const signIns = logTypeById('sign-ins-interactive');
  let jobs: readonly { readonly of: typeof logType; readonly file: string }[];
  let alone: readonly string[];
  beforeAll(async () => {
    jobs = [
      { of: logType, file: await fixture.serve(manyRecords(10)) },
      { of: exchange, file: await fixture.serve(JSON.stringify(Array.from({ length: 300 }, (_, n) => exchangeRecord(`x${String(n)}`)))) },
      { of: logType, file: await fixture.serve(manyRecords(8_000)) },
      { of: signIns, file: await fixture.serve(JSON.stringify(Array.from({ length: 500 }, (_, n) => signIn(`s${String(n)}`)))) },
      { of: exchange, file: await fixture.serve('[]') },
      { of: logType, file: await fixture.serve('[{"n":1,"id":"\\ud83d"},{}]') },
    ];
    const bytes: string[] = [];
    for (const { of, file } of jobs) {
      // What is not given back is not used again.
      Engine.take();
      bytes.push(await landedBytes(of, file));
    }
    alone = bytes;
  });

  const inTurn = async (order: readonly number[]): Promise<void> => {
    for (const index of order) {
      const job = jobs[index];
      if (job) expect({ index, bytes: await landedBytes(job.of, job.file) }).toEqual({ index, bytes: alone[index] });
    }
  };

  test('lands the same bytes as alone', async () => {
    await inTurn([0, 1, 2, 3, 4, 5]);
    await inTurn([5, 2, 4, 2, 0, 3, 1, 1]);
  });

  test('lands the same bytes as alone when they are at work at the same time', async () => {
    const together = [0, 1, 2, 3, 4, 5, 2, 1];
    expect(await Promise.all(together.map(async (index) => landedBytes(jobs[index]?.of ?? logType, jobs[index]?.file ?? '')))).toEqual(
      together.map((index) => alone[index]),
    );
    await inTurn([3, 0]);
  });

  test('lands the same bytes as alone beside 170 MB and after them', async () => {
    const [beside] = await Promise.all([landedBytes(logType, large), inTurn([0, 1]), inTurn([2])]);
    expect(beside).toBe(md5(await readFile(ofLarge.into)));
    await inTurn([1, 0, 5]);
  });

  test.each<{ name: string; from: () => Promise<string>; into: () => string }>([
    {
      name: 'whose output folder is not there',
      from: async () => fixture.serve('[{"n":1}]'),
      into: () => join(folder, 'nowhere', 'a.parquet'),
    },
    {
      name: 'whose file is not there',
      from: async () => Promise.resolve(join(folder, 'nobody.json')),
      into: () => join(folder, 'b.parquet'),
    },
    { name: 'whose file is a folder', from: async () => aFolder(join(folder, 'folder')), into: () => join(folder, 'c.parquet') },
  ])('that fails, $name, leaves no file and the next one lands the same', async ({ from, into }) => {
    const file = await from();
    await expect(fixture.landFile(logType, file, { into: into() })).rejects.toThrow();
    expect(existsSync(into())).toBe(false);
    await inTurn([1, 0, 5]);
  });

  test('whose second file is no JSON after a row group was written leaves no file and the next one lands the same', async () => {
    const broken = await fixture.serve('[{"n":1},');
    const into = fixture.newPath('parquet');
    const { landed } = await fixture.landFile(logType, large, { from: [{ file: large }, { file: broken }], into });
    expect(landed).toEqual({ kind: 'unreadable', files: [broken] });
    expect(existsSync(into)).toBe(false);
    await inTurn([3, 0, 5]);
  });
});

async function aFolder(path: string): Promise<string> {
  await mkdir(path);
  return path;
}

describe('several files', () => {
  const several = madeUp({ n: long('n', ''), t: text('t', ''), file: text(given('content_id'), '') });
  const tOf = (n: number): string => `t${String(n).padStart(3, '0')}`;
  const names = ['a', undefined, 'c', 'd', 'e', undefined];
  const numberOfRecords = 30;
  let into: string;
  beforeAll(async () => {
    const filler = 'x'.repeat(1_000_000);
    const from: { file: string; contentId?: string }[] = [];
    for (const [index, contentId] of names.entries()) {
      const numbers = Array.from({ length: numberOfRecords }, (_, record) => index * numberOfRecords + record);
      const file = await fixture.serve(
        JSON.stringify(numbers.map((n) => ({ n, t: tOf(n), filler: index === 2 ? `${filler}\ud83d` : filler }))),
      );
      from.push({ file, ...(contentId === undefined ? {} : { contentId }) });
    }
    into = (await fixture.landFile(several, '', { from })).into;
  });

  test('are landed one after the other, each row with the name of its file, across row groups', async () => {
    const rows = await fixture.query(
      `SELECT n, t, file, length(raw) > 1000000 AND starts_with(raw, '{"n":' || n || ',') AS is_raw FROM '${into}'`,
    );
    const expected = Array.from({ length: names.length * numberOfRecords }, (_, n) => {
      return { n: String(n), t: tOf(n), file: names[Math.floor(n / numberOfRecords)] ?? null, is_raw: true };
    });
    expect(rows).toEqual(expected);
  });

  test('have statistics of each row group alone', async () => {
    const statistics = await fixture.query(`
      SELECT stats_min_value AS least, stats_max_value AS greatest FROM parquet_metadata('${into}') WHERE path_in_schema = 't' ORDER BY row_group_id`);
    expect(statistics).toEqual([
      { least: 't000', greatest: 't079' },
      { least: 't080', greatest: 't159' },
      { least: 't160', greatest: 't179' },
    ]);
    expect(await fixture.query(`SELECT n FROM '${into}' WHERE t IN ('t079', 't080') ORDER BY n`)).toEqual([{ n: '79' }, { n: '80' }]);
  });
});

describe('statistics', () => {
  const columns = { t: text('t', ''), n: long('n', ''), at: time('at', '') };
  const from = '12345678901234567890';
  test.each<{ name: string; values: readonly string[] }>([
    { name: 'ASCII', values: ['b', 'a', 'c', 'B', '~', ' '] },
    { name: 'texts of which one begins the other', values: ['aaaaaaaab', 'aaaaaaaa', 'aaaaaaaaba', 'aaaaaaa'] },
    { name: 'texts that differ after 8 bytes', values: ['12345678b', '12345678a', '1234567890123456z', '1234567890123456a'] },
    { name: 'not ASCII', values: ['é', 'z', '\u{1f600}', '\uffee', '\ud7ff', 'ÿ'] },
    { name: 'long', values: [`${from}b`, `${from}a`, `${from}${'z'.repeat(5_000)}`, from, `${from}${'~'.repeat(90)}é`] },
    {
      name: 'long and not ASCII',
      values: ['é'.repeat(5_000), `${'é'.repeat(5_000)}ü`, '\u{10ffff}'.repeat(40), `a${'\u{1f600}'.repeat(30)}`],
    },
    { name: 'with NUL and U+007F', values: ['\0', '\0\0', '\x7f', '\x7f\x7f', '\x01'] },
  ])('of texts, $name, hide no row', async ({ values }) => {
    const path = await fixture.landRecords(
      madeUp(columns),
      values.map((t, n) => ({ t, n })),
    );
    for (const [n, t] of values.entries()) {
      const literal = `decode(from_hex('${Buffer.from(t).toString('hex')}'))`;
      expect(await fixture.query(`SELECT n FROM ${path} WHERE t = ${literal}`)).toEqual([{ n: String(n) }]);
      expect(await fixture.query(`SELECT count(*) AS rows FROM ${path} WHERE t >= ${literal} AND t <= ${literal}`)).toEqual([
        { rows: '1' },
      ]);
    }
  });

  test('of short texts are the least and the greatest by their bytes', async () => {
    const values = ['é', 'b', 'a', 'z', 'Ab', '\u{1f600}', 'A', '\uffee'];
    const path = await fixture.landRecords(
      madeUp(columns),
      values.map((t) => ({ t })),
    );
    const [statistics] = await fixture.query(
      `SELECT stats_min_value AS least, stats_max_value AS greatest FROM parquet_metadata(${path}) WHERE path_in_schema = 't'`,
    );
    expect(statistics).toEqual({ least: 'A', greatest: '\u{1f600}' });
  });

  test.each<{ name: string; values: readonly string[] }>([
    { name: 'of both signs', values: ['5', '-7', '0', '9223372036854775807', '-9223372036854775808'] },
    { name: 'below zero', values: ['-5', '-4294967297', '-4294967296', '-1'] },
    { name: 'beyond what a double holds', values: ['9007199254740993', '9007199254740992', '9007199254740994'] },
    { name: 'that is alone', values: ['42'] },
  ])('of whole numbers $name are the least and the greatest, and hide no row', async ({ values }) => {
    const { into } = await fixture.landFile(madeUp(columns), await fixture.serve(`[${values.map((n) => `{"n":${n}},{}`).join()}]`));
    const sorted = values.map(BigInt).sort((a, b) => (a < b ? -1 : 1));
    const [statistics] = await fixture.query(
      `SELECT stats_min_value AS least, stats_max_value AS greatest, stats_null_count AS nulls FROM parquet_metadata('${into}') WHERE path_in_schema = 'n'`,
    );
    expect(statistics).toEqual({ least: String(sorted.at(0)), greatest: String(sorted.at(-1)), nulls: String(values.length) });
    for (const n of values) expect(await fixture.query(`SELECT count(*) AS rows FROM '${into}' WHERE n = ${n}`)).toEqual([{ rows: '1' }]);
  });

  test('of times are the least and the greatest, and hide no row', async () => {
    const values = ['1900-01-01T00:00:00Z', '9999-12-31T23:59:59.999999Z', '1969-12-31T23:59:59.5Z', '2026-11-22T08:00:00.123456Z'];
    const path = await fixture.landRecords(
      madeUp(columns),
      values.map((at) => ({ at })),
    );
    const [statistics] = await fixture.query(
      `SELECT stats_min_value::TIMESTAMPTZ AS least, stats_max_value::TIMESTAMPTZ AS greatest FROM parquet_metadata(${path}) WHERE path_in_schema = 'at'`,
    );
    expect(statistics).toEqual({ least: '1900-01-01 00:00:00+00', greatest: '9999-12-31 23:59:59.999999+00' });
    for (const at of values)
      expect(await fixture.query(`SELECT count(*) AS rows FROM ${path} WHERE "at" = TIMESTAMPTZ '${at}'`)).toEqual([{ rows: '1' }]);
  });
});
