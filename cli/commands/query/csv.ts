import { valueText, type Value } from './value.ts';

/**
 * One line of CSV (RFC 4180, with its CRLF).
 *
 * NULL is nothing, an empty text is `""`. A text that a spreadsheet would run as a formula, because it begins with `=`, `+`, `-`, `@`,
 * a tab or a carriage return, gets a `'` in front: records hold what strangers sent. Numbers stay as they are.
 */
export function csvLine(values: readonly Value[]): string {
  return `${values.map(field).join(',')}\r\n`;
}

function field(value: Value): string {
  if (value === null) return '';
  const text = valueText(value);
  const safe = typeof value !== 'number' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return safe === '' || /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
