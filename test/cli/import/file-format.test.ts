import { describe, expect, test } from '@jest/globals';
import { fileFormat } from '../../../cli/import/file-format.ts';

describe('the format of a file', () => {
  test.each([
    { name: 'a record a line', text: '{"Id":"1"}\n{"Id":"2"}\n', is: { kind: 'json-lines' } },
    { name: 'one record', text: '{"Id":"1"}', is: { kind: 'json-lines' } },
    { name: 'nothing', text: ' \n', is: { kind: 'json-lines' } },
    { name: 'a first line that is broken', text: '{"Id":\n{"Id":"2"}\n', is: { kind: 'json-lines' } },
    { name: 'a first line that is rubbish', text: 'oops\n{"Id":"2"}\n', is: { kind: 'json-lines' } },
    { name: 'a page a line', text: '{"value":[{"id":"1"}]}\n{"value":[]}\n', is: { kind: 'json-lines' } },
    { name: 'an array', text: '\n[{"Id":"1"}]', is: { kind: 'json' } },
    { name: 'objects over several lines', text: '{\n  "Id": "1"\n}\n{\n  "Id": "2"\n}', is: { kind: 'json' } },
    { name: 'a page over several lines', text: '{\r\n  "@odata.context": "x",\r\n  "value": [\r\n', is: { kind: 'json' } },
    { name: 'a page on one line without end', text: `{"@odata.context":"x","value":[{"id":"${'x'.repeat(65_536)}`, is: { kind: 'json' } },
    { name: 'a Purview export', text: 'RecordId,CreationDate,AuditData\n', is: { kind: 'csv', delimiter: ',' } },
    { name: 'one that Excel has saved', text: '"CreationDate";"auditdata"\r\n', is: { kind: 'csv', delimiter: ';' } },
  ])('$name', ({ text, is }) => {
    expect(fileFormat(Buffer.from(text).subarray(0, 65_536))).toEqual(is);
  });

  test.each([
    { name: 'a zip archive', text: 'PK\u0003\u0004', says: 'unpack it first' },
    { name: 'a zip archive in which a table is stored as it is', text: 'PK\u0003\u0004\nRecordId,AuditData\n', says: 'unpack it first' },
    { name: 'an archive of bzip2', text: 'BZh91AY', says: 'packed by bzip2' },
    { name: 'a file of Event Hubs Capture', text: 'Obj\u0001\u0004', says: 'Avro' },
    { name: 'a Parquet file', text: 'PAR1\u0015', says: 'Parquet' },
    { name: 'an error page', text: '<!DOCTYPE html>', says: 'HTML' },
    { name: 'another CSV', text: 'Date,User,Status\n1,2,3', says: 'no AuditData column; its columns are Date,User,Status' },
    { name: 'prose', text: 'Dear colleagues', says: 'neither JSON lines' },
  ])('of $name is unknown, with what it looks like', ({ text, says }) => {
    const format = fileFormat(Buffer.from(text));
    expect(format.kind === 'unknown' ? format.why : format.kind).toContain(says);
  });
});

test.each([
  { name: 'escaped quotes', text: `{"a": "${'\\"'.repeat(32_000)}\nx` },
  { name: 'quotes', text: `{${'"'.repeat(65_000)}\nx` },
  { name: 'names of a page', text: `{${'"@a":1,'.repeat(9_000)}` },
  { name: 'one long name', text: `{"@${'a'.repeat(65_000)}` },
  { name: 'very many columns', text: `${'a,'.repeat(32_000)}"` },
  { name: 'blanks', text: `${' '.repeat(65_000)}x` },
  { name: 'blank lines', text: `x${'\n'.repeat(65_000)}y` },
  { name: 'backslashes', text: `a,b\n"{${'\\'.repeat(65_000)}` },
])('64 KB of $name are judged in no time', ({ text }) => {
  const begun = process.cpuUsage();
  fileFormat(Buffer.from(text));
  const { user, system } = process.cpuUsage(begun);
  expect((user + system) / 1_000).toBeLessThan(200);
});
