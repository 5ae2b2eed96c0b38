/** Athena's results: every value is a text, and its column says of what. */

import type { ColumnInfo, Datum } from '@aws-sdk/client-athena';
import type { AnswerColumn, Value } from '../../ports/asking.ts';

/** A column as the port has it. @see https://docs.aws.amazon.com/athena/latest/ug/data-types.html */
export function athenaColumn({ Name: name = '', Type: type = 'varchar' }: ColumnInfo): AnswerColumn {
  return { name, kind: kindOf(type) };
}

/** A value as the port has it: times in ISO 8601 and UTC, numbers while JavaScript holds them exactly. Lists, maps and rows stay Athena's text. */
export function athenaValue(cell: Datum | undefined, { Type: type = 'varchar' }: ColumnInfo): Value {
  const text = cell?.VarCharValue;
  if (text === undefined) return null;
  switch (kindOf(type)) {
    case 'number':
      return exactNumber(text, type);
    case 'boolean':
      return text === 'true';
    case 'time':
      return isoTime(text);
    case 'text':
    case 'other':
      return text;
  }
}

function kindOf(type: string): AnswerColumn['kind'] {
  if (/^(?:tinyint|smallint|integer|int|bigint|float|real|double|decimal)/.test(type)) return 'number';
  if (type.startsWith('timestamp')) return 'time';
  if (type === 'boolean') return 'boolean';
  return /^(?:var)?char|^string/.test(type) ? 'text' : 'other';
}

/** A decimal stays its text, as on one machine. */
function exactNumber(text: string, type: string): Value {
  const number = Number(text);
  if (type.startsWith('decimal') || !Number.isFinite(number)) return text;
  return Number.isInteger(number) && !Number.isSafeInteger(number) ? text : number;
}

/** `2026-11-20 09:14:03.000`, perhaps with ` UTC`; as it is where the zone is another one. */
function isoTime(text: string): string {
  const [, day, time] = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2}(?:\.\d+)?)(?: UTC)?$/.exec(text) ?? [];
  if (day === undefined || time === undefined) return text;
  const [whole = '', fraction = ''] = time.split('.');
  const digits = fraction.replace(/0+$/, '').length > 3 ? fraction.padEnd(6, '0').slice(0, 6) : fraction.padEnd(3, '0').slice(0, 3);
  return `${day}T${whole}.${digits}Z`;
}
