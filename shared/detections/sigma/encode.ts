/** Modifiers that encode a text before it is looked for. */

const utf16le = (text: string): string => Buffer.from(text, 'utf16le').toString('latin1');
const utf16be = (text: string): string => Buffer.from(text, 'utf16le').swap16().toString('latin1');
/** After a text was made into bytes (utf16), it holds one byte a character; before, it is UTF-8. */
const bytesOf = (text: string, isBytes: boolean): Buffer => Buffer.from(text, isBytes ? 'latin1' : 'utf8');

/**
 * Each modifier with what it makes of a text, in the order in which they apply.
 *
 * @see https://sigmahq.io/sigma-specification/specification/sigma-appendix-modifiers.html
 */
export const encodings: Readonly<Record<string, (text: string) => readonly string[]>> = {
  wide: (text) => [utf16le(text)],
  utf16le: (text) => [utf16le(text)],
  utf16be: (text) => [utf16be(text)],
  utf16: (text) => [`\u00ff\u00fe${utf16le(text)}`],
  base64: (text) => [bytesOf(text, text.includes('\0')).toString('base64')],
  base64offset: (text) => [0, 1, 2].map((offset) => withinBase64(bytesOf(text, text.includes('\0')), offset)),
};

/** How the bytes look in base64 where so many bytes, modulo three, come before them: only the characters that depend on nothing else. */
function withinBase64(bytes: Buffer, offset: number): string {
  const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
  const first = [0, 2, 3][offset] ?? 0;
  const last = [undefined, -3, -2][(bytes.length + offset) % 3];
  return encoded.slice(first, last);
}
