/** What an erasure took away, or would. */

import type { ErasedDataset } from '../../local/erasure/erase-lake.ts';
import { bytes, count } from '../terminal/quantity.ts';
import { table } from '../terminal/table.ts';
import { terminalStyle } from '../terminal/terminal-style.ts';

/** The datasets as a table; a sentence where there is none. */
export function erasedPage(erased: readonly ErasedDataset[], isDryRun: boolean): string {
  if (erased.length === 0) return 'The lake has nothing of it.\n';
  const right = { align: 'right' } as const;
  const columns = [
    { name: 'dataset' },
    { name: 'landed files', ...right },
    { name: 'size', ...right },
    { name: 'rows', ...right },
    { name: 'compacted files', ...right },
    { name: 'rows in them', ...right },
  ];
  const rows = erased.map((one) => [
    one.dataset,
    count(one.objects),
    bytes(one.bytes),
    count(one.rows),
    count(one.parts),
    count(one.partRows),
  ]);
  return `${table(columns, rows, terminalStyle())}\n${isDryRun ? dryRun : ''}`;
}

const dryRun = 'Nothing was erased: this was a dry run. Add --yes and --reason to erase.\n';

/** The datasets as the audit names them. */
export const erasedWords = (erased: readonly ErasedDataset[]): string[] =>
  erased.map(({ dataset, objects, rows, parts, partRows }) =>
    [dataset, `${String(rows)} rows in ${String(objects)} landed files`, `${String(partRows)} in ${String(parts)} compacted files`].join(
      ' ',
    ),
  );
