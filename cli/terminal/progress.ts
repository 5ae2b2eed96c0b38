import type { Clock } from '../../shared/ports/clock.ts';
import { printable, printableLines } from '../../shared/printable.ts';
import { cut } from './width.ts';

/** Where progress is written: stderr, or a fake of it. */
export interface ProgressTarget {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** How far something has come, for who waits for it. */
export interface Progress {
  /** Says the newest; called as often as one likes. */
  update(text: string): void;
  /** A line that stays, above the status. */
  note(text: string): void;
  /** Takes the status away; `text` stays instead. */
  done(text?: string): void;
}

/** Of a terminal's line, and of lines in a file or a build's log. */
const betweenUpdatesMs = { terminal: 100, lines: 5_000 };

/** On a terminal one line that changes; elsewhere (a file, a build's log) a line now and then, when there is something new to write. */
export function createProgress(clock: Pick<Clock, 'now'>, target: ProgressTarget = process.stderr): Progress {
  return target.isTTY ? liveLine(clock, target) : occasionalLines(clock, target);
}

/** Some terminals say 0 when they do not know. */
function widthOf({ columns = 0 }: ProgressTarget): number {
  return columns > 0 ? columns : 80;
}

const clearLine = '\r\u001b[2K';

function liveLine(clock: Pick<Clock, 'now'>, target: ProgressTarget): Progress {
  let shownAt = Number.NEGATIVE_INFINITY;
  let shown = '';
  const show = (text: string): void => {
    shown = cut(printable(text), widthOf(target) - 1);
    target.write(`${clearLine}${shown}`);
  };
  return {
    update: (text) => {
      if (clock.now() - shownAt < betweenUpdatesMs.terminal) return;
      shownAt = clock.now();
      show(text);
    },
    note: (text) => {
      target.write(`${clearLine}${printableLines(text)}\n${shown}`);
    },
    done: (text) => {
      target.write(text === undefined ? clearLine : `${clearLine}${printableLines(text)}\n`);
    },
  };
}

function occasionalLines(clock: Pick<Clock, 'now'>, target: ProgressTarget): Progress {
  let writtenAt = clock.now();
  let written = '';
  const write = (text: string): void => {
    written = text;
    target.write(`${printableLines(text)}\n`);
  };
  return {
    update: (text) => {
      if (text === written || clock.now() - writtenAt < betweenUpdatesMs.lines) return;
      writtenAt = clock.now();
      write(text);
    },
    note: (text) => {
      target.write(`${printableLines(text)}\n`);
    },
    done: (text) => {
      if (text !== undefined && text !== written) write(text);
    },
  };
}
