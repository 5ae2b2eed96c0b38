/** Files that people import, damaged: what is broken costs itself, and everything else is read. */

import { Readable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { textBytes } from '../../../cli/import/file-bytes.ts';
import { fileFormat } from '../../../cli/import/file-format.ts';
import { readRecords } from '../../../cli/import/read-record.ts';
import { recordsIn } from '../../../cli/import/records-of-file.ts';
import { routeRecord } from '../../../cli/import/route-record.ts';
import { mutated } from '../hostile.ts';
import { hold, target, type Target } from '../target.ts';

const ids = ['a', 'b', 'c', 'd', 'e', 'f'];
const records = ids.map((id) => ({
  CreationTime: '2026-11-20T10:00:00',
  Id: id,
  Operation: 'MailItemsAccessed',
  RecordType: 50,
  Workload: 'Exchange',
  UserId: 'jürgen@contoso.example',
  Folders: [
    { Path: '\\Inbox', Items: [{ Id: 'x"y' }, { Id: '{' }] },
    { Path: 'a,b;c|d\te', Items: [] },
  ],
  Empty: null,
}));

/** How a file is written around its rows. */
interface Form {
  readonly name: string;
  readonly before: string;
  readonly between: string;
  readonly after: string;
  readonly row: (record: object) => string;
  readonly encode?: (text: string) => Buffer;
}

const doubled = (text: string): string => `"${text.replaceAll('"', '""')}"`;
const csv = (delimiter: string, cell = doubled): Pick<Form, 'between' | 'after' | 'row'> => ({
  between: '\r\n',
  after: '\r\n',
  row: (record) => [doubled('id'), doubled('50'), cell(JSON.stringify(record)), doubled('')].join(delimiter),
});

const forms: readonly Form[] = [
  { name: 'Purview', before: '\ufeffRecordId,RecordType,AuditData,Units\r\n', ...csv(',') },
  { name: 'Excel', before: 'RecordId;RecordType;Audit Data;Units\r\n', ...csv(';') },
  { name: 'pipes, CR alone', before: 'RecordId|RecordType|AuditData|Units\r', ...csv('|'), between: '\r', after: '' },
  {
    name: 'Spark',
    before: 'RecordId,RecordType,AuditData,Units\n',
    ...csv(',', (json) => `"${json.replaceAll('\\"', '\\\\\\"').replaceAll(/(?<!\\)"/g, '\\"')}"`),
  },
  {
    name: 'PowerShell, tabs in UTF-16',
    before: '\ufeffRecordId\tRecordType\tAuditData\tUnits\r\n',
    ...csv('\t'),
    encode: (text) => Buffer.from(text, 'utf16le'),
  },
  {
    name: 'carets, in UTF-32',
    before: '\ufeffRecordId^RecordType^AuditData^Units\r\n',
    ...csv('^'),
    encode: (text) => Buffer.from(Uint32Array.from(Array.from(text, (char) => char.codePointAt(0) ?? 0)).buffer),
  },
  {
    name: 'JSON lines, packed twice',
    before: '',
    between: '\n',
    after: '\n',
    row: (record) => JSON.stringify(record),
    encode: (text) => gzipSync(gzipSync(text)),
  },
  { name: 'JSON lines', before: '', between: '\n', after: '\n', row: (record) => JSON.stringify(record) },
  { name: 'a list', before: '[', between: ',', after: ']', row: (record) => JSON.stringify(record) },
  { name: 'a list over lines', before: '[\n  ', between: ',\n  ', after: '\n]\n', row: (record) => JSON.stringify(record, undefined, 2) },
  {
    name: 'a page',
    before: '{"@odata.context":"x","value":[',
    between: ',',
    after: '],"@odata.nextLink":"y"}',
    row: (record) => JSON.stringify(record),
  },
  {
    name: 'ConvertTo-Json',
    before: '[\r\n',
    between: ',\r\n',
    after: '\r\n]',
    row: (record) => JSON.stringify({ Identity: 'x', AuditData: JSON.stringify(record) }, undefined, 4).replaceAll('\n', '\r\n'),
  },
];

/** One row is damaged, anywhere in it; the others and what stands around them are as they were. */
const damaged = fc.constantFrom(...forms).chain((form) =>
  fc.nat(records.length - 1).chain((broken) =>
    fc.tuple(mutated(form.row(records[broken] ?? {})), fc.integer({ min: 1, max: 200 }), fc.boolean()).map(([row, chunkBytes, isCut]) => {
      const rows = records.map((record, index) => (index === broken ? (isCut ? row.slice(0, row.length / 2) : row) : form.row(record)));
      const isGone = !/[^\s,\ufeff]/.test(rows[broken] ?? '');
      return { form: form.name, broken: ids[broken] ?? '', isGone, text: form.before + rows.join(form.between) + form.after, chunkBytes };
    }),
  ),
);

/** Damaged anywhere: its headings, what stands between rows, its beginning and end. */
const anywhere = fc
  .constantFrom(...forms)
  .chain((form) =>
    fc.tuple(
      fc.constant(form),
      mutated(form.before + records.map(form.row).join(form.between) + form.after),
      fc.integer({ min: 1, max: 200 }),
    ),
  );

/** Records packed by gzip, of which some bytes are others, or gone, or that other bytes follow. */
const archives = fc
  .tuple(
    fc.integer({ min: 1, max: 400 }),
    fc.double({ min: 0, max: 1, noNaN: true }),
    fc.uint8Array({ maxLength: 40 }),
    fc.constantFrom('cut', 'spoil', 'follow'),
  )
  .map(([times, share, bytes, how]) => {
    const packed = gzipSync(
      Array<string>(times)
        .fill(`${JSON.stringify(records[0])}\n`)
        .join(''),
    );
    const at = Math.floor(share * packed.length);
    if (how === 'cut') return packed.subarray(0, at);
    if (how === 'follow') return Buffer.concat([packed, bytes]);
    return Buffer.concat([packed.subarray(0, at), bytes, packed.subarray(at + bytes.length)]);
  })
  .chain((packed) => fc.tuple(fc.constant(packed), fc.integer({ min: 1, max: 5_000 })));

const longestMs = 60_000;

/** Reads all of it. That the damage is thrown is an end like another. */
async function piecesOf(packed: Buffer, chunkBytes: number): Promise<'ended'> {
  try {
    for await (const piece of textBytes(chunks(packed, chunkBytes))) hold(piece.length <= 1_048_576, 'a piece is longer than a mebibyte');
  } catch (error) {
    hold(typeof error === 'object' && error !== null && 'code' in error && String(error.code).startsWith('Z_'), String(error));
  }
  return 'ended';
}

/** How often each id was read as a record, and how many pieces were none. */
async function read(
  bytes: Buffer,
  chunkBytes: number,
): Promise<{ readonly found: ReadonlyMap<string, number>; readonly bad: number; readonly texts: string[] }> {
  const format = fileFormat(await head(bytes));
  const found = new Map<string, number>();
  let bad = 0;
  const texts: string[] = [];
  for await (const piece of recordsIn(textBytes(chunks(bytes, chunkBytes)), format)) {
    for (const record of readRecords(piece, () => undefined)) {
      const isRecord = record.kind === 'record' && routeRecord(record, undefined).kind === 'log-type';
      if (isRecord) texts.push(record.text);
      if (isRecord) found.set(String(record.json.Id), (found.get(String(record.json.Id)) ?? 0) + 1);
      else bad += 1;
    }
  }
  return { found, bad, texts };
}

async function head(bytes: Buffer): Promise<Buffer> {
  const pieces = [];
  for await (const piece of textBytes(chunks(bytes, 65_536))) pieces.push(piece);
  return Buffer.concat(pieces).subarray(0, 65_536);
}

function chunks(bytes: Buffer, size: number): AsyncIterable<Buffer> {
  const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) => bytes.subarray(index * size, (index + 1) * size));
  return Readable.from(pieces) as AsyncIterable<Buffer>;
}

