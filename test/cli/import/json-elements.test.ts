import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { setTimeout } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Found } from '../../../cli/import/found.ts';
import { JsonElements } from '../../../cli/import/json-elements.ts';

/** As if the file came in chunks of so many bytes. */
function elements(text: string, chunkBytes = 1_000): Found[] {
  const bytes = Buffer.from(text);
  const scanner = new JsonElements();
  const found: Found[] = [];
  for (let at = 0; at < bytes.length; at += chunkBytes) found.push(...scanner.push(bytes.subarray(at, at + chunkBytes)));
  return [...found, ...scanner.end()];
}

const texts = (found: readonly Found[]): string[] =>
  found.map(({ kind, bytes }) => `${kind === 'bad' ? 'bad: ' : ''}${bytes.toString().trim()}`);

describe('the elements of a JSON document', () => {
  test.each([
    { name: 'of an array', text: '[{"a":1}, {"b":[2,{"c":"]"}]}]', are: ['{"a":1}', '{"b":[2,{"c":"]"}]}'] },
    { name: 'of an empty array', text: ' [ ] ', are: [] },
    {
      name: 'of a Graph page',
      text: '{"@odata.context":"x","@odata.nextLink":"y","value":[{"id":"1"},{"id":"2"}]}',
      are: ['{"id":"1"}', '{"id":"2"}'],
    },
    { name: 'of a page whose link comes last', text: '{"value":[{"id":"1"}],"@odata.nextLink":"y"}', are: ['{"id":"1"}'] },
    { name: 'of an empty page', text: '{"@odata.count":0,"value":[]}', are: [] },
    { name: 'of several pages', text: '{"value":[{"id":"1"}]}\n{"value":[{"id":"2"}]}', are: ['{"id":"1"}', '{"id":"2"}'] },
    { name: 'of several arrays', text: '[{"a":1}]\n[{"b":2}]', are: ['{"a":1}', '{"b":2}'] },
    {
      name: 'that are objects over several lines',
      text: '{\n "a": {"b": "}"}\n}\n{\n "c": 2\n}',
      are: ['{\n "a": {"b": "}"}\n}', '{\n "c": 2\n}'],
    },
    { name: 'with quotes and backslashes', text: '[{"a":"\\\\\\"]"},{"b":"\\\\"}]', are: ['{"a":"\\\\\\"]"}', '{"b":"\\\\"}'] },
    { name: 'of a record that has a value of its own', text: '{"id":"1","value":[1,2]}', are: ['{"id":"1","value":[1,2]}'] },
    { name: 'of a record whose value is no list', text: '{"value":{"x":[1]},"id":"1"}', are: ['{"value":{"x":[1]},"id":"1"}'] },
    { name: 'that are no objects', text: '[1, oops, "x,y"]', are: ['1', 'bad: oops, "x,y"]'] },
    { name: 'of Event Hub', text: '{"records":[{"a":1},{"b":2}]}', are: ['{"a":1}', '{"b":2}'] },
    { name: 'that are texts', text: '"{\\"a\\":1}"\n"[]"', are: ['"{\\"a\\":1}"', '"[]"'] },
    {
      name: 'beside a text without its end',
      text: '[{"a":"x,"b":1},{"c":2},{"d":3}]',
      are: ['bad: {"a":"x,"b":1},', '{"c":2}', '{"d":3}'],
    },
    { name: 'beside a text that a line end cuts', text: '[{"a":"x\n"},{"c":2}]', are: ['bad: {"a":"x\n"},', '{"c":2}'] },
    { name: 'in a page beside a broken one', text: '{"value":[{"a:1},{"c":2}],"@odata.nextLink":"y"}', are: ['bad: {"a:1},', '{"c":2}'] },
    {
      name: 'of a page in which a bracket stands for a brace',
      text: '{"value":[{"a":1},]"Time":1,"Id":"g,{"Time":1,"Id":"c"},{"d":3}],"@odata.nextLink":"y"}',
      are: ['{"a":1}', 'bad: "Time":1,"Id":"g,', '{"Time":1,"Id":"c"}', '{"d":3}'],
    },
    {
      name: 'of a page beside a record that has lost its brace and ended the list',
      text: '{"value":[{"a":1}],"Id":"b"},{"c":2}],"@odata.nextLink":"y"}',
      are: ['{"a":1}', ',"Id":"b"}', '{"c":2}', 'bad: ],"@odata.nextLink":"y"}'],
    },
    {
      name: 'of a page that ends early, with another record before its end',
      text: '{"value":[{"a":1}],"b":[{"c":2}]}',
      are: ['{"a":1}', ',"b":[', '{"c":2}'],
    },
    {
      name: 'of a page that is cut off after its records',
      text: '{"value":[{"a":1}],"@odata.nextLink":"y',
      are: ['{"a":1}', 'bad: ,"@odata.nextLink":"y'],
    },
    {
      name: 'of a line that begins within a record of a list',
      text: '":null},{"Time":1,"Id":"b"},{"Time":1,"Id":"c"}]',
      are: ['bad: ":null},', '{"Time":1,"Id":"b"}', '{"Time":1,"Id":"c"}'],
    },
    { name: 'of a page with names of its own', text: '{"results":[{"a":1}],"took":{"ms":[3]},"more":false}', are: ['{"a":1}'] },
    {
      name: 'beside a broken one with a list',
      text: '[{"a:1,"b":[{"c":1}],"d":2},{"e":3}]',
      are: ['bad: {"a:1,"b":[', '{"c":1}', 'bad: "d":2},', '{"e":3}'],
    },
    { name: 'of an array that is cut off', text: '[{"a":1},{"b":', are: ['{"a":1}', 'bad: {"b":'] },
    { name: 'of an array that is cut off between two', text: '[{"a":1}', are: ['{"a":1}', 'bad: '] },
    { name: 'of an object that is cut off', text: '{"a":1}\n{"b"', are: ['{"a":1}', 'bad: {"b"'] },
    { name: 'beside rubbish', text: 'oops\n{"a":1}\nwell', are: ['bad: oops', '{"a":1}', 'well'] },
    { name: 'beside a closing brace too many', text: '[{"a":1}},{"b":2}]', are: ['{"a":1}}', '{"b":2}'] },
  ])('$name', ({ text, are }) => {
    expect(texts(elements(text))).toEqual(are);
    for (const size of [1, 2, 3, 7]) expect(texts(elements(text, size))).toEqual(are);
  });

  test('know the line they begin on', () => {
    expect(elements('[\n{"a":1},\n\n{"b":\n2}\n]').map(({ line }) => line)).toEqual([2, 4]);
  });

  test('are the same however the bytes come, for any records', () => {
    fc.assert(
      fc.property(
        fc.array(fc.dictionary(fc.string(), fc.jsonValue())),
        fc.constantFrom(undefined, 1),
        fc.integer({ min: 1, max: 40 }),
        (records, indent, size) => {
          const found = elements(JSON.stringify(records, undefined, indent), size);
          expect(found.map(({ bytes }) => JSON.parse(bytes.toString()) as unknown)).toEqual(JSON.parse(JSON.stringify(records)));
        },
      ),
    );
  });

  test('are no longer than a record may be, and the next one is found', () => {
    const long = `{"a":"${'x'.repeat(16 * 2 ** 20)}"}`;
    const found = elements(`[${long},{"b":2}]`, 65_536);
    expect(found.map(({ kind }) => kind)).toEqual(['bad', 'record']);
    expect(found[0]?.bytes.length).toBe(15 * 2 ** 20);
  });
});

test.each([
  { name: 'brackets that nest without end', first: '', chunk: '[' },
  { name: 'a text without end', first: '{"Id":"', chunk: 'x' },
  { name: 'what is no JSON at all', first: '{"Id":?', chunk: '?' },
])('memory holds one record of $name, and no more', async ({ first, chunk }) => {
  const scanner = new JsonElements();
  scanner.push(Buffer.from(first));
  const before = usedBytes();
  for (let count = 0; count < 640; count += 1) scanner.push(Buffer.alloc(65_536, chunk));
  // Of 40 MiB; a record has at most 15. What nobody holds is given back by a thread of its own, which has to come to it.
  for (let tries = 0; tries < 100 && usedBytes() - before >= 20 * 2 ** 20; tries += 1) await setTimeout(50);
  expect(usedBytes() - before).toBeLessThan(20 * 2 ** 20);
  expect(scanner.end().map(({ kind }) => kind)).toEqual(['bad']);
});

/** Of buffers, without those that nobody has any more. */
function usedBytes(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  return process.memoryUsage().arrayBuffers;
}
