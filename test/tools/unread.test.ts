import { describe, expect, test } from '@jest/globals';
import { logTypeById, logTypes } from '../../shared/log-types/index.ts';
import { lostValues, placesInReserve } from '../../tools/unread/lost-values.ts';
import { unreadPage } from '../../tools/unread/page.ts';
import { reasonOf, reasonOfLost } from '../../tools/unread/reasons.ts';
import { unreadValues } from '../../tools/unread/unread-values.ts';

const unread = (logType: string, ...records: object[]) => unreadValues(logTypeById(logType).columns, records);

describe('a value that stands in no column', () => {
  test('is found by its place, those of most records first', () => {
    const records = [
      { Id: '1', Odd: 1 },
      { Id: '2', Odd: 2, Item: { Odder: { deep: ['x'] } } },
    ];
    expect(unread('audit-exchange', ...records)).toEqual([
      { path: 'Odd', records: 2 },
      { path: 'Item.Odder.deep[]', records: 1 },
    ]);
  });

  test.each([
    { what: 'a field of a column', logType: 'audit-exchange', record: { Item: { Subject: 'x' } } },
    { what: 'a list of texts', logType: 'audit-general', record: { Recipients: ['lee@contoso.example'] } },
    { what: 'pairs of a map', logType: 'audit-exchange', record: { Parameters: [{ Name: 'Odd', Value: 'x' }] } },
    {
      what: 'an element of a list of structs',
      logType: 'dlp-all',
      record: { PolicyDetails: [{ PolicyName: 'x', Rules: [{ RuleName: 'y' }] }] },
    },
    { what: 'a place that is taken as JSON', logType: 'alerts', record: { evidence: [{ anything: { at: 'all' } }] } },
    {
      what: 'nothing',
      logType: 'audit-exchange',
      record: { Odd: null, Odder: '', Oddest: [], Id0: '00000000-0000-0000-0000-000000000000' },
    },
  ])('is not $what', ({ logType, record }) => {
    expect(unread(logType, record)).toEqual([]);
  });

  test('may be one of several pairs of which a column takes another', () => {
    const record = { targetResources: [{ id: '1', type: 'Role', odd: 'x' }] };
    expect(unread('directory-audits', record)).toEqual([{ path: 'targetResources[].odd', records: 1 }]);
  });

  test('has a reason only where one is declared', () => {
    expect(reasonOf('audit-exchange', 'Version')).toBe('version of the schema');
    expect(reasonOf('audit-exchange', 'Target\\.odd')).toBeUndefined();
    expect(reasonOf('audit-azure-active-directory', 'ActorContextId')).toBeUndefined();
    expect(reasonOf('audit-azure-active-directory', 'Actor[].Type@odata\\.type')).toMatch('serialization');
  });
});

describe('the page of what stands in no column', () => {
  const measured = (dataSet: string, logType: 'audit-exchange' | 'audit-general', records: number) => ({
    dataSet,
    logType,
    records: 1200,
    columns: 3,
    empty: ['client_machine'],
    unread: [
      { path: 'Version', records, reason: 'version of the schema' },
      { path: 'Odd[].Name', records: 1, reason: undefined },
    ],
  });
  const page = unreadPage([measured('one', 'audit-general', 1000), measured('other', 'audit-exchange', 2)]);

  test('has the share of filled columns of each log type of each data set', () => {
    expect(page).toContain('| one | `audit-general` | 1,200 | 2 of 3 | 67 % |');
    expect(page).toContain('| other | `audit-exchange` | 1,200 | 2 of 3 | 67 % |');
  });

  test('has each place once, with its log types, records and reason', () => {
    expect(page).toContain('| `audit-exchange`, `audit-general` | `Version` | 1,002 | version of the schema |');
  });

  test('shows that a place has no reason', () => {
    expect(page).toContain('| `audit-exchange`, `audit-general` | `Odd[].Name` | 2 | **none** |');
  });
});

describe('a value at a place that columns read', () => {
  const lost = (logType: string, record: object, columns: Record<string, unknown>) =>
    lostValues(logTypeById(logType).columns, [{ record, columns }]);

  test('is lost where its column has another value', () => {
    expect(lost('audit-exchange', { ClientInfoString: 'a', ActorInfoString: 'b' }, { client_info: 'a' })).toEqual([
      { path: 'ActorInfoString', records: 1 },
    ]);
  });

  test.each([
    { what: 'as it is', value: 'a', column: 'a' },
    { what: 'in another case', value: 'True', column: true },
    { what: 'in a list of structs', value: 'a', column: [{ name: 'a' }] },
    { what: 'as the key of a map', value: 'a', column: { a: '1' } },
    { what: 'as JSON that a text holds', value: '{"a":[1]}', column: '{"a": [1]}' },
    { what: 'as the same instant', value: '2026-11-20T09:14:03', column: '2026-11-20 09:14:03+00' },
    { what: 'as a part of a longer text', value: 'contoso.example', column: 'https://contoso.example/' },
    { what: "not at all, being Microsoft's word for nothing", value: 'Not Available', column: null },
  ])('may stand in the column $what', ({ value, column }) => {
    expect(lost('audit-exchange', { ClientInfoString: value }, { client_info: column })).toEqual([]);
  });

  test('is not kept by a short text within another', () => {
    expect(lost('audit-exchange', { ClientInfoString: 'a' }, { client_info: 'banana' })).toHaveLength(1);
  });

  test.each(logTypes.map(({ id }) => ({ id })))('has a column of its own, or a reason why it may give way to another: $id', ({ id }) => {
    expect(placesInReserve(logTypeById(id).columns).filter((path) => reasonOfLost(id, path) === undefined)).toEqual([]);
  });
});