export const importTargets: readonly Target[] = [
  target({ name: 'broken-rows', what: 'files to import, of which one row is broken', share: 20, cost: 20 }, damaged, async (file) => {
    const { encode = (text: string) => Buffer.from(text) } = forms.find(({ name }) => name === file.form) ?? {};
    const { found, bad, texts } = await read(encode(file.text), file.chunkBytes);
    // A list that has lost its bracket may be good JSON with the next record in it.
    const isWithin = (id: string): boolean =>
      texts.some((text) => text.replaceAll(/\s/g, '').includes(`},{"CreationTime":"2026-11-20T10:00:00","Id":"${id}"`));
    const others = ids.filter((one) => one !== file.broken && !isWithin(one));
    for (const id of others) hold(found.get(id) === 1, `record ${id} was read ${String(found.get(id) ?? 0)} times`);
    hold(bad < 100, `one broken row came to ${String(bad)} pieces`);
    hold(texts.length + bad > others.length || isWithin(file.broken) || file.isGone, 'the broken row is nowhere');
  }),
  target(
    { name: 'broken-files', what: 'files to import, damaged anywhere', share: 10, cost: 20 },
    anywhere,
    async ([form, text, chunkBytes]) => {
      const { encode = (plain: string) => Buffer.from(plain) } = form;
      const { found } = await read(encode(text), chunkBytes);
      for (const [id, times] of found) hold(times === 1 || !ids.includes(id), `record ${id} was read ${String(times)} times`);
    },
  ),
  target(
    { name: 'broken-archives', what: 'archives to import, cut off, damaged or followed by something', share: 5, cost: 20 },
    archives,
    async ([packed, chunkBytes]) => {
      const ended = await Promise.race([piecesOf(packed, chunkBytes), setTimeout(longestMs, 'hangs' as const, { ref: false })]);
      hold(ended !== 'hangs', `reading ${String(packed.length)} bytes did not end`);
    },
  ),
];
