import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  addressIn,
  boolean,
  cases,
  constant,
  double,
  eachOf,
  firstElement,
  firstOf,
  given,
  is,
  isPresent,
  json,
  long,
  nameOf,
  absent,
  pairs,
  portIn,
  known,
  structs,
  text,
  texts,
  time,
  total,
  translate,
  trimmed,
  unionOf,
  valueNamed,
  within,
  type Column,
} from '../../../../shared/domain/columns.ts';
import { openColumnValues } from './column-values.ts';

let values: Awaited<ReturnType<typeof openColumnValues>>;
beforeAll(async () => {
  values = await openColumnValues();
});
afterAll(async () => {
  await values.close();
});

const value = async (column: Column, record: object | string): Promise<unknown> => (await values.of({ column }, record)).column;

describe('a field', () => {
  test.each([
    { name: 'text as text', column: text('a', ''), record: { a: 'x' }, is: 'x' },
    { name: 'a nested field', column: text('a.b', ''), record: { a: { b: 'x' } }, is: 'x' },
    { name: 'a name with a space', column: text('Data State', ''), record: { 'Data State': 'Use' }, is: 'Use' },
    { name: 'a name with a dot', column: text('@odata\\.type', ''), record: { '@odata.type': '#x' }, is: '#x' },
    { name: 'a name with a quote', column: text("it's", ''), record: { "it's": 'x' }, is: 'x' },
    { name: 'empty text as NULL', column: text('a', ''), record: { a: '' }, is: null },
    { name: 'null as NULL', column: text('a', ''), record: { a: null }, is: null },
    { name: 'what is absent as NULL', column: text('a', ''), record: {}, is: null },
    { name: 'a number where text is expected', column: text('a', ''), record: { a: 123 }, is: '123' },
    { name: 'an object where text is expected', column: text('a', ''), record: { a: { b: 1 } }, is: '{"b":1}' },
    { name: 'text where an object is expected', column: text('a.b', ''), record: { a: 'x' }, is: null },
    { name: 'a long', column: long('a', ''), record: { a: 15 }, is: '15' },
    { name: 'a long in a text', column: long('a', ''), record: { a: '3598' }, is: '3598' },
    { name: 'a word where a long is expected', column: long('a', ''), record: { a: 'xyz' }, is: null },
    { name: 'a long that is too long', column: long('a', ''), record: '{"a":123456789012345678901234567890}', is: null },
    { name: 'a double', column: double('a', ''), record: { a: 47.5 }, is: 47.5 },
    { name: 'a word that DuckDB takes for a number', column: double('a', ''), record: { a: 'infinity' }, is: null },
    { name: 'a boolean', column: boolean('a', ''), record: { a: false }, is: false },
    { name: 'a boolean in a text', column: boolean('a', ''), record: { a: 'True' }, is: true },
    { name: 'a list of texts', column: texts('a', ''), record: { a: ['x', '', null, 7] }, is: ['x', '7'] },
    { name: 'an empty list as NULL', column: texts('a', ''), record: { a: [] }, is: null },
    { name: 'a list of nothing as NULL', column: texts('a', ''), record: { a: [null, ''] }, is: null },
    { name: 'text where a list is expected', column: texts('a', ''), record: { a: 'x' }, is: null },
    { name: 'JSON as it is', column: json('a', ''), record: '{"a": {"b": [1, null]} }', is: '{"b":[1,null]}' },
    { name: 'JSON that says nothing as NULL', column: json('a', ''), record: { a: {} }, is: null },
    { name: 'JSON that is null as NULL', column: json('a', ''), record: { a: null }, is: null },
    { name: 'JSON that is an empty text as NULL', column: json('a', ''), record: { a: '' }, is: null },
    { name: 'JSON that is an empty list as NULL', column: json('a', ''), record: { a: [] }, is: null },
    { name: 'JSON around nothing', column: json('a', ''), record: { a: { b: [] } }, is: '{"b":[]}' },
    { name: 'zero as JSON', column: json('a', ''), record: { a: 0 }, is: '0' },
    { name: 'false as JSON', column: json('a', ''), record: { a: false }, is: 'false' },
    { name: 'the first of a repeated name', column: text('a', ''), record: '{"a":"first","a":"last"}', is: 'first' },
    { name: 'a NUL in a text', column: text('a', ''), record: { a: 'x\u0000y' }, is: 'x\u0000y' },
    { name: 'a pair of surrogates', column: text('a', ''), record: '{"a":"\\ud83d\\udcc5"}', is: '📅' },
  ])('reads $name', async ({ column, record, is: expected }) => {
    expect(await value(column, record)).toEqual(expected);
  });

  test.each([
    { name: 'as text and as a number', columns: { a: text('n', ''), b: long('n', '') }, record: { n: 5 }, is: { a: '5', b: '5' } },
    {
      name: 'as a list of pairs and as text',
      columns: { a: pairs('p', ''), b: text('p', '') },
      record: { p: '-Name "x"' },
      is: { a: null, b: '-Name "x"' },
    },
    {
      name: 'as text and as a list of pairs',
      columns: { a: pairs('p', ''), b: text('p', '') },
      record: { p: [{ Name: 'n', Value: 'v' }] },
      is: { a: [{ key: 'n', value: 'v' }], b: '[{"Name":"n","Value":"v"}]' },
    },
    {
      name: 'as JSON and by what is inside',
      columns: { a: json('e', ''), b: text('e.x', '') },
      record: { e: { x: 'y' } },
      is: { a: '{"x":"y"}', b: 'y' },
    },
    {
      name: 'in two spellings',
      columns: { a: text('Level', ''), b: text('level', '') },
      record: { Level: 'high', level: 'low' },
      is: { a: 'high', b: 'low' },
    },
    {
      name: 'in two spellings further up',
      columns: { a: text('Meta.id', ''), b: text('meta.id', '') },
      record: { meta: { id: 'x' } },
      is: { a: null, b: 'x' },
    },
  ])('can be read $name at once', async ({ columns, record, is: expected }) => {
    expect(await values.of(columns, record)).toEqual(expected);
  });
});

