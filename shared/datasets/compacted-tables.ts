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
  const { columns, keeps } = rawDataset(dataset);
  const view = viewName(dataset);
  return { dataset, landed: dataset, compacted: compactedName(view), view, columns, keeps };
}

/** A normalized dataset is asked by its own name and has every row that landed; the table over its objects steps aside for the view. */
function ofNormalized({ name, columns }: NormalizedDataset): CompactedTable {
  const list = Object.entries(columns).map(([column, { type, meaning }]) => ({ name: column, type, meaning }));
  return {
    dataset: name,
    landed: `${name}_landed`,
    compacted: compactedName(name),
    view: name,
    columns: list,
    keeps: { kind: 'every row' },
  };
}

/** @example compactedName('msft_azure_ad') // 'msft_azure_ad_compacted' */
const compactedName = (view: string): string => `${view}_compacted`;

/** In the catalog's order. */
export const compactedTables: readonly CompactedTable[] = [...rawDatasets.map(ofRaw), ...knownDatasets.map(ofNormalized)];

/** Ids of the log types whose jobs land rows of a dataset. */
export function logTypesOfTable({ dataset }: Pick<CompactedTable, 'dataset'>): readonly string[] {
  const normalized = knownDatasets.find(({ name }) => name === dataset);
  return normalized ? normalized.logTypes : rawDataset(dataset).logTypes.map(({ id }) => id);
}

/** What the table over the landed objects has, in one line. */
export function landedMeaning(dataset: string): string {
  const normalized = knownDatasets.find(({ name }) => name === dataset);
  if (normalized) return `${normalized.meaning}: objects as they landed; ask ${dataset}`;
  return rawDataset(dataset)
    .logTypes.map(({ title }) => title)
    .join('; ');
}

/** What a row of the view is, in one line. */
export function viewMeaning({ dataset, view }: Pick<CompactedTable, 'dataset' | 'view'>): string {
  return knownDatasets.find(({ name }) => name === dataset)?.meaning ?? views.find(({ name }) => name === view)?.meaning ?? view;
}

/** @throws For a name that is no dataset's. */
export function compactedTableOf(dataset: string): CompactedTable {
  const found = compactedTables.find((table) => table.dataset === dataset);
  if (found) return found;
  throw new Error(`unknown dataset '${dataset}'; known are ${compactedTables.map((table) => table.dataset).join(', ')}`);
}
