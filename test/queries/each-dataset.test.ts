import { expect, test } from '@jest/globals';
import { eachDataset } from '../../queries/each-dataset.ts';
import { rawDatasets } from '../../shared/log-types/index.ts';

const selects = (which: string): string[] => {
  const sql = eachDataset(`SELECT * FROM (\n  {{each dataset${which}}}\n  SELECT x FROM {{dataset}}\n  {{end}}\n) ORDER BY x`);
  expect(sql).toMatch(/^SELECT \* FROM \(\n {2}SELECT[\s\S]*\n\) ORDER BY x$/);
  return [...sql.matchAll(/FROM (\w+)$/gm)].map(([, name = '']) => name);
};

test('stands once for every dataset of the catalog, joined', () => {
  expect(selects('')).toEqual(rawDatasets);
  expect(eachDataset('{{each dataset}}\nSELECT 1 FROM {{dataset}}\n{{end}}').match(/^UNION ALL$/gm)).toHaveLength(rawDatasets.length - 1);
});

test('leaves out what is named', () => {
  const left = selects(' but msft_graph_security_alerts_raw, msft_azure_ad_raw');
  expect(left).toEqual(rawDatasets.filter((name) => !['msft_graph_security_alerts_raw', 'msft_azure_ad_raw'].includes(name)));
});

test('stands for those that have a column', () => {
  expect(selects(' with folder_items')).toEqual(['msft_o365_exchange_online_raw']);
});

test('refuses a dataset or a column that is none', () => {
  expect(() => selects(' but msft_azure_ad')).toThrow("unknown dataset 'msft_azure_ad'; did you mean 'msft_azure_ad_raw'?");
  expect(() => selects(' with no_such_column')).toThrow('no dataset has the columns no_such_column');
});

test('leaves any other query as it is', () => {
  expect(eachDataset('SELECT {{since}}')).toBe('SELECT {{since}}');
});
