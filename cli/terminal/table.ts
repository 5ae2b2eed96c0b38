/** Rows as an aligned table for people. */

import { printable } from './printable.ts';
import { cut, pad, width, wrap } from './width.ts';

/** A column of a table. Text is aligned left unless it says otherwise. */
export interface Column {
  readonly name: string;
  readonly align?: 'left' | 'right';
}

/** `null` is shown as a word of its own, so that it is told from a text. */
export type Cell = string | null;

/** How a table is laid out. */
export interface TableOptions {
  /** Columns of the terminal that the table may take. */
  readonly width: number;
  /** What becomes of values that are too long: cut with `…` (the usual), or written on several lines. */
  readonly long?: 'cut' | 'wrap';
  /** Applied to what is not data: the heading's rule and NULLs. */
  readonly dim?: (text: string) => string;
  readonly bold?: (text: string) => string;
}

/**
 * The table, a line a row, without a line end at its end. Where it is too wide, the widest columns give way first. What has so many
 * columns that none could be read becomes a list of records instead, a line a column.
 */
export function table(columns: readonly Column[], rows: readonly (readonly Cell[])[], options: TableOptions): string {
  const shown = rows.map((row) => row.map((cell) => (cell === null ? null : printable(cell))));
  const widths = fit(naturalWidths(columns, shown), options.width);
  return widths ? grid({ columns, rows: shown, widths, options }) : records(columns, shown, options);
}

const gap = '  ';
const nullWord = 'NULL';
/** A column is not made narrower than this. */
const narrowest = 6;

function naturalWidths(columns: readonly Column[], rows: readonly (readonly Cell[])[]): number[] {
  return columns.map((column, index) =>
    rows.reduce((most, row) => Math.max(most, width(row[index] ?? nullWord)), width(printable(column.name))),
  );
}

/** Narrows the widest columns until all fit; undefined when even the narrowest do not. */
function fit(natural: readonly number[], available: number): number[] | undefined {
  const room = available - gap.length * (natural.length - 1);
  if (sum(natural.map((columns) => Math.min(columns, narrowest))) > room) return undefined;
  let most = Math.max(0, ...natural);
  while (sum(natural.map((columns) => Math.min(columns, most))) > room) most -= 1;
  let spare = room - sum(natural.map((columns) => Math.min(columns, most)));
  return natural.map((columns) => {
    if (columns <= most || spare === 0) return Math.min(columns, most);
    spare -= 1;
    return most + 1;
  });
}

interface Grid {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
  readonly widths: readonly number[];
  readonly options: TableOptions;
}

function grid({ columns, rows, widths, options: { long = 'cut', dim = asIs, bold = asIs } }: Grid): string {
  const line = (cells: readonly string[]): string => cells.join(gap).trimEnd();
  const padded = (text: string, index: number): string => pad(text, widths[index] ?? 0, columns[index]?.align ?? 'left');
  const fitted = (cell: string, index: number): string[] =>
    long === 'wrap' ? wrap(cell, widths[index] ?? 0) : [cut(cell, widths[index] ?? 0)];
  const body = rows.flatMap((row) => {
    const cells = row.map((cell, index) => fitted(cell ?? nullWord, index));
    const height = Math.max(...cells.map((lines) => lines.length));
    return Array.from({ length: height }, (_, at) =>
      line(cells.map((lines, index) => (row[index] === null ? dim : asIs)(padded(lines[at] ?? '', index)))),
    );
  });
  const heading = line(columns.map(({ name }, index) => padded(cut(printable(name), widths[index] ?? 0), index)));
  const rule = line(widths.map((columns) => '─'.repeat(columns)));
  return [bold(heading), dim(rule), ...body].join('\n');
}

function records(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  { width: available, dim = asIs, bold = asIs }: TableOptions,
): string {
  const names = columns.map(({ name }) => printable(name));
  const nameWidth = Math.max(...names.map(width));
  const room = Math.max(narrowest, available - nameWidth - gap.length);
  const value = (cell: Cell | undefined): string => (cell === null || cell === undefined ? dim(nullWord) : cut(cell, room));
  const blocks = rows.map((row, number) => {
    const lines = names.map((name, index) => `${bold(pad(name, nameWidth, 'left'))}${gap}${value(row[index])}`.trimEnd());
    return [dim(`── row ${String(number + 1)} ──`), ...lines].join('\n');
  });
  return blocks.length > 0 ? blocks.join('\n') : names.join(', ');
}

const asIs = (text: string): string => text;
const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
