import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { duckdbType } from '../../../shared/domain/columns.ts';
import { literal } from '../../../shared/domain/literal.ts';
import { logTypeById, logTypes } from '../../../shared/log-types/index.ts';
import { at, contoso, span } from '../../contracts/samples.ts';
import { alert, exchangeRecord, signIn } from '../../helpers/sample-records.ts';
import { temporaryFolders } from '../../helpers/temporary-folder.ts';
import { openLandingFixture, type LandingFixture, type Row, type Served } from '../landing-fixture.ts';
import { reordered, specimenRecord } from '../specimen-record.ts';

const temporaryFolder = temporaryFolders();
let folder: string;
let fixture: LandingFixture;
beforeAll(async () => {
  folder = await temporaryFolder();
  fixture = await openLandingFixture(folder);
});
afterAll(() => {
  fixture.close();
});

const json = (...records: readonly unknown[]): string => JSON.stringify(records);
const byRecordId = (rows: readonly Row[]): ReadonlyMap<unknown, Row> => new Map(rows.map((row) => [row.record_id, row]));
/** One log type of those that declare the same columns. */
const ownColumns = [...new Map(logTypes.map(({ id, columns }) => [JSON.stringify(columns), { id }])).values()];
const whole = json(exchangeRecord('whole'));

describe('a value of another kind than its column', () => {
  const cases = [
    { name: 'a word where a number is expected', field: '"LogonType":"owner"', says: { logon_type: null, logon_type_name: null } },
    { name: 'a number in a text where a number is expected', field: '"LogonType":"2"', says: { logon_type: '2' } },
    { name: 'a number that no 64 bits hold', field: '"RecordType":9223372036854775808', says: { record_type: null } },
    {
      name: 'the greatest number that 64 bits hold',
      field: '"RecordType":9223372036854775807',
      says: { record_type: '9223372036854775807' },
    },
    { name: 'a number that no double holds', field: '"RecordType":1e400', says: { record_type: null, record_type_name: null } },
    {
      name: 'a negative number where names are numbered from 0',
      field: '"LogonType":-1',
      says: { logon_type: '-1', logon_type_name: null },
    },
    { name: 'an object where a number is expected', field: '"LogonType":{"a":1}', says: { logon_type: null } },
    { name: 'a list where a number is expected', field: '"LogonType":[2]', says: { logon_type: null } },
    { name: 'a word where a boolean is expected', field: '"ExternalAccess":"perhaps"', says: { is_external_access: null } },
    { name: 'a boolean in a text', field: '"ExternalAccess":"true"', says: { is_external_access: true } },
    { name: 'a text where a list is expected', field: '"Parameters":"-Identity ada"', says: { parameters: null } },
    { name: 'an object where a list is expected', field: '"Parameters":{"Name":"Identity"}', says: { parameters: null } },
    { name: 'a text where an object is expected', field: '"Item":"a message"', says: { item_id: null, item_subject: null } },
    { name: 'a number where text is expected', field: '"Operation":123', says: { operation: '123' } },
    { name: 'an object where text is expected', field: '"Operation":{"a":[1]}', says: { operation: '{"a":[1]}' } },
    { name: 'a list where text is expected', field: '"Operation":["a","b"]', says: { operation: '["a","b"]' } },
    { name: 'null where text is expected', field: '"Operation":null', says: { operation: null } },
    { name: 'empty text', field: '"Operation":""', says: { operation: null } },
    {
      name: 'a name that is repeated, of which the first counts',
      field: '"Operation":"first","Operation":"last"',
      says: { operation: 'first' },
    },
    {
      name: 'a repeated name in a list of pairs, of which the first counts',
      field: '"Parameters":[{"Name":"Identity","Value":"ada"},{"Name":"Identity","Value":"grace"}]',
      says: { parameters: [{ key: 'Identity', value: 'ada' }] },
    },
    { name: 'NUL in a text', field: '"Operation":"a\\u0000b"', says: { operation: 'a\0b' } },
    { name: 'a surrogate pair', field: '"Operation":"\\ud83d\\ude00"', says: { operation: '\u{1f600}' } },
    { name: 'what looks like a lone surrogate after a backslash', field: '"Operation":"\\\\ud800"', says: { operation: '\\ud800' } },
  ];
  const records = cases.map(({ field }, n) => `{"Id":"${String(n)}",${field}}`);
  let rows: ReadonlyMap<unknown, Row>;
  beforeAll(async () => {
    rows = byRecordId(await fixture.rows([`[${records.join()}]`]));
  });

  test.each(cases.map((one, n) => ({ ...one, n })))('$name: the row is there', ({ says, n }) => {
    expect(rows.get(String(n))).toEqual(expect.objectContaining({ ...says, raw: records[n] }));
  });

  test.each(ownColumns)('lands whatever stands at any place of $id', async ({ id }) => {
    const odd = ['text', '', 7, -1, 1.5, 1e300, true, null, [], {}, [[]], [null], ['text'], [7], [{}], { a: 1 }, '2026-11-22T08:00:00'];
    const logType = logTypeById(id);
    const records = [1, 2, Infinity].flatMap((depth) =>
      odd.map((_, shift) => specimenRecord(logType, (place) => odd[(place + shift) % odd.length], depth)),
    );
    const rows = await fixture.rows([json(...records)], { logType: id });
    expect(rows.map(({ raw }) => raw).sort()).toEqual(records.map((record) => JSON.stringify(record)).sort());
  });
});

