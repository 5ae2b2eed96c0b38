import { describe, expect, test } from '@jest/globals';
import { logTypes, rawDatasets } from '../../../shared/log-types/index.ts';
import { rawDataset } from '../../../shared/log-types/raw-dataset.ts';

describe('a raw dataset', () => {
  test.each(rawDatasets.map((name) => ({ name })))('$name has every column of its log types, the common ones first', ({ name }) => {
    const dataset = rawDataset(name);
    const names = dataset.columns.map((column) => column.name);
    expect(names.slice(0, 3)).toEqual(['event_time', 'record_id', 'tenant_id']);
    expect(new Set(names).size).toBe(names.length);
    for (const { columns } of logTypes.filter(({ dataset: into }) => into === name))
      expect(names).toEqual(expect.arrayContaining(Object.keys(columns)));
    expect(`${dataset.view}_raw`).toBe(name);
  });

  test.each([
    { name: 'msft_o365_exchange_online_raw', keeps: { kind: 'one per record key' } },
    { name: 'msft_azure_ad_raw', keeps: { kind: 'newest version' } },
    { name: 'msft_azure_ad_audit_raw', keeps: { kind: 'newest version' } },
    { name: 'msft_graph_security_alerts_raw', keeps: { kind: 'newest version', timeColumn: 'last_update_time' } },
  ])('$name has a view that keeps $keeps', ({ name, keeps }) => {
    expect(rawDataset(name).keeps).toEqual(keeps);
  });

  test('that no log type lands in is a bug', () => {
    expect(() => rawDataset('msft_nothing_raw')).toThrow("no log type lands in 'msft_nothing_raw'");
  });
});
