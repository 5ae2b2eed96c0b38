/** What a rule asks is compiled twice, to JavaScript and to SQL: both have to answer alike, record by record. */

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { DuckDBConnection } from '@duckdb/node-api';
import fc from 'fast-check';
import { duckdbType } from '../../../shared/domain/columns.ts';
import { literal } from '../../../shared/domain/literal.ts';
import { sqlMacros } from '../../../shared/domain/sql-macros.ts';
import { bind } from '../../../shared/detections/compile/bound.ts';
import { duckdb as dialect, networkPrefixes, trino } from '../../../shared/detections/compile/dialect.ts';
import { predicateOf } from '../../../shared/detections/compile/predicate.ts';
import type { Row, Value } from '../../../shared/detections/compile/row.ts';
import { conditionOf } from '../../../shared/detections/compile/sql.ts';
import { placesIn, sourceOf } from '../../../shared/detections/fields/resolve.ts';
import { detectionTree } from '../../../shared/detections/sigma/detection.ts';
import type { Tree } from '../../../shared/detections/sigma/tree.ts';
import { rawDataset } from '../../../shared/log-types/raw-dataset.ts';
import { connectDuckDb } from '../../../shared/landing/landing.ts';

let duckdb: DuckDBConnection;
beforeAll(async () => {
  duckdb = await connectDuckDb({ memoryMb: 200, spillFolder: '/nowhere' });
  for (const macro of sqlMacros) await duckdb.run(macro);
});
afterAll(() => {
  duckdb.closeSync();
});

const dataset = 'msft_azure_ad_audit_raw';
const signIns = 'msft_azure_ad_raw';

/** Rows as a table of the dataset's own types. Columns that a row leaves out are NULL. */
function tableOf(name: typeof dataset | typeof signIns, rows: readonly Row[]): string {
  const columns = rawDataset(name).columns.filter(({ name: column }) => rows.some((row) => column in row));
  const cells = columns.map(({ name: column, type }) => {
    const stored =
      typeof type !== 'string'
        ? `json_transform(json_extract(j, '$.${column}'), ${literal(JSON.stringify([type.listOf]).replaceAll('"texts"', '["VARCHAR"]').replaceAll('"text"', '"VARCHAR"').replaceAll('"json"', '"VARCHAR"').replaceAll('"boolean"', '"BOOLEAN"'))})`
        : type === 'text' || type === 'json'
          ? `json_extract_string(j, '$.${column}')`
          : `CAST(json_extract(j, '$.${column}') AS ${duckdbType(type)})`;
    return `${stored} AS "${column}"`;
  });
  const values = rows.map((row) => `(${literal(JSON.stringify(row))}::JSON)`).join(', ');
  return `(SELECT ${cells.join(', ')} FROM (VALUES ${values}) t(j))`;
}

/** Each row's answer to each tree, by both ways. */
async function answers(name: typeof dataset | typeof signIns, rows: readonly Row[], trees: readonly Tree[]) {
  const source = sourceOf({ product: 'azure', service: name === dataset ? 'auditlogs' : 'signinlogs' });
  if (!source) throw new Error('no source');
  const bound = trees.map((tree) => bind(tree, (field) => placesIn(source, name, field)));
  const predicates = bound.map(predicateOf);
  const conditions = bound.map((tree, index) => `${conditionOf(tree, dialect)} AS c${String(index)}`);
  const result = await duckdb.runAndReadAll(`SELECT ${conditions.join(', ')} FROM ${tableOf(name, rows)}`);
  return { sql: result.getRows(), javascript: rows.map((row) => predicates.map((matches) => matches(row))) };
}

