import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mend, piecesOf } from '../../../shared/landing/json-pieces.ts';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'json-pieces-'));
  file = join(folder, 'blob.json');
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

describe('pieces', () => {
  test.each([
    { name: 'a small file is one', elements: ['1', '2'], pieceBytes: 100, pieces: ['[1,2]'] },
    {
      name: 'a piece ends with the element that fills it',
      elements: ['"aaaa"', '"bbbb"', '"cccc"'],
      pieceBytes: 10,
      pieces: ['["aaaa","bbbb"]', '["cccc"]'],
    },
    {
      name: 'an element too large for any is one of its own',
      elements: ['"aaaaaaaaaaaaaaa"', '1'],
      pieceBytes: 5,
      pieces: ['["aaaaaaaaaaaaaaa"]', '[1]'],
    },
    { name: 'of nothing there are none', elements: [], pieceBytes: 100, pieces: [] },
  ])('$name', async ({ elements, pieceBytes, pieces }) => {
    await writeFile(file, `[ ${elements.join(' , ')} ]`);
    const found = [];
    for await (const piece of piecesOf(file, pieceBytes)) found.push(await readFile(piece, 'utf8'));
    expect(found).toEqual(pieces);
    expect(await readdir(folder)).toEqual(['blob.json']);
  });
});

describe('mending', () => {
  test.each([
    { name: 'half of a surrogate pair is replaced', text: String.raw`[{"a":"x\ud83dy"}]`, mended: String.raw`[{"a":"x\ufffdy"}]` },
    { name: 'the other half is replaced', text: String.raw`[{"a":"\uDCC5"}]`, mended: String.raw`[{"a":"\ufffd"}]` },
    {
      name: 'numbers, repeated keys and their order stay',
      text: String.raw`[{"b":12345678901234567890,"a":1,"a":2,"c":"\ud800"}]`,
      mended: String.raw`[{"b":12345678901234567890,"a":1,"a":2,"c":"\ufffd"}]`,
    },
    {
      name: 'what is no surrogate stays',
      text: String.raw`["\\ud800","\ud83d\udcc5","\ud800"]`,
      mended: String.raw`["\\ud800","\ud83d\udcc5","\ufffd"]`,
    },
  ])('$name', async ({ text, mended }) => {
    await writeFile(file, text);
    expect(await mend(file)).toBe('mended');
    expect(await readFile(file, 'utf8')).toBe(mended);
    expect(await readdir(folder)).toEqual(['blob.json']);
  });

  test('replaces bytes that are no UTF-8', async () => {
    await writeFile(file, Buffer.from([...Buffer.from('["x'), 0xff, ...Buffer.from('y"]')]));
    expect(await mend(file)).toBe('mended');
    expect(await readFile(file, 'utf8')).toBe('["x\ufffdy"]');
  });

  test.each([
    { text: '\ufeff[ {"a": 1} ]', look: 'clean' },
    { text: '[]', look: 'clean' },
    { text: '[1,2', look: 'unreadable' },
    { text: '[nonsense]', look: 'unreadable' },
    { text: '{"error":{}}', look: 'unreadable' },
    { text: '', look: 'unreadable' },
  ])('leaves $text as it is: $look', async ({ text, look }) => {
    await writeFile(file, text);
    expect(await mend(file)).toBe(look);
    expect(await readFile(file, 'utf8')).toBe(text);
    expect(await readdir(folder)).toEqual(['blob.json']);
  });
});
