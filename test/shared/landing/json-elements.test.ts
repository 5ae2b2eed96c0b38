import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { elementsOf, NoJsonArray } from '../../../shared/landing/json-elements.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'json-elements-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

async function elements(text: string | Buffer): Promise<string[]> {
  const file = join(folder, 'array.json');
  await writeFile(file, text);
  const found = [];
  for await (const element of elementsOf(file)) found.push(element.toString());
  return found;
}

describe('the elements of a file', () => {
  test.each([
    { name: 'an empty array', text: '[]', found: [] },
    { name: 'white space everywhere', text: ' [ {"a" : 1} ,\r\n\t[2, 3] , "x" ] \n', found: ['{"a" : 1}', '[2, 3]', '"x"'] },
    { name: 'a byte order mark', text: '\ufeff[1]', found: ['1'] },
    { name: 'brackets, commas and quotes in a text', text: String.raw`[{"a":"],[{\"},"},2]`, found: [String.raw`{"a":"],[{\"},"}`, '2'] },
    { name: 'a backslash at the end of a text', text: String.raw`["\\","x"]`, found: [String.raw`"\\"`, '"x"'] },
    { name: 'sixteen levels', text: `[${'['.repeat(16)}${']'.repeat(16)}]`, found: ['['.repeat(16) + ']'.repeat(16)] },
    { name: 'what is no JSON, but stands alone', text: '[nonsense,1]', found: ['nonsense', '1'] },
  ])('are found in $name', async ({ text, found }) => {
    expect(await elements(text)).toEqual(found);
  });

  test.each([
    { name: 'nothing', text: '' },
    { name: 'white space', text: ' \n' },
    { name: 'an object', text: '{"error":{"code":"AF50000"}}' },
    { name: 'a page of HTML', text: '<html>[]</html>' },
    { name: 'an array that is cut off', text: '[{"a":1},{"a":2' },
    { name: 'an array that is cut off after a comma', text: '[{"a":1}, ' },
    { name: 'an array cut off within a text', text: '["]' },
    { name: 'something after the array', text: '[1] [2]' },
    { name: 'a comma at the end', text: '[1,]' },
    { name: 'two commas', text: '[1,,2]' },
    { name: 'a comma alone', text: '[,]' },
  ])('are not to be had from $name', async ({ text }) => {
    await expect(elements(text)).rejects.toBeInstanceOf(NoJsonArray);
  });

  test('are those that JSON.parse sees, whatever they are', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.jsonValue(), { maxLength: 8 }), fc.nat({ max: 2 }), async (values, indent) => {
        const found = await elements(JSON.stringify(values, undefined, indent));
        expect(found.map((element) => JSON.parse(element) as unknown)).toEqual(JSON.parse(JSON.stringify(values)));
      }),
      { numRuns: 60 },
    );
  });

  test('are whole where they stand across the chunks of a file', async () => {
    const long = `"${'x'.repeat(2_500_000)}"`;
    expect(await elements(`[${long},1,${long}]`)).toEqual([long, '1', long]);
  });
});
