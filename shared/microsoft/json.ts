/** The one reader of Microsoft's JSON, whichever answer it comes in: lists, pages, tokens, errors. */

/**
 * What a body holds as JSON; one byte order mark before it is no part of it.
 *
 * @returns Undefined for what is no JSON. Bytes that are no UTF-8 become U+FFFD.
 */
export function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(textOf(body));
  } catch {
    return undefined; // JSON is never undefined: the caller sees the difference
  }
}

/** A body as text, without the byte order mark that some proxies and services put first. */
export function textOf(body: Buffer): string {
  return body.toString('utf8', hasByteOrderMark(body) ? byteOrderMark.length : 0);
}

/** UTF-8's byte order mark. */
export const byteOrderMark: readonly number[] = [0xef, 0xbb, 0xbf];

/** Whether bytes begin with a whole byte order mark. */
export function hasByteOrderMark(bytes: Uint8Array): boolean {
  return byteOrderMark.every((byte, index) => bytes[index] === byte);
}