describe('a time', () => {
  const cases = [
    { name: 'with zone Z', text: '2026-11-22T08:00:00Z', says: '2026-11-22 08:00:00+00' },
    { name: 'with an offset is turned into UTC', text: '2026-11-22T10:00:00+02:00', says: '2026-11-22 08:00:00+00' },
    { name: 'with an offset past midnight', text: '2026-11-22T22:30:00-05:30', says: '2026-11-23 04:00:00+00' },
    { name: 'without zone is UTC', text: '2026-11-22T08:00:00', says: '2026-11-22 08:00:00+00' },
    { name: 'with 3 fraction digits', text: '2026-11-22T08:00:00.123Z', says: '2026-11-22 08:00:00.123+00' },
    { name: 'with 7 fraction digits is cut to microseconds', text: '2026-11-22T08:00:00.1234567Z', says: '2026-11-22 08:00:00.123456+00' },
    { name: 'with 7 fraction digits and no zone', text: '2026-11-22T08:00:00.1234567', says: '2026-11-22 08:00:00.123456+00' },
    { name: 'with 9 fraction digits', text: '2026-11-22T08:00:00.123456789Z', says: '2026-11-22 08:00:00.123456+00' },
    { name: 'in year 0001 is none', text: '0001-01-01T00:00:00', says: null },
    { name: 'in year 0001 with zone is none', text: '0001-01-01T00:00:00Z', says: null },
    { name: 'at the end of year 9999 is kept', text: '9999-12-31T23:59:59.9999999Z', says: '9999-12-31 23:59:59.999999+00' },
    { name: 'in month 13 is none', text: '2026-13-22T08:00:00', says: null },
    { name: 'beyond what microseconds count is none', text: '999999-01-01T00:00:00Z', says: null },
    { name: 'that is a word is none', text: 'yesterday', says: null },
    { name: 'that is empty is none', text: '', says: null },
  ];
  let rows: ReadonlyMap<unknown, Row>;
  beforeAll(async () => {
    rows = byRecordId(await fixture.rows([json(...cases.map(({ name, text }) => exchangeRecord(name, { CreationTime: text })))]));
  });

  test.each(cases)('$name; the row is kept', ({ name, says }) => {
    expect(rows.get(name)).toMatchObject({ event_time: says });
  });
});

