/** Which words of queries stand in records. */

/** Every text and number in a value, in lower case and without the full stop at the end, also of JSON that stands in a text. */
export function valuesOf(value: unknown): string[] {
  if (typeof value === 'string') return [comparable(value), ...valuesOf(jsonIn(value))];
  if (typeof value === 'number' || typeof value === 'boolean') return [String(value)];
  if (Array.isArray(value)) return value.flatMap(valuesOf);
  return Object.entries(value ?? {}).flatMap(([name, field]) => [...valuesOf(field), ...numberOf(name, field)]);
}

/** A number with the name of its field: `RecordType = 8`. */
function numberOf(name: string, field: unknown): string[] {
  return /^\d+$/.test(String(field)) ? [`${name.toLowerCase()} = ${String(field)}`] : [];
}

/** The fields of records that the columns of numbers are read from. */
const fieldsOf: Readonly<Record<string, readonly string[]>> = {
  error_code: ['errornumber', 'errorcode'],
  record_type: ['recordtype'],
  logon_type: ['logontype'],
  enforcement_mode: ['enforcementmode'],
  label_event_type: ['labeleventtype'],
  quarantine_request_type: ['requesttype'],
  role: ['role'],
};

function jsonIn(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const comparable = (text: string): string => text.toLowerCase().replace(/[. ]+$/, '');

/**
 * The words that are among the values.
 *
 * @param words As queries have them: texts, patterns of LIKE, and numbers with the column that is compared with them.
 */
export function wordsAmong(words: readonly string[], values: ReadonlySet<string>): string[] {
  const all = [...values];
  return words.filter((word) => {
    const [, column, number = ''] = /^(\w+) = (\d+)$/.exec(word) ?? [];
    if (column !== undefined) return (fieldsOf[column] ?? []).some((field) => values.has(`${field} = ${number}`));
    if (!/[%_]/.test(word)) return values.has(comparable(word));
    const pattern = asPattern(word);
    return all.some((value) => pattern.test(value));
  });
}

/** A pattern of LIKE, where `\_` is the character itself. */
function asPattern(like: string): RegExp {
  const parts = like.toLowerCase().match(/\\.|[^\\]/gs) ?? [];
  const source = parts.map((part) => {
    if (part === '%') return '.*';
    if (part === '_') return '.';
    return part.slice(-1).replace(/[$()*+.?[\\\]^{|}]/, '\\$&');
  });
  return new RegExp(`^${source.join('')}$`, 's');
}
