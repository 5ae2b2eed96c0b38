/** What `npm run unread` found, as a text and as the page docs/unread-values.md. */

import type { LogTypeId } from '../../shared/log-types/index.ts';
import type { Unread } from './unread-values.ts';

/** What was found in the records of one log type in one data set. */
export interface Measured {
  readonly dataSet: string;
  readonly logType: LogTypeId;
  readonly records: number;
  readonly columns: number;
  /** Names of the columns that no record fills. */
  readonly empty: readonly string[];
  readonly unread: readonly (Unread & { readonly reason: string | undefined })[];
}

/** For a terminal: every log type of every data set. */
export function unreadText(measured: readonly Measured[]): string {
  return measured
    .map(({ dataSet, logType, records, columns, empty, unread }) => {
      const filled = `${String(columns - empty.length)} of ${String(columns)} columns filled; empty: ${empty.join(', ') || 'nothing'}`;
      const places = unread.map(({ path, records: count, reason }) => `  ${path} (${String(count)}): ${reason ?? 'NO REASON'}\n`);
      return `\n${dataSet} ${logType}: ${String(records)} records, ${filled}\n${places.join('')}`;
    })
    .join('');
}

/** The page. Of a record it has the places of values, and no value. */
export function unreadPage(measured: readonly Measured[]): string {
  const shares = measured.map(({ dataSet, logType, records, columns, empty }) => {
    const filled = columns - empty.length;
    return [
      dataSet,
      `\`${logType}\``,
      records.toLocaleString('en-US'),
      `${String(filled)} of ${String(columns)}`,
      percent(filled, columns),
    ];
  });
  const places = byPlace(measured).map(({ logTypes, path, records, reason }) => [
    logTypes.map((id) => `\`${id}\``).join(', '),
    `\`${path}\``,
    records.toLocaleString('en-US'),
    reason ?? '**none**',
  ]);
  return `# What stands in records and in no column

<!-- Written by \`npm run unread -- --write FOLDER...\` from records that are not in this repository, and from tools/unread/reasons.ts. -->

\`raw\` has every record as it was served. This page lists what needs \`raw\`: every place that holds a value in some record of the data sets below and that no
column takes, with the reason. A place without a reason fails the command. It names places, never values.

## How much of the columns is filled

A column that no record fills is of an operation that nobody published a record of, or is filled by production tenants only. How often each column is filled, of
normalized and OCSF datasets too, is in [datasets](datasets/README.md).

${table(['data set', 'log type', 'records', 'columns filled', 'share'], shares)}

## Places without a column

${table(['log type', 'place', 'records', 'reason'], places)}
`;
}

interface Place {
  readonly logTypes: readonly LogTypeId[];
  readonly path: string;
  readonly records: number;
  readonly reason: string | undefined;
}

/** Each place and reason once, with the log types that have it; in the order of their names. */
function byPlace(measured: readonly Measured[]): Place[] {
  const places = new Map<string, Place>();
  for (const { logType, unread } of measured) {
    for (const { path, records, reason } of unread) {
      const key = `${path} ${reason ?? ''}`;
      const known = places.get(key) ?? { logTypes: [], path, records: 0, reason };
      places.set(key, { ...known, logTypes: [...new Set([...known.logTypes, logType])].sort(), records: known.records + records });
    }
  }
  return [...places.values()].sort((one, other) => one.path.localeCompare(other.path, 'en'));
}

const percent = (part: number, whole: number): string => `${String(Math.round((100 * part) / whole))} %`;

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
