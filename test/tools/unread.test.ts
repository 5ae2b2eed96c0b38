import { describe, expect, test } from '@jest/globals';
import { logTypeById } from '../../shared/log-types/index.ts';
import { unreadPage } from '../../tools/unread/page.ts';
import { reasonOf } from '../../tools/unread/reasons.ts';
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
