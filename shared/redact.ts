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
  return secretShapes.reduce((text, [shape, instead]) => text.replace(shape, instead), value);
}

/** `tokenUrl` or `credentialKind` are no secrets: only a name that ends in one of these words is. */
const secretNames = /(?:secret|token|password|assertion|authorization|private_?key|credential|cookie)$/i;

/** Each with what it is replaced by; the first that fits. */
const secretShapes: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, '[private key]'],
  [/\beyJ[\w-]{8,}\.[\w-]+(?:\.[\w-]*)*/g, '[token]'],
  [/\b(Bearer|Basic)\s+[\w.~+/=-]{8,}/gi, '$1 [token]'],
  [/\b(client_secret|client_assertion|access_token|refresh_token|id_token|password)(["']?\s*[=:]\s*["']?)[^\s&"',}]+/gi, '$1$2[secret]'],
  // A client secret of Entra: three characters, a digit and 'Q~', then the rest.
  [/[\w.~-]{3}\dQ~[\w.~-]{20,}/g, '[secret]'],
];
