/** A query's result, written in the form that was asked for. */

import { count } from '../../terminal/quantity.ts';
import type { TerminalStyle } from '../../terminal/terminal-style.ts';
import { printableJson, printableLines } from '../../../shared/printable.ts';
import { table, tabSeparated, type Cell } from '../../terminal/table.ts';
import { csvLine } from './csv.ts';
import { valueText, type Answer, type AnswerColumn, type AnswerRow, type Value } from '../../../shared/ports/asking.ts';

/** Writes text, and resolves when the reader is ready for more. */
export type Write = (text: string) => Promise<void>;

/** An array of objects, a line each; of columns with one name, the later ones are called `name:1`, `name:2`. */
export async function printJson(answer: Answer, write: Write): Promise<void> {
  const names = differentNames(answer.columns);
  let before = '[';
  for await (const rows of answer.batches) {
    const lines = rows.map((row) => printableJson(JSON.stringify(Object.fromEntries(names.map((name, index) => [name, row[index]])))));
    if (lines.length === 0) continue;
    await write(`${before}\n${lines.join(',\n')}`);
    before = ',';
  }
  await write(before === '[' ? '[]\n' : '\n]\n');
}

/** A heading, then a line a row; see {@link csvLine}. On a terminal what it would obey is made visible; elsewhere data stays as it is. */
export async function printCsv(answer: Answer, write: Write, isTerminal = process.stdout.isTTY): Promise<void> {
  const shown = isTerminal ? printableLines : (text: string) => text;
  await write(shown(csvLine(answer.columns.map(({ name }) => name))));
  for await (const rows of answer.batches) await write(shown(rows.map(csvLine).join('')));
}

/** Rows that are shown on a terminal where no limit is set. */
const usualLimit = 50;

/**
 * A table for people, with how many rows it has; for programs a heading and lines with tabs, as the rows come.
 *
 * @param limit Rows at most, with a note when there are more; 0 is no limit. Where it is not set, programs get every row.
 */
export async function printTable(answer: Answer, limit: number | undefined, style: TerminalStyle, write: Write): Promise<void> {
  if (style.layout === 'tab-separated') {
    await printTabSeparated(answer, limit ?? 0, write);
    return;
  }
  const most = limit ?? usualLimit;
  const { rows, hasMore } = await firstRows(answer, most);
  const columns = answer.columns.map(({ name, kind }) => ({ name, align: kind === 'number' ? ('right' as const) : ('left' as const) }));
  const cells = rows.map((row) => row.map(cell));
  await write(`${table(columns, cells, style)}\n`);
  if (hasMore) await write(`${style.dim(`the first ${count(most)} rows; there are more (--limit 0 shows all)`)}\n`);
  else await write(`${style.dim(rows.length === 1 ? '1 row' : `${count(rows.length)} rows`)}\n`);
}

async function printTabSeparated(answer: Answer, limit: number, write: Write): Promise<void> {
  await write(`${tabSeparated(answer.columns.map(({ name }) => name))}\n`);
  let left = limit === 0 ? Infinity : limit;
  for await (const rows of answer.batches) {
    const taken = rows.slice(0, left);
    await write(taken.map((row) => `${tabSeparated(row.map((value) => (value === null ? null : valueText(value))))}\n`).join(''));
    left -= taken.length;
    if (left === 0) return;
  }
}

async function firstRows(answer: Answer, limit: number): Promise<{ rows: AnswerRow[]; hasMore: boolean }> {
  const all: AnswerRow[] = [];
  for await (const rows of answer.batches) {
    all.push(...rows);
    if (limit > 0 && all.length > limit) return { rows: all.slice(0, limit), hasMore: true };
  }
  return { rows: all, hasMore: false };
}

function cell(value: Value): Cell {
  if (value === null) return null;
  return typeof value === 'string' && shownInstant.test(value) ? value.replace('T', ' ').replace(/\.000Z$/, 'Z') : valueText(value);
}

/** Easier on the eye than ISO's T; in --json and --csv it stays. */
const shownInstant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z$/;

/** Of columns with one name, the later ones are called `name:1`, `name:2`. */
function differentNames(columns: readonly AnswerColumn[]): string[] {
  const seen = new Map<string, number>();
  return columns.map(({ name }) => {
    const before = seen.get(name) ?? 0;
    seen.set(name, before + 1);
    return before === 0 ? name : `${name}:${String(before)}`;
  });
}
