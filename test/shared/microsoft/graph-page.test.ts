import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { splitGraphPage } from '../../../shared/microsoft/graph-page.ts';

const split = (text: string) => {
  const page = splitGraphPage(Buffer.from(text));
  return page.kind === 'page' ? { ...page, rows: page.rows.toString('utf8') } : page;
};

test('rows stay byte for byte, big numbers, escapes and odd spacing included', () => {
  const rows = '[ {"id":12345678901234567890,"a":1.00,"t":"\\u00e9\\"]}" } ,\n{"id":"b"}]';
  expect(split(`{"@odata.context":"x]}","value":${rows},"@odata.nextLink":"https://next"}`)).toEqual({
    kind: 'page',
    rows,
    isEmpty: false,
    nextLink: 'https://next',
  });
});

test.each([
  { name: 'is empty', text: '{"value":[]}', isEmpty: true },
  { name: 'is empty with blanks inside', text: ' {"value" : [ \r\n\t ] } ', isEmpty: true },
  { name: 'has a byte order mark', text: '\ufeff{"value":[1]}', isEmpty: false },
  { name: 'has an escaped key', text: '{"\\u0076alue":[1]}', isEmpty: false },
  { name: 'has a value deeper down as well', text: '{"a":{"value":5},"value":[{"value":[]}]}', isEmpty: false },
])('a page that $name is read', ({ text, isEmpty }) => {
  expect(split(text)).toMatchObject({ kind: 'page', isEmpty });
});

test('a page whose nextLink is null or empty is the last', () => {
  expect(split('{"value":[],"@odata.nextLink":null}')).not.toHaveProperty('nextLink');
  expect(split('{"value":[],"@odata.nextLink":""}')).not.toHaveProperty('nextLink');
});

test.each([
  { name: 'nothing', text: '' },
  { name: 'a list', text: '[{"value":[]}]' },
  { name: 'HTML', text: '<html>value</html>' },
  { name: 'an error object', text: '{"error":{"code":"x","value":[]}}' },
  { name: 'an error object with a value', text: '{"error":{"code":"x"},"value":[]}' },
  { name: 'no value', text: '{"@odata.context":"x"}' },
  { name: 'an empty object', text: '{}' },
  { name: 'a value that is null', text: '{"value":null}' },
  { name: 'a value that is an object', text: '{"value":{"a":[]}}' },
  { name: 'a value that is text', text: '{"value":"[]"}' },
  { name: 'two values', text: '{"value":[1],"value":[2]}' },
  { name: 'a page cut in a row', text: '{"value":[{"a":"b' },
  { name: 'a page cut in an escape', text: '{"value":["\\' },
  { name: 'a page cut after the rows', text: '{"value":[]' },
  { name: 'rubbish after the page', text: '{"value":[]} x' },
  { name: 'a nextLink that is a number', text: '{"value":[],"@odata.nextLink":5}' },
  { name: 'a missing comma', text: '{"a":1 "value":[]}' },
])('$name is malformed', ({ text }) => {
  expect(split(text).kind).toBe('malformed');
});

const json = fc.oneof(
  fc.json({ noUnicodeString: false, maxDepth: 4 }),
  fc
    .dictionary(fc.constantFrom('value', '@odata.nextLink', 'a', 'error', '"\\'), fc.jsonValue({ noUnicodeString: false }))
    .map((object) => JSON.stringify(object)),
  fc
    .tuple(fc.array(fc.jsonValue()), fc.option(fc.string({ minLength: 1 })), fc.nat(3))
    .map(([value, nextLink, indent]) =>
      JSON.stringify({ '@odata.context': 'x', value, ...(nextLink === null ? {} : { '@odata.nextLink': nextLink }) }, null, indent),
    ),
);

test('the splitter agrees with JSON.parse on any JSON', () => {
  fc.assert(
    fc.property(json, (text) => {
      const parsed = JSON.parse(text) as Record<string, unknown> | null;
      const page = split(text);
      const isPage = typeof parsed === 'object' && parsed !== null && Array.isArray(parsed.value) && !('error' in parsed);
      const next = isPage ? parsed['@odata.nextLink'] : undefined;
      if (!isPage || !(next === undefined || next === null || typeof next === 'string')) {
        expect(page.kind).toBe('malformed');
        return;
      }
      if (page.kind === 'malformed') throw new Error(page.why);
      expect(JSON.parse(page.rows)).toEqual(parsed.value);
      expect(page.isEmpty).toBe((parsed.value as unknown[]).length === 0);
      expect(page.nextLink).toBe(typeof next === 'string' && next !== '' ? next : undefined);
    }),
    { numRuns: 5_000 },
  );
});

test('damaged JSON never throws and never yields rows that are no list', () => {
  fc.assert(
    fc.property(json, fc.nat(), fc.string({ maxLength: 3 }), (text, at, piece) => {
      const cut = at % (text.length + 1);
      const page = split(text.slice(0, cut) + piece);
      if (page.kind === 'page') expect(page.rows).toMatch(/^\[[^]*\]$/);
    }),
    { numRuns: 5_000 },
  );
});
