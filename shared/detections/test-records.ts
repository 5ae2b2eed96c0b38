/** The records of a rule's tests, as Microsoft would send them. */

import { iso } from '../domain/window.ts';
import { logTypeById } from '../log-types/index.ts';
import type { LogType } from '../log-types/log-type.ts';
import type { TestRecords } from './sigma/rule-tests.ts';

/** So many records alike: each with an id and a time of its own where the rule does not give them, and its number in place of `{n}`. */
export function recordsOf({ logType: id, record, count, at, everyMs }: TestRecords, salt: string): readonly unknown[] {
  const logType = logTypeById(id);
  return Array.from({ length: count }, (_, index) => ({
    ...defaultsOf(logType, `${salt}-${String(index + 1)}`, iso(Date.parse(at) + index * everyMs)),
    ...(numbered(record, index + 1) as object),
  }));
}

function defaultsOf({ recognize, source }: LogType, id: string, time: string): Record<string, string> {
  const [idField = 'Id'] = recognize.id;
  const timeFields =
    source.kind === 'windows'
      ? new Set([source.timeField, recognize.times[0] ?? source.timeField])
      : [recognize.times[0] ?? 'CreationTime'];
  // The Management Activity API writes UTC without a zone.
  const written = source.kind === 'content' ? time.slice(0, 19) : time;
  return { [idField]: id, ...Object.fromEntries([...timeFields].map((field) => [field, written])) };
}

function numbered(value: unknown, number: number): unknown {
  if (typeof value === 'string') return value.replaceAll('{n}', String(number));
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map((one) => numbered(one, number));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, numbered(inner, number)]));
}
