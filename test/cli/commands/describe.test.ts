import { describe, expect, test } from '@jest/globals';
import { describeColumns } from '../../../cli/commands/describe/describe-table.ts';
import { sourceOf } from '../../../cli/commands/describe/source-of.ts';
import { tableByName } from '../../../cli/commands/describe.ts';
import { UsageError } from '../../../local/exit.ts';
import {
  addressIn,
  constant,
  eachOf,
  firstElement,
  firstOf,
  absent,
  pairs,
  structs,
  text,
  time,
  translate,
  valueNamed,
} from '../../../shared/domain/columns.ts';
import { rawDatasets } from '../../../shared/log-types/index.ts';
import { rawDataset } from '../../../shared/log-types/raw-dataset.ts';

describe('the source of a column', () => {
  test.each([
    { column: text('Operation', ''), is: 'Operation' },
    { column: time('CreationTime', ''), is: 'CreationTime' },
    { column: text('status.errorCode', ''), is: 'status.errorCode' },
    { column: text(firstOf('a', 'b.c'), ''), is: 'a or b.c' },
    { column: text(addressIn('ClientIP'), ''), is: 'address in ClientIP' },
    { column: text(translate('UserType', { '0': 'user' }), ''), is: 'UserType, translated' },
    { column: text(firstOf(translate('Status', { ok: 'success' }), constant('unknown')), ''), is: "Status, translated, else 'unknown'" },
    { column: text(valueNamed('ExtendedProperties', 'UserAgent'), ''), is: "ExtendedProperties[Name = 'UserAgent'].Value" },
    { column: text(firstElement(eachOf('targetResources', 'id')), ''), is: 'targetResources[0].id' },
    { column: pairs('Parameters', ''), is: 'Parameters[*]: Name to Value' },
    { column: structs('targetResources', { id: 'id', name: 'displayName' }, ''), is: 'targetResources[*]: id, name = displayName' },
    { column: text(absent, ''), is: '' },
  ])('is described as $is', ({ column, is }) => {
    expect(sourceOf(column.from)).toBe(is);
  });
});

describe('the description of a dataset', () => {
  test.each(rawDatasets.map((name) => ({ name })))(
    '$name has a type and a meaning for every column, and a source unless no log type says it',
    ({ name }) => {
      const columns = describeColumns(rawDataset(name));
      for (const column of columns) {
        expect(column.type).toMatch(/^[A-Z]/);
        expect(column.meaning).not.toBe('');
        expect(column.source).not.toMatch(/undefined|\[object|^ or | or $/);
      }
      expect(columns.map((column) => column.name).slice(-3)).toEqual(['record_key', 'raw', 'dt']);
    },
  );

  test('names the log type where sources differ', () => {
    const source = (column: string) =>
      describeColumns(rawDataset('msft_graph_security_alerts_raw')).find(({ name }) => name === column)?.source;
    expect(source('last_update_time')).toBe('lastUpdateDateTime (alerts); lastModifiedDateTime (alerts-legacy)');
    expect(source('record_id')).toBe('id');
    expect(source('tenant_id')).toBe('the job');
  });

  test('is found by name, in any letter case', () => {
    expect(tableByName('MSFT_Azure_AD')).toMatchObject({ kind: 'view', name: 'msft_azure_ad' });
  });

  test.each([
    { name: 'msft_azur_ad', says: "did you mean 'msft_azure_ad'?" },
    { name: 'alerts', says: "its records land in 'msft_graph_security_alerts_raw'" },
    { name: 'nothing of the kind', says: 'the nearest are findings_raw, findings, ocsf_findings' },
  ])('that is asked for as $name is refused helpfully', ({ name, says }) => {
    expect(() => tableByName(name)).toThrow(UsageError);
    expect(() => tableByName(name)).toThrow(says);
  });
});
