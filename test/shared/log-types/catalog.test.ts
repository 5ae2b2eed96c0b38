import { describe, expect, test } from '@jest/globals';
import { duckdbType, glueType } from '../../../shared/domain/columns.ts';
import { isLogTypeId, logTypes, type LogTypeId } from '../../../shared/log-types/index.ts';
import { recordTypeNames } from '../../../shared/log-types/record-types.ts';

const everyColumn = logTypes.flatMap((logType) => Object.entries(logType.columns).map(([name, column]) => ({ logType, name, column })));

test('a column of one name has one type throughout the dataset it stands in', () => {
  const typeByColumn = new Map<string, string>();
  const differing = everyColumn.filter(({ logType, name, column }) => {
    const key = `${logType.dataset}.${name}`;
    const type = duckdbType(column.type);
    return (typeByColumn.get(key) ?? typeByColumn.set(key, type).get(key)) !== type;
  });
  expect(differing.map(({ logType, name }) => `${logType.id}.${name}`)).toEqual([]);
});

test('log types of one dataset have the same columns in the same order', () => {
  for (const logType of logTypes) {
    const first = logTypes.find(({ dataset }) => dataset === logType.dataset);
    expect([logType.id, Object.keys(logType.columns)]).toEqual([logType.id, Object.keys(first?.columns ?? {})]);
  }
});

test('a column is named in lower_snake_case and says in one line what it means', () => {
  const odd = everyColumn.filter(({ name, column }) => !/^[a-z][a-z0-9_]*$/.test(name) || !/^\S.{1,118}\S$/.test(column.meaning));
  expect(odd.map(({ logType, name, column }) => `${logType.id}.${name}: ${column.meaning}`)).toEqual([]);
});

test('fields of structs are named in lower_snake_case', () => {
  const fields = everyColumn.flatMap(({ column }) => (typeof column.type === 'object' ? Object.keys(column.type.listOf) : []));
  expect(fields.filter((name) => !/^[a-z][a-z0-9_]*$/.test(name))).toEqual([]);
});

test('log types that a declaration names are in the catalog', () => {
  const named = logTypes.flatMap(({ source, retired }) => [
    ...(source.kind === 'windows' ? (source.beta?.whenAlso ?? []) : []),
    ...(retired ? [retired.replacement] : []),
  ]);
  expect(named.filter((id) => !isLogTypeId(id))).toEqual([]);
});

test('a map by log type that misses one or misspells one does not compile', () => {
  // @ts-expect-error all but one are missing
  const incomplete: Readonly<Record<LogTypeId, string>> = { alerts: '' };
  // @ts-expect-error there is no such log type
  const misspelled: Readonly<Partial<Record<LogTypeId, string>>> = { 'audit-exchagne': '' };
  expect([incomplete, misspelled]).toHaveLength(2);
});

describe.each(logTypes.map((logType) => ({ id: logType.id, logType })))('$id', ({ logType }) => {
  test('is identified by columns it has, each of one value', () => {
    const names = logType.identity === 'every typed column' ? [] : logType.identity;
    const single: unknown[] = ['text', 'long', 'boolean', 'time'];
    expect(names.filter((name) => !single.includes(logType.columns[name]?.type))).toEqual([]);
  });

  test('has the column its windows are filtered on', () => {
    const column = logType.source.kind === 'windows' ? logType.source.timeColumn : 'event_time';
    expect(logType.columns[column]?.type).toBe('time');
  });
});

test.each([
  { number: 1, name: 'ExchangeAdmin' },
  { number: 15, name: 'AzureActiveDirectoryStsLogon' },
  { number: 261, name: 'CopilotInteraction' },
  { number: 5, name: undefined },
])('record type $number is $name', ({ number, name }) => {
  expect(recordTypeNames[number]).toBe(name);
});

test.each([
  { type: 'map', duckdb: 'MAP(VARCHAR, VARCHAR)', glue: 'map<string,string>' },
  { type: 'json', duckdb: 'VARCHAR', glue: 'string' },
  { type: 'time', duckdb: 'TIMESTAMPTZ', glue: 'timestamp' },
  {
    type: { listOf: { id: 'text', names: 'texts', at: 'time' } },
    duckdb: 'STRUCT("id" VARCHAR, "names" VARCHAR[], "at" TIMESTAMPTZ)[]',
    glue: 'array<struct<id:string,names:array<string>,at:timestamp>>',
  },
] as const)('type $type is $duckdb and $glue', ({ type, duckdb, glue }) => {
  expect([duckdbType(type), glueType(type)]).toEqual([duckdb, glue]);
});