describe('a file', () => {
  test.each<{ name: string; bytes: string | Buffer; raw: readonly string[] }>([
    { name: 'with a byte order mark', bytes: '\ufeff[{"Id":"a"}]', raw: ['{"Id":"a"}'] },
    { name: 'with null elements, which are no records', bytes: '[null,{"Id":"a"},null]', raw: ['{"Id":"a"}'] },
    { name: 'with elements that are no objects', bytes: '[5,"x",[1,null],false,{}]', raw: ['5', '"x"', '[1,null]', 'false', '{}'] },
    { name: 'with the text "null"', bytes: '["null"]', raw: ['"null"'] },
    { name: 'of an empty array', bytes: '[]', raw: [] },
    { name: 'of an empty array with white space', bytes: ' \r\n[ \n ] \n', raw: [] },
    { name: 'with much white space after it', bytes: `[{"Id":"a"}]${' \n'.repeat(100)}`, raw: ['{"Id":"a"}'] },
    { name: 'nested 16 levels', bytes: `[${'{"a":['.repeat(8)}1${']}'.repeat(8)}]`, raw: [`${'{"a":['.repeat(8)}1${']}'.repeat(8)}`] },
    {
      name: 'whose records are written unusually, kept byte for byte',
      bytes: '[ {"Id" :\t"\\u0061\\/",  "n":1.0, "m":-0, "e":1E+2, "long":12345678901234567890123, "Id":"b"}\n,{"\u00e9":"\u{1f600}"} ]',
      raw: ['{"Id" :\t"\\u0061\\/",  "n":1.0, "m":-0, "e":1E+2, "long":12345678901234567890123, "Id":"b"}', '{"\u00e9":"\u{1f600}"}'],
    },
    { name: 'with a lone surrogate, which becomes U+FFFD', bytes: '[{"Id":"a\\ud800b"}]', raw: ['{"Id":"a\\ufffdb"}'] },
    { name: 'with the second half of a pair alone', bytes: '[{"Id":"\\uDE00"}]', raw: ['{"Id":"\\ufffd"}'] },
    { name: 'with a lone surrogate in a name', bytes: '[{"Id":"a","\\ud83dx":1}]', raw: ['{"Id":"a","\\ufffdx":1}'] },
    {
      name: 'with a lone surrogate before a pair and after a backslash',
      bytes: '[{"Id":"\\ud83d\\ud83d\\ude00\\\\\\ud83d"}]',
      raw: ['{"Id":"\\ufffd\\ud83d\\ude00\\\\\\ufffd"}'],
    },
    { name: 'with bytes that are no UTF-8', bytes: Buffer.from('[{"Id":"a\xffb"}]', 'latin1'), raw: ['{"Id":"a\ufffdb"}'] },
  ])('$name is landed', async ({ bytes, raw }) => {
    const rows = await fixture.rows([bytes]);
    expect(rows.map((row) => row.raw).sort()).toEqual([...raw].sort());
  });

  test('with a lone surrogate keeps whatever else JavaScript would change', async () => {
    const odd = '{"Id":"first", "LogonType":9007199254740993,"Id":"last"}';
    const rows = await fixture.rows([`[${odd},{"Id":"z\\ud800"}]`, `\ufeff[${odd} ]`]);
    const same = expect.objectContaining({ raw: odd, record_id: 'first', logon_type: '9007199254740993' });
    expect(rows).toEqual(expect.arrayContaining([same, expect.objectContaining({ record_id: 'z\ufffd' })]));
    expect(rows.filter(({ raw }) => raw === odd)).toHaveLength(2);
  });

  test('of any JSON values lands them as they are written', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.jsonValue({ stringUnit: 'binary' }), { maxLength: 40 }), async (values) => {
        const texts = values.filter((value) => value !== null).map((value) => JSON.stringify(value));
        const rows = await fixture.rows([`[${values.map((value) => JSON.stringify(value)).join(' ,\n')}]`]);
        expect(rows.map(({ raw }) => raw).sort()).toEqual(texts.sort());
      }),
      { numRuns: 6 },
    );
  });

  test.each<{ name: string; bytes: string | Buffer }>([
    { name: 'of zero bytes', bytes: '' },
    { name: 'of white space', bytes: ' \r\n' },
    { name: 'of a byte order mark', bytes: '\ufeff' },
    { name: 'of NULs', bytes: '\0\0\0\0' },
    { name: 'of an error object', bytes: '{"error":{"code":"AF50000","message":"An internal error occurred. Retry the request."}}' },
    { name: 'of an object that ends in a list', bytes: '{"value":[]' },
    { name: 'of an HTML page', bytes: '<!DOCTYPE html><html><body>Service unavailable [503]</body></html>' },
    { name: 'of null', bytes: 'null' },
    { name: 'of a text', bytes: '"[]"' },
    { name: 'of lines of JSON', bytes: '{"Id":"a"}\n{"Id":"b"}\n' },
    { name: 'of a bracket', bytes: '[' },
    { name: 'cut off within a record', bytes: whole.slice(0, -9) },
    { name: 'cut off after a record', bytes: whole.slice(0, -1) },
    { name: 'cut off after a comma', bytes: `${whole.slice(0, -1)},` },
    { name: 'cut off after a comma and a line end', bytes: `${whole.slice(0, -1)},\r\n` },
    { name: 'cut off after a list within a record', bytes: '[{"Id":"a"},{"Parameters":[]' },
    { name: 'cut off within a character', bytes: Buffer.from('[{"Id":"\u00e9').subarray(0, -1) },
    { name: 'with garbage after the array', bytes: `${whole}garbage` },
    { name: 'with a bracket too many', bytes: `${whole}]` },
    { name: 'of two arrays', bytes: whole + whole },
    { name: 'with a comma missing', bytes: '[{"Id":"a"}{"Id":"b"}]' },
    { name: 'with a line end in a text', bytes: '[{"Id":"a\nb"}]' },
  ])('$name is unreadable, and named alone', async ({ bytes }) => {
    const neighbours: readonly Served[] = [whole, '\ufeff[{"Id":"marked"}]', '[{"Id":"\\ud800"}]', '[]'];
    for (const place of [0, 3]) {
      const from = await fixture.serve(neighbours.toSpliced(place, 0, bytes));
      expect((await fixture.landFiles(from)).landed).toEqual({ kind: 'unreadable', files: [from[place]?.file] });
    }
  });

  test('in memory is read as one in a file, and unreadable its file holds it then', async () => {
    const served: readonly Served[] = [whole, '\ufeff[{"Id":"marked"}]', 'no list', '[{"Id":"\\ud800"}]'];
    const from = await Promise.all(
      (await fixture.serve(served)).map(async (input) => {
        const content = await readFile(input.file);
        await rm(input.file);
        return { ...input, content };
      }),
    );
    const broken = from[2]?.file ?? '';
    expect((await fixture.landFiles(from)).landed).toEqual({ kind: 'unreadable', files: [broken] });
    expect(await readFile(broken, 'utf8')).toBe('no list');
    const readable = from.filter(({ file }) => file !== broken);
    const { landed } = await fixture.landFiles(readable);
    const { landed: fromFiles } = await fixture.land(served.filter((one) => one !== 'no list'));
    expect(landed).toEqual(fromFiles);
  });

  test('is unreadable alone, too', async () => {
    const from = await fixture.serve(['']);
    expect((await fixture.landFiles(from)).landed).toEqual({ kind: 'unreadable', files: [from[0]?.file] });
  });

  test('has quotes and characters of patterns in its name and contentId', async () => {
    const names = [`it's [a] "b" *.json`, 'a?c {x,y}.json', 'abc.json', '[!a]$(x)%20;--.json', 'dt=2026-11-22'];
    const served = names.map((name) => ({ bytes: json(exchangeRecord(name)), name, contentId: `${name}'s $ \\ "id"` }));
    const into = join(folder, `it's [b] *.parquet`);
    const rows = await fixture.rows([...served, json(exchangeRecord('none'))], { into });
    const contentIds = new Map(rows.map(({ record_id, content_id }) => [record_id, content_id]));
    expect(rows).toHaveLength(names.length + 1);
    expect(contentIds).toEqual(new Map([...served.map(({ name, contentId }) => [name, contentId] as const), ['none', null]]));
  });

  test('beside one that its name would match as a pattern is not read twice', async () => {
    const [first] = await fixture.serve([{ bytes: json(exchangeRecord('star')), name: '*.json' }]);
    await writeFile(join(String(first?.file), '..', 'other.json'), json(exchangeRecord('other')));
    const { landed } = await fixture.landFiles(first ? [first] : []);
    expect(landed).toMatchObject({ kind: 'written', rows: 1 });
  });

  test('with a record of several MB is landed', async () => {
    const long = exchangeRecord('long', { Parameters: [{ Name: 'Body', Value: '\u00e9'.repeat(3_000_000) }] });
    const { landed, into } = await fixture.land([json(exchangeRecord('before'), long, exchangeRecord('after'))]);
    expect(landed).toMatchObject({ kind: 'written', rows: 3 });
    const lengths = await fixture.query(`SELECT record_id, length(raw) AS chars FROM ${literal(into)} ORDER BY chars DESC LIMIT 1`);
    expect(lengths).toEqual([{ record_id: 'long', chars: String(JSON.stringify(long).length) }]);
  });

  test('of 30 MB is landed within 300 MB, sorted', async () => {
    const filler = 'x'.repeat(1_700);
    const records = Array.from({ length: 15_000 }, (_, n) =>
      exchangeRecord(String(n), {
        CreationTime: new Date(at('08:00') + ((n * 7919) % 15_000) * 1_000).toISOString(),
        Filler: filler + String(n),
      }),
    );
    const text = json(...records);
    expect(text.length).toBeGreaterThan(30_000_000);
    const { landed, into } = await fixture.land([text]);
    expect(landed).toMatchObject({ kind: 'written', rows: 15_000 });
    const unsorted = `SELECT event_time < lag(event_time) OVER (ORDER BY file_row_number) AS back FROM read_parquet(${literal(into)}, file_row_number = true)`;
    const counts = await fixture.query(`SELECT count(*) FILTER (WHERE back) AS back, count(*) AS all FROM (${unsorted})`);
    expect(counts).toEqual([{ back: '0', all: '15000' }]);
  });
});

