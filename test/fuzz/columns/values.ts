/** JSON values as what columns read them: NULL where that cannot be. */

import type { Column } from '../../../shared/domain/columns.ts';

/** A moment is in ms since 1970. */
export class Time {
  readonly ms: number;
  constructor(ms: number) {
    this.ms = ms;
  }
}

export type Value =
  null | string | bigint | number | boolean | Time | readonly Value[] | Map<string, string | null> | { readonly [name: string]: Value };

/** A JSON value as one of the kinds that columns want. */
export function readAs(value: unknown, as: 'text' | 'long' | 'double' | 'boolean'): Value {
  if (value === undefined || value === null) return null;
  if (as === 'text') return typeof value === 'string' ? value : jsonText(value);
  if (typeof value === 'string') return fromText(value, as);
  if (typeof value === 'boolean') return as === 'boolean' ? value : as === 'long' ? BigInt(value) : Number(value);
  if (typeof value !== 'number') return null;
  if (as === 'boolean') return value !== 0;
  return as === 'long' ? wholeOf(value) : value;
}

function wholeOf(value: number): bigint | null {
  const rounded = Math.round(Math.abs(value)) * Math.sign(value);
  return Math.abs(rounded) < 2 ** 63 ? BigInt(rounded) : null;
}

function fromText(text: string, as: 'long' | 'double' | 'boolean'): Value {
  const trimmed = text.trim();
  if (as === 'boolean') {
    if (/^(?:true|t|yes|y|1)$/i.test(trimmed)) return true;
    return /^(?:false|f|no|n|0)$/i.test(trimmed) ? false : null;
  }
  if (!/^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(trimmed)) return null;
  return as === 'double' ? Number(trimmed) : wholeOf(Number(trimmed));
}

export function jsonText(value: unknown): string {
  return JSON.stringify(value);
}

/** Nothing, however Microsoft writes it. */
export function isNothing(value: unknown): boolean {
  return value === undefined || value === null || value === '' || ['[]', '{}'].includes(jsonText(value));
}

export function textOf(value: Value): string | null {
  if (value === null || typeof value === 'string') return value;
  if (typeof value === 'bigint' || typeof value === 'boolean' || typeof value === 'number') return String(value);
  throw new Error('a list, a struct or a moment is never read as text');
}

/** With zone, or UTC without; years before 1900 are Microsoft's way to write no time. */
export function timeOf(text: string | null): Time | null {
  const [, date, time = '', fraction = '', zone = ''] = timePattern.exec(text?.trim() ?? '') ?? [];
  if (date === undefined) return null;
  const offset = /^[+-]\d\d$/.test(zone) ? `${zone}:00` : zone === '' ? 'Z' : zone.toUpperCase();
  const ms = Date.parse(`${date}T${time === '' ? '00:00:00' : time}${fraction.slice(0, 4)}${offset}`);
  const isDate = new Date(Date.parse(`${date}T00:00:00Z`)).toISOString().startsWith(date);
  return isDate && !Number.isNaN(ms) && ms >= Date.parse('1900-01-01T00:00:00Z') ? new Time(ms) : null;
}

const timePattern = /^(\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]))(?:[T ](\d\d:\d\d:\d\d)(\.\d{1,9})?(Z|[+-]\d\d(?::\d\d)?)?)?$/i;

/** As the column's own type, where the expression has another one. */
export function cast(value: Value, type: Column['type'] | 'long'): Value {
  if (value === null || typeof type === 'object') return value;
  switch (type) {
    case 'text':
    case 'json':
      return textOf(value);
    case 'long':
      return typeof value === 'bigint'
        ? value
        : typeof value === 'boolean'
          ? BigInt(value)
          : typeof value === 'number'
            ? wholeOf(value)
            : typeof value === 'string'
              ? fromText(value, 'long')
              : null;
    case 'double':
      return typeof value === 'bigint' ? Number(value) : typeof value === 'string' ? fromText(value, 'double') : value;
    case 'boolean':
      return typeof value === 'string' ? fromText(value, 'boolean') : value;
    case 'time':
      return typeof value === 'string' ? timeOf(value) : value;
    case 'texts':
    case 'map':
      return value;
  }
}
