/** What a run prints at its end. */

import { iso, type Instant } from '../../shared/domain/window.ts';
import { isShown, summarizeDatasets } from '../dataset-summary.ts';
import { duckDbAnswer } from '../../local/asking/duckdb-answer.ts';
import type { LakeReader } from '../../local/lake-reader.ts';
import { printTable } from '../commands/query/print.ts';
import type { Write } from '../commands/query/print.ts';
import type { Verdict } from '../../simulator/verdict.ts';
import { bytes, count, span } from '../terminal/quantity.ts';
import type { TerminalStyle } from '../terminal/terminal-style.ts';
import { table } from '../terminal/table.ts';
import { exampleQueries } from './examples.ts';

/** Dataset, rows, files, bytes, newest event and its lag, of everything that holds objects. */
export async function datasetReport(reader: LakeReader, now: Instant, style: TerminalStyle): Promise<string> {
  const right = { align: 'right' } as const;
  const columns = [
    { name: 'dataset' },
    { name: 'rows', ...right },
    { name: 'files', ...right },
    { name: 'size', ...right },
    { name: 'newest event' },
    { name: 'lag', ...right },
  ];
  const summaries = (await summarizeDatasets(reader)).filter((one) => one.objects && isShown(one));
  const rows = summaries.map(({ name, rows, objects, newestEvent }) => [
    name,
    count(rows),
    count(objects?.files ?? 0),
    bytes(objects?.bytes ?? 0),
    newestEvent === undefined ? '' : iso(newestEvent).replace('T', ' ').slice(0, 19),
    newestEvent === undefined ? '' : span(now - newestEvent),
  ]);
  return table(columns, rows, style);
}

/** Runs the example queries and prints each with its question, its SQL and at most 10 rows. */
export async function printExamples(reader: LakeReader, style: TerminalStyle, write: Write): Promise<void> {
  for (const { question, sql } of exampleQueries) {
    await write(`\n${style.bold(question)}\n${style.dim(sql)}\n\n`);
    await printTable(duckDbAnswer(await reader.query(sql)), 10, style, write);
  }
}

/** @example 'served 30,424, landed 30,424, missing 0, repeated 0' */
export function verdictLine({ served, landed, missing, repeated }: Verdict): string {
  return `served ${count(served)}, landed ${count(landed)}, missing ${count(missing)}, repeated ${count(repeated)}`;
}
