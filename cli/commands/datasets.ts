/** `lake datasets`: the datasets of a lake, with their size. */

import type { Command } from 'commander';
import { iso } from '../../shared/domain/window.ts';
import { awsOption, type AwsChoice } from '../aws/deployment.ts';
import { costLine } from '../asking/cost.ts';
import { whileNotInterrupted } from '../asking/interrupt.ts';
import { openAsking } from '../asking/open-asking.ts';
import { summarizeDeployment } from '../aws/deployment-datasets.ts';
import { isShown, summarizeDatasets, type DatasetSummary } from '../dataset-summary.ts';
import { openLakeReader } from '../../local/lake-reader.ts';
import { terminalStyle, type TerminalStyle } from '../terminal/terminal-style.ts';
import { bytes, count } from '../terminal/quantity.ts';
import { table } from '../terminal/table.ts';
import { lakeOption, type LakeChoice } from './options.ts';
import { prettyJson, toStderr, toStdout } from './output.ts';

const help = `
Columns:
  kind    raw         every record as it was served
          view        over a raw dataset: duplicates removed, and the newest version of records that change;
                      m365_activity covers every service
          normalized  derived from raw datasets; optional datasets (OCSF) are listed once they have rows
  newest  the newest event_time, in UTC

With --aws each dataset's landed rows are counted by Athena, in one query that reads their event times; views are not counted.

Examples:
  lake datasets
  lake datasets --aws
  lake datasets --json | jq '.[] | select(.rows > 0) | .name'`;

/** Adds the command. */
export function datasetsCommand(program: Command): void {
  program
    .command('datasets')
    .summary('list the datasets of a lake')
    .description(
      'Lists the datasets and views of a lake folder, or of a deployment, with their rows, files, size, newest event and log types.',
    )
    .addOption(lakeOption())
    .addOption(awsOption().conflicts('lake'))
    .option('--json', 'print an array of objects')
    .addHelpText('after', help)
    .action(async (options: LakeChoice & AwsChoice & { readonly json?: true }) => {
      if (options.aws) return listDeployment(options);
      const reader = await openLakeReader(options.lake);
      try {
        const summaries = await summarizeDatasets(reader);
        await toStdout(options.json ? `${prettyJson(summaries.map(asJson))}\n` : `${datasetsTable(summaries)}\n`);
      } finally {
        await reader.close();
      }
    });
}

async function listDeployment(options: LakeChoice & AwsChoice & { readonly json?: true }): Promise<void> {
  const asking = await openAsking(options);
  try {
    const { summaries, cost } = await whileNotInterrupted((signal) => summarizeDeployment(asking, signal));
    await toStdout(options.json ? `${prettyJson(summaries.map(asJson))}\n` : `${datasetsTable(summaries)}\n`);
    toStderr(costLine(cost));
  } finally {
    await asking.close();
  }
}

function asJson({ name, kind, rows, objects, newestEvent, logTypes }: DatasetSummary): unknown {
  const newest = newestEvent === undefined ? null : iso(newestEvent);
  return { name, kind, rows, files: objects?.files ?? null, bytes: objects?.bytes ?? null, newestEvent: newest, logTypes };
}

/** Names are there to be copied: on a narrower terminal the lines wrap, and no name is cut. */
const wideEnough = (style: TerminalStyle): TerminalStyle => ({ ...style, width: Math.max(style.width, 120) });

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
  return table([...columns, { name: 'newest' }, { name: 'log types' }], rows, wideEnough(terminalStyle()));
}