describe('an expression', () => {
  const bool = { op: 'field', path: 'b', as: 'boolean' } as const;
  const kinds = translate('a', { yes: 'success', no: 'failure' }, 'unknown');
  test.each([
    { name: 'the first that is filled', column: text(firstOf('a', 'b', 'c'), ''), record: { a: '', b: 'x', c: 'y' }, is: 'x' },
    {
      name: 'the first list that is not empty',
      column: texts({ op: 'first', of: [eachOf('a'), eachOf('b')] }, ''),
      record: { a: [''], b: ['x'] },
      is: ['x'],
    },
    {
      name: 'false before true',
      column: boolean({ op: 'first', of: [{ op: 'field', path: 'a', as: 'boolean' }, bool] }, ''),
      record: { a: false, b: true },
      is: false,
    },
    { name: 'a constant', column: text(constant("it's"), ''), record: {}, is: "it's" },
    { name: 'nothing', column: text(absent, ''), record: { none: 'x' }, is: null },
    { name: 'nothing, as a list', column: texts(absent, ''), record: {}, is: null },
    { name: 'what the job says', column: text(given('tenant_name'), ''), record: { tenant_name: 'fabrikam' }, is: 'contoso' },
    { name: 'a time', column: time('a', ''), record: { a: '2026-11-22T06:05:09' }, is: '2026-11-22 06:05:09+00' },
    { name: 'a number where a time is expected', column: time('a', ''), record: { a: 5 }, is: null },
    {
      name: 'the first text that is an address',
      column: text(addressIn('a', 'b'), ''),
      record: { a: '<null>', b: '192.0.2.7:25' },
      is: '192.0.2.7',
    },
    { name: 'the port beside that address', column: long(portIn('a', 'b'), ''), record: { a: '<null>', b: '192.0.2.7:25' }, is: '25' },
    { name: 'a text without line ends', column: text(trimmed('a'), ''), record: { a: 'SERVER (15.20)\r\n' }, is: 'SERVER (15.20)' },
    { name: 'a word for nothing', column: text(known('a'), ''), record: { a: 'Not Available' }, is: null },
    { name: 'an id of zeros', column: text(known('a'), ''), record: { a: '00000000-0000-0000-0000-000000000000' }, is: null },
    { name: 'a word for something', column: text(known('a'), ''), record: { a: 'x' }, is: 'x' },
    { name: 'a word for nothing in the first of several', column: text(known(firstOf('a', 'b')), ''), record: { b: '<null>' }, is: null },
    { name: 'a word of a table, in any case', column: text(kinds, ''), record: { a: 'YES' }, is: 'success' },
    { name: 'a word that is not in the table', column: text(kinds, ''), record: { a: 'perhaps' }, is: 'unknown' },
    { name: 'no word', column: text(kinds, ''), record: {}, is: null },
    { name: 'a word that is not in a closed table', column: text(translate('a', { yes: 'success' }), ''), record: { a: 'no' }, is: null },
    { name: 'the name of a number', column: text(nameOf('a', { 0: 'owner', 2: 'delegated' }), ''), record: { a: 2 }, is: 'delegated' },
    { name: 'the name of zero', column: text(nameOf('a', { 0: 'owner', 2: 'delegated' }), ''), record: { a: 0 }, is: 'owner' },
    {
      name: 'a number between those with names',
      column: text(nameOf('a', { 0: 'owner', 2: 'delegated' }), ''),
      record: { a: 1 },
      is: null,
    },
    { name: 'a number beyond those with names', column: text(nameOf('a', { 0: 'owner' }), ''), record: { a: 4e12 }, is: null },
    { name: 'a number below those with names', column: text(nameOf('a', { 0: 'owner' }), ''), record: { a: -1 }, is: null },
    {
      name: 'a field of the JSON in a text',
      column: text(within('a', 'User-Agent'), ''),
      record: { a: '{"User-Agent":"curl/8"}' },
      is: 'curl/8',
    },
    { name: 'a field of a text that is no JSON', column: text(within('a', 'x'), ''), record: { a: '{"x":' }, is: null },
    { name: 'a field that the JSON in a text has not', column: text(within('a', 'x'), ''), record: { a: '{"other":1}' }, is: null },
    { name: 'a field of a text that is a header', column: text(within('a', 'x'), ''), record: { a: 'x: curl/8' }, is: null },
    { name: 'a field of an empty text', column: text(within('a', 'x'), ''), record: { a: '' }, is: null },
    { name: 'a field of no text', column: text(within('a', 'x'), ''), record: {}, is: null },
    {
      name: 'a field of an object that is sometimes a text',
      column: text(firstOf('a.x', within('a', 'x')), ''),
      record: { a: { x: 'y' } },
      is: 'y',
    },
    { name: 'a case', column: text(cases([is('a', 'x', 'y'), 'b']).otherwise('c'), ''), record: { a: 'y', b: 'B', c: 'C' }, is: 'B' },
    { name: 'the other case', column: text(cases([isPresent('a'), 'b']).otherwise('c'), ''), record: { a: '', b: 'B', c: 'C' }, is: 'C' },
  ])('reads $name', async ({ column, record, is: expected }) => {
    expect(await value(column, record)).toEqual(expected);
  });
});

