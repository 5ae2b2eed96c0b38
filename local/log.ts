import type { Log, LogFields } from '../shared/ports/log.ts';
import { printable, printableJson } from '../shared/printable.ts';
import { redact } from '../shared/redact.ts';

/** Where log lines are written: stderr, or a fake of it. */
export interface LogTarget {
  write(line: string): unknown;
}

/** `json`: one JSON object a line, for machines. `text`: time, level, message, fields. */
export type LogForm = 'json' | 'text';

/**
 * Log lines on stderr, so that stdout belongs to what a command prints.
 *
 * Whatever looks like a secret is replaced before it is written. That is the last guard, not the rule: no code hands a secret to the log.
 */
export function createLog(form: LogForm, now: () => number, target: LogTarget = process.stderr): Log {
  const write =
    (level: string) =>
    (message: string, fields: LogFields = {}) => {
      const line = { time: new Date(now()).toISOString(), level, ...redact({ message, ...fields }) };
      target.write(`${form === 'json' ? printableJson(JSON.stringify(line)) : printable(asText(line))}\n`);
    };
  return { info: write('info'), warn: write('warn'), error: write('error') };
}

function asText({ time, level, message, ...fields }: LogFields): string {
  const shown = Object.entries(fields).filter(([, value]) => value !== undefined);
  const text = shown.map(
    ([name, value]) => `${name}=${typeof value === 'string' && /[\s"=]/.test(value) ? JSON.stringify(value) : String(value)}`,
  );
  return [time, String(level).toUpperCase().padEnd(5), String(message).replace(/\s+/g, ' '), ...text].join(' ');
}
