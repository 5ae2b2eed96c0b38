/** Tells records of a log type from everything else that a file may hold. */

import type { Expression } from '../../shared/domain/columns.ts';
import { logTypes } from '../../shared/log-types/index.ts';
import type { LogType } from '../../shared/log-types/log-type.ts';
import type { Found } from './found.ts';

/** Looks into what was found: what is no record of the log type comes back as bad, with the reason. */
export type CheckRecord = (found: Found) => Found;

/**
 * A record has to be a JSON object with something in it that tells it from others: else all such would have one record key, and only
 * the first would land. One that has the time of another log type, and not its own, was meant for that.
 */
export function recordChecker(logType: LogType): CheckRecord {
  const telling = tellingNames(logType);
  const times = timeNames(logType);
  const others = logTypes.filter((other) => !timeNames(other).some((name) => times.includes(name)));
  return (found) => {
    if (found.kind === 'bad') return found;
    const record = parsed(found.bytes);
    if (record === undefined) return bad(found, 'no JSON');
    if (!isObject(record)) return bad(found, 'no JSON object');
    if (says(record, times)) return found;
    const meantFor = others.find((other) => says(record, timeNames(other)));
    if (meantFor) return bad(found, `no record of ${logType.id}: it looks like one of ${meantFor.id}`);
    return says(record, telling) ? found : bad(found, `no record of ${logType.id}: it has no ${telling.slice(0, 5).join(', no ')}`);
  };
}

function bad(found: Found, why: string): Found {
  return { ...found, kind: 'bad', why };
}

/** Of the Management Activity API id and time; for what has no better identity, everything that is read. */
function tellingNames({ identity, columns }: LogType): string[] {
  return topNames(columns, identity === 'every typed column' ? Object.keys(columns) : ['record_id', 'event_time']);
}

function timeNames({ columns }: LogType): string[] {
  return topNames(columns, ['event_time']);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function says(record: Record<string, unknown>, names: readonly string[]): boolean {
  return names.some((name) => record[name] !== undefined && record[name] !== null && record[name] !== '');
}

/** None for what is no JSON, which is not `null`. */
function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}

/** The first names of all paths that these columns read. */
function topNames(columns: LogType['columns'], of: readonly string[]): string[] {
  const paths = of.flatMap((name) => pathsIn(columns[name]?.from));
  return [...new Set(paths.map((path) => path.replace(/(?<!\\)(?:\.|\[\]).*$/, '').replaceAll('\\.', '.')))];
}

/** Whatever the operation: its paths are called `path`. */
function pathsIn(part: Expression | object | undefined): string[] {
  return Object.entries(part ?? {}).flatMap(([name, value]: [string, unknown]) => {
    if (name === 'path' && typeof value === 'string') return [value];
    return typeof value === 'object' && value !== null ? pathsIn(value) : [];
  });
}
