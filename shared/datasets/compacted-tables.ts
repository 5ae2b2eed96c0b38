/** Every compacted table: one for each raw and each normalized dataset. */

import type { CompactedTable } from '../domain/compacted-table.ts';
import { viewName } from '../domain/views.ts';
import { rawDatasets } from '../log-types/index.ts';
import { rawDataset } from '../log-types/raw-dataset.ts';
import { knownDatasets } from './index.ts';
import { views } from './views.ts';
import type { NormalizedDataset } from './normalized-dataset.ts';

/** Beside a raw dataset there is a view of its own; what is asked of it is compacted: one row a record. */
function ofRaw(dataset: string): CompactedTable {
  const { columns, keeps, logTypes } = rawDataset(dataset);
  const view = viewName(dataset);
  return {
    dataset,
    landed: dataset,
    compacted: compactedName(view),
    again: `${view}_again`,
    view,
    meaning: views.find(({ name }) => name === view)?.meaning ?? view,
    landedMeaning: logTypes.map(({ title }) => title).join('; '),
    columns,
    keeps,
  };
}

/** A normalized dataset is asked by its own name and has every row that landed; the table over its objects steps aside for the view. */
function ofNormalized({ name, meaning, columns: own }: NormalizedDataset): CompactedTable {
  const columns = Object.entries(own).map(([column, { type, meaning: what }]) => ({ name: column, type, meaning: what }));
  return {
    dataset: name,
    landed: `${name}_landed`,
    compacted: compactedName(name),
    view: name,
    meaning,
    landedMeaning: `${meaning}: objects as they landed; ask ${name}`,
    columns,
    keeps: { kind: 'every row' },
  };
}

/** @example compactedName('msft_azure_ad') // 'msft_azure_ad_compacted' */
const compactedName = (view: string): string => `${view}_compacted`;

/** In the catalog's order. */
export const compactedTables: readonly CompactedTable[] = [...rawDatasets.map(ofRaw), ...knownDatasets.map(ofNormalized)];

/** @throws For a name that is no dataset's. */
export function compactedTableOf(dataset: string): CompactedTable {
  const found = compactedTables.find((table) => table.dataset === dataset);
  if (found) return found;
  throw new Error(`unknown dataset '${dataset}'; known are ${compactedTables.map((table) => table.dataset).join(', ')}`);
}