const words = [
  'Add member',
  'add MEMBER',
  'a%b',
  'a_b',
  'a\\b',
  'a\\',
  "it's",
  '"x"',
  'İstanbul',
  'ΟΔΟΣ',
  'straße',
  '😀 x',
  '',
  'a*b',
  'ab',
  'aab',
  'abab',
  '7',
  '-3.5',
  '0012',
  '1e3',
  'True',
  '203.0.113.7',
  '2001:db8::1',
  '203.0.113.300',
  '::ffff:cb00:7107',
];
const word = fc.constantFrom(...words);
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null });
const json = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    word,
    fc.integer({ min: -9, max: 9 }),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 2 }),
    fc.record({ b: tie('value'), 'c.d': word }, { requiredKeys: [] }),
  ),
})).value;

const auditRow = fc
  .record({
    operation: maybe(word),
    user_agent: maybe(word),
    result_reason: maybe(word),
    source_ip: maybe(word),
    source_port: maybe(fc.integer({ min: -5, max: 5 })),
    modified_properties: maybe(
      fc.array(fc.record({ target_id: maybe(word), name: maybe(word), old_value: maybe(word), new_value: maybe(word) }), { maxLength: 3 }),
    ),
    additional_details: maybe(fc.dictionary(fc.constantFrom('ipaddr', 'a.b', "o'k"), word, { maxKeys: 3 })),
    record: fc.record({ a: json, list: fc.array(fc.record({ b: json }, { requiredKeys: [] }), { maxLength: 2 }) }, { requiredKeys: [] }),
  })
  .map(({ record, ...row }) => ({ ...row, raw: JSON.stringify(record) }));

const signInRow = fc.record({
  log_type: fc.constant('sign-ins-interactive'),
  error_code: maybe(fc.integer({ min: 0, max: 60000 })),
  is_compliant: maybe(fc.boolean()),
  latitude: maybe(fc.double({ min: -90, max: 90, noNaN: true, noDefaultInfinity: true })),
  risk_event_types: maybe(fc.array(word, { maxLength: 3 })),
  conditional_access_policies: maybe(
    fc.array(fc.record({ name: maybe(word), grant_controls: maybe(fc.array(word, { maxLength: 2 })) }), { maxLength: 2 }),
  ),
  network_locations: maybe(fc.array(fc.record({ type: maybe(word), names: maybe(fc.array(word, { maxLength: 2 })) }), { maxLength: 2 })),
}) as unknown as fc.Arbitrary<Row>;

const auditFields = [
  'OperationName',
  'result_reason',
  'source_ip',
  'source_port',
  'modified_properties.new_value',
  'TargetResources.ModifiedProperties.NewValue',
  'additional_details.ipaddr',
  "additional_details.o'k",
  'additional_details.*',
  'raw.a',
  'raw.a.b',
  'raw.a.c\\.d',
  'raw.list[].b',
  'raw.list',
  'user_agent',
  '',
];
const signInFields = [
  'ResultType',
  'is_compliant',
  'risk_event_types',
  'conditional_access_policies.grant_controls',
  'network_locations.names',
  'network_locations.type',
];

