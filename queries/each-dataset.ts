/**
 * `{{each dataset}} ... {{end}}` in a query: what stands between is there once for every `_raw` dataset of the catalog, under its name in
 * place of `{{dataset}}`, joined by UNION ALL. So a log type that is added is in these queries too.
 */

import { unknownWord } from '../shared/domain/nearest.ts';
import { rawDatasets } from '../shared/log-types/index.ts';
import { rawDataset } from '../shared/log-types/raw-dataset.ts';

const block = /^( *)\{\{each dataset(?: (with|but) ([\w, ]+))?\}\}\n([\s\S]*?)\n *\{\{end\}\}$/gm;

/**
 * @example eachDataset('{{each dataset with session_id}}\nSELECT session_id FROM {{dataset}}\n{{end}}') has a SELECT for all that have the column
 * @example eachDataset('{{each dataset but msft_graph_security_alerts_raw}} ...') has one for all others
 * @throws When nothing has the column, or a dataset is not known.
 */
export function eachDataset(template: string): string {
  return template.replaceAll(block, (_, indent: string, word: string | undefined, names: string | undefined, body: string) =>
    chosen(word, names?.split(', ') ?? [])
      .map((dataset) => body.replaceAll('{{dataset}}', dataset))
      .join(`\n${indent}UNION ALL\n`),
  );
}

function chosen(word: string | undefined, names: readonly string[]): readonly string[] {
  if (word === 'with') return having(names);
  const unknown = names.find((name) => !rawDatasets.some((known) => known === name));
  if (unknown !== undefined) throw new Error(unknownWord('dataset', unknown, rawDatasets));
  return rawDatasets.filter((name) => !names.includes(name));
}

function having(columns: readonly string[]): readonly string[] {
  const datasets = rawDatasets.filter((name) => {
    const there = new Set(rawDataset(name).columns.map((column) => column.name));
    return columns.every((column) => there.has(column));
  });
  if (datasets.length === 0) throw new Error(`no dataset has the columns ${columns.join(', ')}`);
  return datasets;
}
