/** Which words of queries stand in records. */

/** Every text and number in a value, in lower case and without the full stop at the end, also of JSON that stands in a text. */
export function valuesOf(value: unknown): string[] {
  if (typeof value === 'string') return [comparable(value), ...valuesOf(jsonIn(value))];
  if (typeof value === 'number' || typeof value === 'boolean') return [String(value)];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(valuesOf) : [];
}

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
 * @param words As queries have them: texts, patterns of LIKE, numbers. A number of less than four digits is never among them: it means
 *   something only in its column.
 */
export function wordsAmong(words: readonly string[], values: ReadonlySet<string>): string[] {
  const all = [...values];
  return words.filter((word) => {
    if (/^\d{1,3}$/.test(word)) return false;
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