const pattern = fc.oneof(
  word,
  fc.tuple(word, fc.constantFrom('*', '?', '\\*', '**', '\\\\'), word).map((parts) => parts.join('')),
  fc.constantFrom('*', '?', '*?', 'a*b*', '?b', 'A?B', '*\\'),
);
const items = (fields: readonly string[]) => {
  const field = fc.constantFrom(...fields);
  const named = fc.constantFrom(...fields.filter((one) => one !== ''));
  return fc.oneof(
    fc
      .tuple(
        field,
        fc.constantFrom('', '|contains', '|startswith', '|endswith', '|cased', '|contains|cased'),
        fc.array(
          pattern.filter((one) => one !== ''),
          { minLength: 1, maxLength: 3 },
        ),
      )
      .map(([name, modifier, values]) => [`${name}${modifier}`, values]),
    fc
      .tuple(named, fc.constantFrom('|contains|all'), fc.array(pattern, { minLength: 1, maxLength: 2 }))
      .map(([name, modifier, values]) => [`${name}${modifier}`, values]),
    fc
      .tuple(named, fc.constantFrom('|lt', '|lte', '|gt', '|gte'), fc.integer({ min: -5, max: 60000 }))
      .map(([name, modifier, value]) => [`${name}${modifier}`, value]),
    fc
      .tuple(
        named,
        fc.constantFrom('203.0.113.0/24', '203.0.113.7', '0.0.0.0/0', '203.0.113.4/30', '2001:db8::/32', '2001:db8::/33', '::/0'),
      )
      .map(([name, value]) => [`${name}|cidr`, value]),
    fc
      .tuple(named, fc.constantFrom('|re', '|re|i'), fc.constantFrom('^a.b$', 'b+', '[a-z]+\\d', '^$', '(member|x)', '.', 'ß', '\\\\'))
      .map(([name, modifier, value]) => [`${name}${modifier}`, value]),
    fc.tuple(named, fc.boolean()).map(([name, value]) => [`${name}|exists`, value]),
    named.map((name) => [name, null]),
    fc
      .tuple(named, fc.constantFrom('|fieldref', '|fieldref|contains', '|fieldref|startswith|cased', '|fieldref|endswith'), named)
      .map(([name, modifier, other]) => [`${name}${modifier}`, other]),
  ) as fc.Arbitrary<[string, unknown]>;
};

const trees = (fields: readonly string[]) =>
  fc
    .record({
      one: fc.array(items(fields), { minLength: 1, maxLength: 2 }),
      two: items(fields),
      condition: fc.constantFrom('one', 'not one', 'one and not two', 'one or two', '1 of them', 'not (one or two)'),
    })
    .map(({ one, two, condition }) =>
      detectionTree({ one: Object.fromEntries(one), two: Object.fromEntries([two]), condition }, new Map(), []),
    );

/** Each is a statement of up to twelve conditions over up to eight rows. More with RUNS. */
const runs = Number(process.env.RUNS ?? 25);