describe('a list', () => {
  const properties = {
    p: [
      { Name: 'UserAgent', Value: 'curl/8' },
      { Name: 'Empty', Value: '' },
      { Name: 'UserAgent', Value: 'later' },
      null,
      { Value: 'nameless' },
    ],
  };
  const policies = {
    policies: [
      {
        name: 'p1',
        rules: [
          { name: 'r1', actions: ['block', 'notify'], count: 2 },
          { name: 'r2', actions: ['block'], count: 3 },
        ],
      },
      { name: 'p2' },
      { name: 'p3', rules: [null, { count: 1 }] },
    ],
  };
  test.each([
    { name: 'the value under a name', column: text(valueNamed('p', 'UserAgent'), ''), record: properties, is: 'curl/8' },
    { name: 'an empty value', column: text(valueNamed('p', 'Empty'), ''), record: properties, is: null },
    { name: 'a name that is not there', column: text(valueNamed('p', 'Other'), ''), record: properties, is: null },
    {
      name: 'pairs as a map, the first of a repeated name',
      column: pairs('p', ''),
      record: properties,
      is: [
        { key: 'UserAgent', value: 'curl/8' },
        { key: 'Empty', value: '' },
      ],
    },
    {
      name: 'pairs under other names',
      column: pairs('p', '', '', { name: 'key', value: 'value' }),
      record: { p: [{ key: 'k', value: 'v' }] },
      is: [{ key: 'k', value: 'v' }],
    },
    { name: 'no pairs', column: pairs('p', ''), record: { p: [] }, is: null },
    { name: 'pairs without a name', column: pairs('p', ''), record: { p: [{ Value: 'x' }, 7] }, is: null },
    {
      name: 'the texts of a list within that has none',
      column: structs('e', { id: 'id', texts: ['texts', 'texts'] }, ''),
      record: { e: [{ id: 'a', texts: [null, ''] }, { texts: [null] }] },
      is: [{ id: 'a', texts: null }],
    },
    {
      name: 'one field of each',
      column: texts(eachOf('rules', 'name'), ''),
      record: { rules: [{ name: 'a' }, {}, null, { name: '' }, { name: 'b' }] },
      is: ['a', 'b'],
    },
    {
      name: 'one field of each, two lists deep',
      column: texts(eachOf('policies[].rules', 'name'), ''),
      record: policies,
      is: ['r1', 'r2'],
    },
    {
      name: 'the elements, three lists deep',
      column: texts(eachOf('policies[].rules[].actions'), ''),
      record: policies,
      is: ['block', 'notify', 'block'],
    },
    {
      name: 'each once',
      column: texts(unionOf(eachOf('policies[].rules[].actions'), eachOf('policies', 'name')), ''),
      record: policies,
      is: ['block', 'notify', 'p1', 'p2', 'p3'],
    },
    { name: 'the first', column: text(firstElement(eachOf('policies[].rules', 'name')), ''), record: policies, is: 'r1' },
    { name: 'the first of none', column: text(firstElement(eachOf('policies', 'name')), ''), record: { policies: [] }, is: null },
    { name: 'how many', column: long(total('count', eachOf('policies', 'name')), ''), record: policies, is: '3' },
    { name: 'how many of none', column: long(total('count', eachOf('policies', 'name')), ''), record: {}, is: null },
    { name: 'their sum', column: long(total('sum', eachOf('policies[].rules', 'count', 'long')), ''), record: policies, is: '6' },
    { name: 'the greatest', column: long(total('max', eachOf('policies[].rules', 'count', 'long')), ''), record: policies, is: '3' },
    {
      name: 'structs with a field of the list around',
      column: structs('policies[].rules', { policy: '^name', rule: 'name', actions: ['actions', 'texts'], count: ['count', 'long'] }, ''),
      record: policies,
      is: [
        { policy: 'p1', rule: 'r1', actions: ['block', 'notify'], count: '2' },
        { policy: 'p1', rule: 'r2', actions: ['block'], count: '3' },
        { policy: 'p3', rule: null, actions: null, count: '1' },
      ],
    },
    {
      name: 'structs that say what is needed',
      column: structs('e', { id: 'id', kind: 'kind' }, '', '', ['id']),
      record: { e: [{ kind: 'x' }, null, 'x', { id: '1' }] },
      is: [{ id: '1', kind: null }],
    },
    { name: 'structs of nothing', column: structs('e', { id: 'id' }, ''), record: { e: [null, {}, { id: '' }] }, is: null },
    {
      name: 'structs with times and JSON',
      column: structs('e', { at: ['at', 'time'], more: ['more', 'json'] }, ''),
      record: { e: [{ at: '2026-11-22T06:05:09Z', more: [] }] },
      is: [{ at: '2026-11-22 06:05:09+00', more: null }],
    },
    {
      name: 'elements that are objects here and texts there',
      column: structs('e', { name: { paths: ['Name', ''], as: 'text' }, value: 'Value' }, ''),
      record: { e: ['Subject', { Name: 'Body', Value: 'x' }] },
      is: [
        { name: 'Subject', value: null },
        { name: 'Body', value: 'x' },
      ],
    },
    {
      name: 'the texts of a list within',
      column: structs('e', { names: ['items[].name', 'texts'] }, ''),
      record: { e: [{ items: [{ name: 'a' }, { name: 'b' }] }] },
      is: [{ names: ['a', 'b'] }],
    },
    {
      name: 'two spellings of one name',
      column: structs('e', { x: 'Name', y: 'name' }, ''),
      record: { e: [{ Name: 'A', name: 'b' }, { name: 'c' }] },
      is: [
        { x: 'A', y: 'b' },
        { x: null, y: 'c' },
      ],
    },
  ])('reads $name', async ({ column, record, is: expected }) => {
    expect(await value(column, record)).toEqual(expected);
  });
});
