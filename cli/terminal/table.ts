/** Rows as an aligned table for people. */

import { printable } from '../../shared/printable.ts';
import { cut, pad, width, wrap } from './width.ts';

/** A column of a table. Text is aligned left unless it says otherwise. */
export interface Column {
  readonly name: string;
  readonly align?: 'left' | 'right';
}

/** `null` is shown as a word of its own, so that it differs from a text. */
export type Cell = string | null;

/** How a table is laid out. */
export interface TableOptions {
  /** Columns of the terminal that the table may take; Infinity where nothing limits it. */
  readonly width: number;
  /** `tab-separated`: for programs, a heading and a line a row; nothing is cut, and NULL is empty. */
  readonly layout?: 'aligned' | 'tab-separated';
  /** What becomes of values that are too long: cut with `…` (the usual), or written on several lines. Times and ids are never cut. */
  readonly long?: 'cut' | 'wrap';
  /** Applied to what is not data: the heading's rule and NULLs. */
  readonly dim?: (text: string) => string;
  readonly bold?: (text: string) => string;
}

/**
 * The table, a line a row, without a line end at its end. Where it is too wide, the widest columns give way first. On a narrow terminal,
 * and where times and ids leave too little room, it becomes a list of records instead, a line a column.
 */
export function table(columns: readonly Column[], rows: readonly (readonly Cell[])[], options: TableOptions): string {
  if (options.layout === 'tab-separated') return [columns.map(({ name }) => name), ...rows].map(tabSeparated).join('\n');
  const shown = rows.map((row) => row.map((cell) => (cell === null ? null : printable(cell))));
  const widths = fit(naturalWidths(columns, shown), wholeColumns(columns, shown), options.width);
  return widths ? grid({ columns, rows: shown, widths, options }) : records(columns, shown, options);
}

/** Cells with a tab between them. @example tabSeparated(['a', null, 'b']) // 'a\t\tb' */
export function tabSeparated(cells: readonly Cell[]): string {
  return cells.map((cell) => (cell === null ? '' : printable(cell))).join('\t');
}

const gap = '  ';
const nullWord = 'NULL';
/** A column is not made narrower than this. */
const narrowest = 6;
/** On a terminal that is narrower, what does not fit becomes records: cut columns would say too little. */
const narrowTerminal = 100;

function naturalWidths(columns: readonly Column[], rows: readonly (readonly Cell[])[]): number[] {
  return columns.map((column, index) =>
    rows.reduce((most, row) => Math.max(most, width(row[index] ?? nullWord)), width(printable(column.name))),
  );
}

/** Whether each column holds times or ids: a part of one is of no use, for it cannot be looked up. */
function wholeColumns(columns: readonly Column[], rows: readonly (readonly Cell[])[]): boolean[] {
  return columns.map(({ name }, index) => wholeNames.test(name) || rows.some((row) => wholeValues.test(row[index] ?? '')));
}

const wholeNames = /(?:^|[_ ])(?:ids?|guid|key|time|at|date|dt|ip|address)$/i;
const wholeValues = /^(?:\d{4}-\d{2}-\d{2}(?:[ T][\d:.]+(?:Z|[+-][\d:]+)?)?|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32,64})$/i;

/** Takes from the widest columns, but not from whole ones, until all fit; undefined when they do not, or the terminal is narrow. */
function fit(natural: readonly number[], isWhole: readonly boolean[], available: number): number[] | undefined {
  const room = available - gap.length * (natural.length - 1);
  if (sum(natural) <= room) return [...natural];
  const narrowed = (most: number): number[] => natural.map((columns, index) => (isWhole[index] ? columns : Math.min(columns, most)));
  if (available < narrowTerminal || sum(narrowed(narrowest)) > room) return undefined;
  let most = Math.min(room, Math.max(0, ...natural));
  while (sum(narrowed(most)) > room) most -= 1;
  let spare = room - sum(narrowed(most));
  return narrowed(most).map((columns, index) => {
    if (columns === natural[index] || spare === 0) return columns;
    spare -= 1;
    return columns + 1;
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
  { width: available, long = 'cut', dim = asIs, bold = asIs }: TableOptions,
): string {
  const names = columns.map(({ name }) => printable(name));
  const nameWidth = Math.max(...names.map(width));
  const room = Math.max(narrowest, available - nameWidth - gap.length);
  const isWhole = wholeColumns(columns, rows);
  const value = (cell: Cell | undefined, index: number): string => {
    if (cell === null || cell === undefined) return dim(nullWord);
    if (long === 'wrap') return wrap(cell, room).join(`\n${' '.repeat(nameWidth)}${gap}`);
    return isWhole[index] ? cell : cut(cell, room);
  };
  const blocks = rows.map((row, number) => {
    const lines = names.map((name, index) => `${bold(pad(name, nameWidth, 'left'))}${gap}${value(row[index], index)}`.trimEnd());
    return [dim(`── row ${String(number + 1)} ──`), ...lines].join('\n');
  });
  return blocks.length > 0 ? blocks.join('\n') : names.join(', ');
}

const asIs = (text: string): string => text;
const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
