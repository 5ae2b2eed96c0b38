import { redact } from '../../shared/redact.ts';
import type { Log, LogFields } from '../../shared/ports/log.ts';

/** A line as it was logged. */
export interface LogLine {
  readonly level: 'info' | 'warn' | 'error';
  readonly message: string;
  readonly fields: LogFields;
}

/** Keeps every line. A line that holds what looks like a secret is a bug of whoever wrote it, and throws. */
export class FakeLog implements Log {
  readonly lines: LogLine[] = [];

  info(message: string, fields: LogFields = {}): void {
    this.add('info', message, fields);
  }

  warn(message: string, fields: LogFields = {}): void {
    this.add('warn', message, fields);
  }

  error(message: string, fields: LogFields = {}): void {
    this.add('error', message, fields);
  }

  of(level: LogLine['level']): readonly LogLine[] {
    return this.lines.filter((line) => line.level === level);
  }

  private add(level: LogLine['level'], message: string, fields: LogFields): void {
    const line = { message, ...fields };
    if (JSON.stringify(redact(line)) !== JSON.stringify(line)) throw new Error(`a secret is in the log line '${message}'`);
    this.lines.push({ level, message, fields: { ...fields } });
  }
}
