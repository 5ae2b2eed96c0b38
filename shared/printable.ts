/**
 * Text from anybody, made safe for a terminal. Records, file names and Microsoft's answers hold what anybody may have sent; a terminal
 * obeys control characters, and people do not see what has no width.
 */

/**
 * A text as one line. Line ends and tabs become a blank; every other character that a terminal obeys, that turns the direction of
 * writing, or that nobody sees, becomes `·`.
 */
export function printable(text: string): string {
  return text.replace(lineEnds, ' ').replace(unsafe, '·');
}

/** The same for a text of several lines: line ends and tabs stay. */
export function printableLines(text: string): string {
  return text
    .split(/([\n\t])/)
    .map((part, index) => (index % 2 === 1 ? part : printable(part)))
    .join('');
}

/** JSON text whose strings hold, as escapes, what {@link printable} replaces. Its own line ends are not kept: give it a line. */
export function printableJson(json: string): string {
  return json.replace(unsafe, (character) =>
    Array.from({ length: character.length }, (_, at) => escape(character.charCodeAt(at))).join(''),
  );
}

const escape = (unit: number): string => `\\u${unit.toString(16).padStart(4, '0')}`;

const lineEnds = /\r\n|[\r\n\t\u2028\u2029]/g;

/**
 * Control characters (C0, DEL, C1), format characters (soft hyphen, U+061C, zero-width, bidirectional marks, tag characters), lone
 * surrogates, line and paragraph separators, and letters that are blank: the grapheme joiner, Hangul fillers, the selectors beyond the
 * sixteen that emoji use.
 *
 * @see https://www.unicode.org/reports/tr36/ Unicode security considerations
 */
const unsafe = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0\u{e0100}-\u{e01ef}]/gu;
