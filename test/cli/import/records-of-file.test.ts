import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import type { Found } from '../../../cli/import/found.ts';
import { formatOfFile, recordsOfFile } from '../../../cli/import/records-of-file.ts';
import { temporaryFolders } from '../../helpers/temporary-folder.ts';

const makeFolder = temporaryFolders();

async function read(bytes: string | Buffer): Promise<Found[]> {
  const file = join(await makeFolder(), 'a file');
  await writeFile(file, bytes);
  const found: Found[] = [];
  for await (const one of recordsOfFile(file, await formatOfFile(file))) found.push(one);
  return found;
}

const texts = (found: readonly Found[]): string[] => found.map((one) => (one.kind === 'bad' ? `bad: ${one.why}` : one.bytes.toString()));
const twoLines = '{"Id":"1"}\n{"Id":"2"}\n';
const twoRecords = ['{"Id":"1"}', '{"Id":"2"}'];

describe('the records of a file', () => {
  test.each([
    { name: 'JSON lines', bytes: twoLines },
    { name: 'JSON lines with blank ones, from Windows', bytes: '\r\n{"Id":"1"}\r\n\r\n  {"Id":"2"}' },
    { name: 'with a byte order mark', bytes: `\ufeff${twoLines}` },
    { name: 'in UTF-16, as PowerShell redirects', bytes: Buffer.from(`\ufeff${twoLines}`, 'utf16le') },
    { name: 'packed', bytes: gzipSync(twoLines) },
    { name: 'packed in two pieces', bytes: Buffer.concat([gzipSync('{"Id":"1"}\n'), gzipSync('{"Id":"2"}\n')]) },
    { name: 'packed, with a byte order mark', bytes: gzipSync(`\ufeff${twoLines}`) },
    { name: 'an array', bytes: '[{"Id":"1"},\n{"Id":"2"}]' },
    { name: 'an array a line', bytes: '[{"Id":"1"}]\n[{"Id":"2"}]\n' },
    { name: 'a page a line', bytes: '{"value":[{"Id":"1"}]}\n{"@odata.context":"x","value":[{"Id":"2"}]}\n' },
    { name: 'a packed page over several lines', bytes: gzipSync('{\n"@odata.context":"x",\n"value": [{"Id":"1"},{"Id":"2"}]}') },
    { name: 'a Purview export', bytes: 'RecordId,AuditData,Else\n1,"{""Id"":""1""}",x\n2,"{""Id"":""2""}",y\n' },
    { name: 'a Purview export as Excel saves it', bytes: '\ufeff"Else";"AUDITDATA"\r\n"x";"{""Id"":""1""}"\r\n"y";"{""Id"":""2""}"\r\n' },
  ])('$name', async ({ bytes }) => {
    expect(texts(await read(bytes))).toEqual(twoRecords);
  });

  test('come with the line they begin on', async () => {
    expect((await read('{"Id":"1"}\n\noops\n{"Id":"2"}')).map(({ line }) => line)).toEqual([1, 3, 4]);
    expect((await read('AuditData\n"{""Id"":\n""1""}"\n"{""Id"":""2""}"\n')).map(({ line }) => line)).toEqual([2, 4]);
  });

  test('of CSV without AuditData in a row, or too few quotes, leave the other rows alone', async () => {
    expect(texts(await read('A,AuditData\n1,\n2,"{""Id"":""2""}"\n'))).toEqual(['bad: AuditData is empty', '{"Id":"2"}']);
    expect(texts(await read('A,AuditData\n1,x"y\n2,"{""Id"":""2""}"\n'))).toEqual(['x"y', '{"Id":"2"}']);
    expect(texts(await read('A,AuditData\n1,"x"y\n2,"{""Id"":""2""}"\n'))).toEqual([expect.stringContaining('bad: no CSV'), '{"Id":"2"}']);
  });

  test('of an archive that is damaged in its middle are those before the damage, and an end', async () => {
    const packed = gzipSync(Array.from({ length: 20_000 }, (_, index) => `{"Id":"${String(index * 7919)}"}`).join('\n'));
    packed.fill(0xff, packed.length - 400, packed.length - 300);
    const found = texts(await read(packed));
    expect(found.slice(0, 2)).toEqual(['{"Id":"0"}', '{"Id":"7919"}']);
    expect(found.at(-1)).toMatch(/^bad: the file cannot be read any further: /);
  });

  test.each([{ after: 'more' }, { after: 'm'.repeat(9_000) }])('of an archive that something follows have an end', async ({ after }) => {
    const reading = read(Buffer.concat([gzipSync('{"Id":"1"}\n'), Buffer.from(after)]));
    await expect(reading).rejects.toThrow(/unpack it with gunzip, and import what comes out \(incorrect header check\)/);
  });

  test('of an archive that zeros follow, as on a tape, are all of it', async () => {
    expect(texts(await read(Buffer.concat([gzipSync('{"Id":"1"}\n'), Buffer.alloc(9_000)])))).toEqual(['{"Id":"1"}']);
  });

  test('of an archive that is cut off are those before the cut', async () => {
    const many = Array.from({ length: 20_000 }, (_, index) => `{"Id":"${String(index * 7919)}"}`).join('\n');
    const packed = gzipSync(many);
    const found = texts(await read(packed.subarray(0, packed.length - 100)));
    expect(found.slice(0, 2)).toEqual(['{"Id":"0"}', '{"Id":"7919"}']);
    expect(found.at(-1)).toMatch(/^bad: the file cannot be read any further: .*unexpected end of file/);
  });
});