describe('the Parquet file', () => {
  test.each(logTypes.map(({ id }) => ({ id })))('of $id without input has no row and every declared column', async ({ id }) => {
    const { columns } = logTypeById(id);
    const { landed, into } = await fixture.land([], { logType: id });
    expect(landed).toMatchObject({ kind: 'written', rows: 0 });
    const declared = Object.entries(columns).map(([name, { type }]) => `CAST(NULL AS ${duckdbType(type)}) AS "${name}"`);
    const types = async (select: string) => fixture.query(`SELECT column_name, column_type FROM (DESCRIBE ${select})`);
    const wanted = await types(`SELECT ${declared.join(', ')}, '' AS record_key, '' AS raw`);
    expect(await types(`FROM ${literal(into)}`)).toEqual(wanted);
    // The types do not depend on what is in the rows.
    const landedRecord = await fixture.land(['[{}]'], { logType: id });
    expect(await types(`FROM ${literal(landedRecord.into)}`)).toEqual(wanted);
  });

  test('writes times as microseconds in UTC, texts as UTF-8, and packs records with zstd', async () => {
    const { into } = await fixture.land([whole]);
    const schema = await fixture.query(
      `SELECT name, type, coalesce(logical_type, converted_type) AS means FROM parquet_schema(${literal(into)})`,
    );
    const described = new Map(schema.map(({ name, type, means }) => [name, `${String(type)} ${String(means)}`]));
    expect(described.get('event_time')).toMatch(/^INT64 TimestampType\(isAdjustedToUTC=(1|true), .*MICROS/);
    expect(described.get('record_type')).toMatch(/^INT64/);
    expect(described.get('raw')).toMatch(/^BYTE_ARRAY (UTF8|StringType)/);
    const packed = `SELECT compression FROM parquet_metadata(${literal(into)}) WHERE path_in_schema = 'raw'`;
    expect(await fixture.query(packed)).toEqual([{ compression: 'ZSTD' }]);
  });

  test('that cannot be written is an error, whatever the input', async () => {
    const into = join(folder, 'no such folder', 'landed.parquet');
    await expect(fixture.land([whole], { into })).rejects.toThrow(/no such folder/);
    await expect(fixture.land(['[{"Id":"\\ud800"}]'], { into })).rejects.toThrow(/no such folder/);
  });

  test('says how many bytes it has', async () => {
    const { landed, into } = await fixture.land([whole]);
    expect(landed).toMatchObject({ bytes: (await readFile(into)).length });
  });

  test('has its metadata within', async () => {
    const metadata = { job: 'a1b2', fates: 'lle', members: `["it's","\u00e9"]`, key: '2026-11-22T06:00:00.000Z#0' };
    const { into } = await fixture.land([whole], { metadata });
    const pairs = await fixture.query(`SELECT decode(key) AS key, decode(value) AS value FROM parquet_kv_metadata(${literal(into)})`);
    expect(Object.fromEntries(pairs.map(({ key, value }) => [key, value]))).toEqual(expect.objectContaining(metadata));
  });

  test('says what only the job knows', async () => {
    const [row] = await fixture.rows([{ bytes: whole, contentId: 'blob-1' }], { landedAt: at('10:30') });
    expect(row).toMatchObject({
      tenant_id: contoso,
      tenant_name: 'contoso',
      cloud: 'enterprise',
      log_type: 'audit-exchange',
      vendor: 'msft',
      product: 'O365 Exchange Online',
      content_id: 'blob-1',
      landed_at: '2026-11-22 10:30:00+00',
    });
  });

  test.each([
    { name: 'audit-exchange', window: {} },
    { name: 'sign-ins-interactive', window: { window: span('00:00', '23:00') } },
    { name: 'directory-audits', window: { window: span('00:00', '23:00') } },
    { name: 'alerts', window: { window: span('00:00', '23:00') } },
  ])('of $name is sorted by event time over all its files', async ({ name, window }) => {
    const times = ['12:00:00Z', '09:30:00.5Z', '10:30:00+02:00', '07:00:00', '09:30:00.4999999', '11:00:00-01:00'];
    const timed = (time: string, n: number) => {
      const text = `2026-11-22T${time}`;
      const update = { lastUpdateDateTime: '2026-11-22T12:30:00Z' };
      return { Id: time, id: `${time}${String(n)}`, CreationTime: text, createdDateTime: text, activityDateTime: text, ...update };
    };
    const files = [0, 1].map((n) => json(...times.map((time) => timed(time, n))));
    const rows = await fixture.rows(files, { logType: name, ...window });
    const eventTimes = rows.map(({ event_time }) => String(event_time));
    expect(eventTimes).toHaveLength(12);
    expect(eventTimes).toEqual([...eventTimes].sort());
  });

  test.each([{ window: undefined }, { window: span('00:00', '23:00') }])(
    'is the same, byte for byte, on a rerun within $window',
    async ({ window }) => {
      const records = Array.from({ length: 300 }, (_, n) =>
        signIn(String(n % 250), { createdDateTime: `2026-11-22T08:00:0${String(n % 7)}Z` }),
      );
      const from = await fixture.serve([json(...records), json(...records.slice(0, 40))]);
      const run = async () => {
        const { into } = await fixture.landFiles(from, { logType: 'sign-ins-interactive', ...(window ? { window } : {}) });
        return readFile(into);
      };
      expect((await run()).equals(await run())).toBe(true);
    },
  );
});

describe('a record key', () => {
  const keysOf = async (records: readonly unknown[], logType: string): Promise<unknown[]> => {
    const rows = await fixture.rows(
      records.map((record, n) => ({ bytes: json(record), contentId: String(n) })),
      { logType },
    );
    return rows.sort((a, b) => Number(a.content_id) - Number(b.content_id)).map(({ record_key }) => record_key);
  };

  test.each(ownColumns)('of $id is the same whatever order the JSON keys are in', async ({ id }) => {
    const record = specimenRecord(logTypeById(id), (place) => `value ${String(place)}`);
    const other = reordered(record);
    expect(JSON.stringify(other)).not.toBe(JSON.stringify(record));
    const [key, again] = await keysOf([record, other], id);
    expect(key).toMatch(/^[0-9a-f]{32}$/);
    expect(again).toBe(key);
  });

  test('distinguishes a DLP match from its undo, which have one Id', async () => {
    const match = exchangeRecord('dlp', { Operation: 'DlpRuleMatch', RecordType: 11 });
    const overridden = { ...match, ExceptionInfo: { Reason: 'Override', Justification: 'approved' } };
    const keys = await keysOf([match, { ...match, Operation: 'DlpRuleUndo' }, overridden], 'dlp-all');
    expect(new Set(keys).size).toBe(3);
  });

  test('of a corrected sign-in is another one', async () => {
    const keys = await keysOf(
      [signIn('a'), signIn('a', { riskState: 'confirmedSafe' }), signIn('a', { status: { errorCode: 50126 } })],
      'sign-ins-interactive',
    );
    expect(new Set(keys).size).toBe(3);
  });

  test('distinguishes nothing from an empty neighbour: a value that moves to the next column makes another key', async () => {
    const keys = await keysOf(
      [exchangeRecord('a', { UserKey: 'x', ObjectId: '' }), exchangeRecord('a', { UserKey: '', ObjectId: 'x' })],
      'audit-exchange',
    );
    expect(new Set(keys).size).toBe(2);
  });

  test('does not depend on the blob, the tenant name or the time of landing', async () => {
    const [first] = await fixture.rows([{ bytes: json(signIn('a')), contentId: 'one' }], {
      logType: 'sign-ins-interactive',
      landedAt: at('09:00'),
    });
    const [second] = await fixture.rows([{ bytes: json(signIn('a')), contentId: 'two' }], {
      logType: 'sign-ins-interactive',
      landedAt: at('11:00'),
    });
    expect(second?.record_key).toBe(first?.record_key);
  });
});

describe('a window', () => {
  const window = span('08:00', '08:05');
  const idsOf = async (pages: readonly (readonly unknown[])[], logType = 'sign-ins-interactive', without: readonly string[] = []) => {
    const rows = await fixture.rows(
      pages.map((page) => json(...page)),
      { logType, window, without },
    );
    return rows.map(({ record_id }) => record_id).sort();
  };
  const signInAt = (time: string) => signIn(time, { createdDateTime: `2026-11-22T${time}` });

  test('has its start and not its end, to the microsecond', async () => {
    const times = [
      '07:59:59.999999Z',
      '08:00:00Z',
      '08:04:59.9999999Z',
      '08:05:00Z',
      '08:05:00.000001Z',
      '10:01:00+02:00',
      '08:01:00+02:00',
    ];
    expect(await idsOf([times.map(signInAt)])).toEqual(['08:00:00Z', '08:04:59.9999999Z', '10:01:00+02:00']);
  });

  test('is of the time that the log type is asked by, not of the event', async () => {
    const before = alert('updated within', '2026-11-22T08:02:00Z');
    const after = alert('updated after', '2026-11-22T08:06:00Z', { createdDateTime: '2026-11-22T08:02:00Z' });
    expect(await idsOf([[before, after]], 'alerts')).toEqual(['updated within']);
  });

  test('keeps a record whose time cannot be read', async () => {
    expect(
      await idsOf([[signIn('untimed', { createdDateTime: 'soon' }), signIn('year one', { createdDateTime: '0001-01-01T00:00:00Z' })]]),
    ).toEqual(['untimed', 'year one']);
  });

  test('has each record once, though pages repeat it and reorder its keys', async () => {
    const [one, two] = [signInAt('08:01:00Z'), signInAt('08:02:00Z')];
    expect(await idsOf([[one, two, one], [reordered(two)]])).toEqual(['08:01:00Z', '08:02:00Z']);
  });

  test('has every version of a record', async () => {
    const versions = ['new', 'inProgress'].map((status) => alert('a', '2026-11-22T08:01:00Z', { status }));
    expect(await idsOf([versions], 'alerts')).toEqual(['a', 'a']);
  });

  test('leaves out what earlier files hold, and keeps their newer versions', async () => {
    const logType = 'sign-ins-interactive';
    const early = await fixture.land([json(signInAt('08:01:00Z'))], { logType, window, into: join(folder, `earlier's [1] *.parquet`) });
    const none = await fixture.land([], { logType, window });
    const later = await fixture.land([json(signInAt('08:02:00Z'))], { logType, window });
    const without = [early.into, none.into, later.into];
    const corrected = { ...signInAt('08:02:00Z'), riskState: 'atRisk' };
    const pages = [[signInAt('08:01:00Z'), reordered(signInAt('08:02:00Z')), corrected, signInAt('08:03:00Z')]];
    expect(await idsOf(pages, logType, without)).toEqual(['08:02:00Z', '08:03:00Z']);
    expect(await idsOf([[signInAt('08:01:00Z')]], logType, without)).toEqual([]);
  });

  test('with an unreadable page is unreadable', async () => {
    const from = await fixture.serve([json(signInAt('08:01:00Z')), '{"error":{"code":"UnknownError"}}']);
    expect((await fixture.landFiles(from, { logType: 'sign-ins-interactive', window })).landed).toEqual({
      kind: 'unreadable',
      files: [from[1]?.file],
    });
  });

  test('is no matter of content: a blob lands whole, repeated records and all', async () => {
    const rows = await fixture.rows([json(exchangeRecord('a'), exchangeRecord('a')), json(exchangeRecord('a'))]);
    expect(rows).toHaveLength(3);
  });
});
