/** What a log never writes: the last guard, not the rule. */

import type { LogFields } from './ports/log.ts';

/** The fields with every value that looks like a secret replaced by what kind of secret it looked like. */
export function redact(fields: LogFields): LogFields {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, redactValue(name, value)]));
}

/** Whether a value is, or holds, what the log would not write. */
export function looksLikeSecret(value: string): boolean {
  return redactValue('', value) !== value;
}

function redactValue(name: string, value: LogFields[string]): LogFields[string] {
  if (typeof value !== 'string') return value;
  if (secretNames.test(name)) return '[secret]';
  return secretShapes.reduce((text, [shape, instead]) => text.replace(shape, instead), value.replace(words, withoutToken));
}

/** `tokenUrl` or `credentialKind` are no secrets: only a name that ends in one of these words is. */
const secretNames = /(?:secret|token|password|assertion|authorization|private_?key|credential|cookie)$/i;

/** What a token could be part of: taken whole, so that no part of a long text is gone through twice. */
const words = /[\w.-]{13,}/g;

/** A JWT begins with `{"` in base64 and has parts with dots between; from there on nothing of the word is kept. */
function withoutToken(word: string): string {
  let dot = -1;
  for (let at = word.indexOf('eyJ'); at !== -1; at = word.indexOf('eyJ', at)) {
    if (dot < at) dot = word.indexOf('.', at);
    if (dot === -1) return word;
    const isBeginning = at === 0 || !/\w/.test(word.charAt(at - 1));
    if (isBeginning && dot >= at + 11 && /[\w-]/.test(word.charAt(dot + 1))) return `${word.slice(0, at)}[token]`;
    at = isBeginning ? dot : at + 1;
  }
  return word;
}

/** Each with what it is replaced by, in this order. None goes through a text more than once, however it is made. */
const secretShapes: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, '[private key]'],
  [/\b(Bearer|Basic)\s+[\w.~+/=-]{8,}/gi, '$1 [token]'],
  [/\b(client_secret|client_assertion|access_token|refresh_token|id_token|password)(["']?\s*[=:]\s*["']?)[^\s&"',}]+/gi, '$1$2[secret]'],
  // A client secret of Entra: three characters, a digit and 'Q~', then the rest.
  [/[\w.~-]{3}\dQ~[\w.~-]{20,}/g, '[secret]'],
];
