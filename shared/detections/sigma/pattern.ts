import { any, one, type Pattern } from './tree.ts';

/**
 * A Sigma text as a pattern: `*` and `?` are wildcards, a backslash before one of them or before another backslash takes its meaning away.
 * Any other backslash is one.
 *
 * @see https://sigmahq.io/docs/basics/rules.html#escaping
 */
export function parsePattern(text: string): Pattern {
  const parts: (string | typeof any | typeof one)[] = [];
  let literal = '';
  const close = (): void => {
    if (literal !== '') parts.push(literal);
    literal = '';
  };
  for (let index = 0; index < text.length; index += 1) {
    const char = text[index] ?? '';
    const next = text[index + 1] ?? '';
    if (char === '\\' && next !== '' && '*?\\'.includes(next)) {
      literal += next;
      index += 1;
    } else if (char === '*' || char === '?') {
      close();
      // '**' asks for what '*' does.
      if (char === '?' || parts.at(-1) !== any) parts.push(char === '*' ? any : one);
    } else literal += char;
  }
  close();
  return parts;
}

/** The pattern as text that is found anywhere, at the beginning, or at the end. */
export function widened(pattern: Pattern, where: 'contains' | 'startswith' | 'endswith'): Pattern {
  const before = where !== 'startswith' && pattern[0] !== any ? [any] : [];
  const after = where !== 'endswith' && pattern.at(-1) !== any ? [any] : [];
  return [...before, ...pattern, ...after] as Pattern;
}

/** The text of a pattern without wildcards; undefined for others. */
export function exactText(pattern: Pattern): string | undefined {
  if (pattern.length === 0) return '';
  const [only] = pattern;
  return pattern.length === 1 && typeof only === 'string' ? only : undefined;
}

/**
 * A text in lower case, each character by itself, as DuckDB and Trino do it: JavaScript alone knows a sigma at the end of a word and makes two
 * characters of the Turkish dotted capital I.
 */
export function fold(text: string): string {
  if (isAscii.test(text)) return text.toLowerCase();
  let folded = '';
  for (const char of text) folded += char === '\u0130' ? 'i' : char.toLowerCase();
  return folded;
}
const isAscii = /^[\u0000-\u007f]*$/;