describe('a rule in JavaScript and in SQL', () => {
  test('answers alike of directory audits', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(auditRow, { minLength: 1, maxLength: 8 }),
        fc.array(trees(auditFields), { minLength: 1, maxLength: 12 }),
        async (rows, asked) => {
          const { sql, javascript } = await answers(dataset, rows, asked);
          expect(sql).toEqual(javascript);
        },
      ),
      { numRuns: runs },
    );
  }, 120_000);

  test('answers alike of sign-ins', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(signInRow, { minLength: 1, maxLength: 8 }),
        fc.array(trees(signInFields), { minLength: 1, maxLength: 12 }),
        async (rows, asked) => {
          const { sql, javascript } = await answers(signIns, rows, asked);
          expect(sql).toEqual(javascript);
        },
      ),
      { numRuns: runs },
    );
  }, 120_000);

  test.each([
    {
      name: 'equality ignores case',
      item: { OperationName: 'ADD member' },
      rows: [{ operation: 'Add member' }, { operation: 'Add members' }],
      matches: [true, false],
    },
    {
      name: 'a wildcard is one',
      item: { OperationName: 'add*' },
      rows: [{ operation: 'Add member' }, { operation: 'to add' }],
      matches: [true, false],
    },
    {
      name: 'an underscore is none',
      item: { OperationName: 'a_b' },
      rows: [{ operation: 'a_b' }, { operation: 'axb' }],
      matches: [true, false],
    },
    {
      name: 'a backslash ends a text',
      item: { 'OperationName|endswith': '\\' },
      rows: [{ operation: 'a\\' }, { operation: 'a' }],
      matches: [true, false],
    },
    { name: 'what is absent is not equal', item: { OperationName: 'x' }, rows: [{ operation: null }, {}], matches: [false, false] },
    {
      name: 'what is absent is null',
      item: { OperationName: null },
      rows: [{ operation: null }, { operation: 'x' }],
      matches: [true, false],
    },
    {
      name: 'a network of IPv6 holds no IPv4',
      item: { 'source_ip|cidr': '::/0' },
      rows: [{ source_ip: '2001:db8::1' }, { source_ip: '203.0.113.7' }, { source_ip: '::ffff:cb00:7107' }],
      matches: [true, false, false],
    },
    {
      name: 'a network holds its addresses',
      item: { 'source_ip|cidr': '203.0.113.4/30' },
      rows: [{ source_ip: '203.0.113.7' }, { source_ip: '203.0.113.8' }],
      matches: [true, false],
    },
    {
      name: 'any element of a list will do',
      item: { 'modified_properties.name': 'B' },
      rows: [{ modified_properties: [{ name: 'a' }, { name: 'b' }] }, { modified_properties: [] }],
      matches: [true, false],
    },
    {
      name: 'a path leads through the record',
      item: { 'raw.a[].b': 2 },
      rows: [{ raw: '{"a":[{"b":1},{"b":2}]}' }, { raw: '{"a":{"b":2}}' }],
      matches: [true, false],
    },
    {
      name: 'a keyword is looked for in the whole record',
      item: ['SECRET'],
      rows: [{ raw: '{"a":"my secret"}' }, { raw: '{}' }],
      matches: [true, false],
    },
    {
      name: 'numbers compare as numbers',
      item: { 'source_port|gt': 9 },
      rows: [{ source_port: 10 }, { source_port: 9 }],
      matches: [true, false],
    },
  ] as { name: string; item: unknown; rows: Record<string, Value>[]; matches: boolean[] }[])('$name', async ({ item, rows, matches }) => {
    const tree = detectionTree({ selection: item, condition: 'selection' }, new Map(), []);
    const every = rows.map((row) => ({
      operation: null,
      source_ip: null,
      source_port: null,
      modified_properties: null,
      raw: null,
      ...row,
    }));
    const { sql, javascript } = await answers(dataset, every, [tree]);
    expect(javascript.flat()).toEqual(matches);
    expect(sql.flat()).toEqual(matches);
  });
});

describe('in Trino', () => {
  const source = sourceOf({ product: 'azure', service: 'auditlogs' });
  const trinoOf = (item: unknown): string =>
    conditionOf(
      bind(detectionTree({ s: item, condition: 's' }, new Map(), []), (field) => (source ? placesIn(source, dataset, field) : [])),
      trino,
    );
  test.each([
    { item: { 'operation|contains': 'Add' }, is: `(coalesce((strpos(lower(nullif("operation", '')), 'add') > 0), false))` },
    { item: { 'operation|re': '^a' }, is: `(coalesce(regexp_like(nullif("operation", ''), '^a'), false))` },
    {
      item: { 'source_ip|cidr': '192.0.2.0/24' },
      is: `(coalesce(contains('192.0.2.0/24', TRY_CAST(nullif("source_ip", '') AS ipaddress)), false))`,
    },
    {
      item: { 'additional_details.ipaddr|exists': true },
      is: `(coalesce(nullif(element_at("additional_details", 'ipaddr'), '') IS NOT NULL, false))`,
    },
    {
      item: { 'modified_properties.name': 'x' },
      is: `(coalesce(any_match(transform("modified_properties", s -> s."name"), e -> coalesce(lower(nullif(e, '')) = 'x', false)), false))`,
    },
  ])('$item is its own functions', ({ item, is }) => {
    expect(trinoOf(item)).toBe(is);
  });
});

test('a network is what the digits of its addresses begin with', () => {
  expect(networkPrefixes('192.0.2.0', 24)).toEqual(['4c00002']);
  expect(networkPrefixes('203.0.113.4', 30)).toEqual(['4cb007104', '4cb007105', '4cb007106', '4cb007107']);
  expect(networkPrefixes('2001:db8::', 32)).toEqual(['620010db8']);
  expect(networkPrefixes('::', 0)).toEqual(['6']);
});
