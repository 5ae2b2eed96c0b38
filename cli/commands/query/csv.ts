import { valueText, type Value } from '../../../shared/ports/asking.ts';

/**
 * One line of CSV (RFC 4180, with its CRLF).
 *
 * NULL is nothing, an empty text is `""`. A text that a spreadsheet would run as a formula gets a `'` in front, because records hold what
 * anybody may have sent. Numbers stay as they are.
 */
export function csvLine(values: readonly Value[]): string {
  return `${values.map(field).join(',')}\r\n`;
}

function field(value: Value): string {
  if (value === null) return '';
  const text = valueText(value);
  const safe = typeof value !== 'number' && formula.test(text) ? `'${text}` : text;
  return safe === '' || /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/**
 * Begins with `=`, `+`, `-` or `@`, in full width too, which Excel for East Asia takes for the same; or with a line end or a tab. Blanks
 * and characters without width in front change nothing, for programs trim them.
 *
 * @see https://owasp.org/www-community/attacks/CSV_Injection
 */
const formula = /^(?:[\t\r\n]|[\s\p{Cf}]*[=+\-@\uff1d\uff0b\uff0d\uff20])/u;
