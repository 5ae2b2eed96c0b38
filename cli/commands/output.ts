/** What a command writes. Only rows that a query was asked for as data are written as they are. */

import { printableJson, printableLines } from '../../shared/printable.ts';
import { withoutStyle } from '../terminal/terminal-style.ts';
import type { Write } from './query/print.ts';

/** Writes a page for people to stdout, at the speed of its reader. Whatever a terminal would obey is made visible, but for our own style. */
export const toStdout: Write = (text) => writeData(page(text));

/** Writes data to stdout as it is, at the speed of its reader. */
export const writeData: Write = async (text) => {
  if (process.stdout.write(text)) return;
  await new Promise<void>((resolve) => {
    process.stdout.once('drain', resolve);
  });
};

/** Writes to stderr, as {@link toStdout} does. */
export function toStderr(text: string): void {
  process.stderr.write(page(text));
}

/** JSON for people and programs. What a terminal would obey is escaped: a line end between two lines is not one within a text. */
export function prettyJson(value: unknown): string {
  return JSON.stringify(value, undefined, 2).split('\n').map(printableJson).join('\n');
}

/** A reader that has seen enough (`| head`) ends the command, quietly. */
export function endQuietlyWithReader(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(0);
  });
}

const page = (text: string): string => withoutStyle(text, printableLines);
