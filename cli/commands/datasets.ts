/** `lake datasets`: what is in the lake. */

import type { Command } from 'commander';
import { normalizedDatasets } from '../../shared/datasets/index.ts';
import { iso } from '../../shared/domain/window.ts';
import { summarizeDatasets, type DatasetSummary } from '../dataset-summary.ts';
import { openLakeReader } from '../../local/lake-reader.ts';
import { paperOf, type Paper } from '../terminal/paper.ts';
import { bytes, count } from '../terminal/quantity.ts';
import { table } from '../terminal/table.ts';
import { lakeOption, type LakeChoice } from './options.ts';
import { toStdout } from './output.ts';

const help = `
kind        raw: rows as they were served. view: of a raw dataset, what was repeated once and of what changes the newest version;
            m365_activity is everything. normalized: derived from raw datasets; what is landed by choice only is shown once it has rows.
newest      the newest event_time (UTC).

Examples:
  lake datasets
  lake datasets --json | jq '.[] | select(.rows > 0) | .name'`;

/** Adds the command. */
export function datasetsCommand(program: Command): void {
  program
    .command('datasets')
    .summary('list the datasets with their rows, files and newest event')
    .description('Lists every dataset and view of the lake folder: rows, files, bytes, newest event, and the log types that land in it.')
    .addOption(lakeOption())
    .option('--json', 'print an array of objects')
    .addHelpText('after', help)
    .action(async (options: LakeChoice & { readonly json?: true }) => {
      const reader = await openLakeReader(options.lake);
      try {
        const summaries = await summarizeDatasets(reader);
        await toStdout(options.json ? `${JSON.stringify(summaries.map(asJson), undefined, 2)}\n` : `${datasetsTable(summaries)}\n`);
      } finally {
        await reader.close();
      }
    });
}

function asJson({ name, kind, rows, objects, newestEvent, logTypes }: DatasetSummary): unknown {
  const newest = newestEvent === undefined ? null : iso(newestEvent);
  return { name, kind, rows, files: objects?.files ?? null, bytes: objects?.bytes ?? null, newestEvent: newest, logTypes };
}

/** A dataset's name is there to be copied: on narrower paper the lines break rather than the names. */
const wideEnough = (paper: Paper): Paper => ({ ...paper, width: Math.max(paper.width, 120) });

/** What is landed by choice only is shown where it was chosen. */
function isShown({ name, kind, rows }: DatasetSummary): boolean {
  return rows > 0 || kind !== 'normalized' || normalizedDatasets.some((dataset) => dataset.name === name);
}

function datasetsTable(summaries: readonly DatasetSummary[]): string {
  const right = { align: 'right' } as const;
  const columns = [
    { name: 'dataset' },
    { name: 'kind' },
    { name: 'rows', ...right },
    { name: 'files', ...right },
    { name: 'size', ...right },
  ];
  const rows = summaries
    .filter(isShown)
    .map(({ name, kind, rows, objects, newestEvent, logTypes }) => [
      name,
      kind,
      count(rows),
      objects ? count(objects.files) : '',
      objects ? bytes(objects.bytes) : '',
      newestEvent === undefined ? '' : iso(newestEvent).replace('T', ' ').slice(0, 19),
      logTypes.length === 1 ? logTypes.join('') : `${count(logTypes.length)} log types`,
    ]);
  return table([...columns, { name: 'newest' }, { name: 'log types' }], rows, wideEnough(paperOf()));
}
