import type { Log, LogFields } from '../shared/ports.ts';

export interface LogTarget {
  write(line: string): unknown;
}

/** `json`: one JSON object a line, for machines. `people`: time, level, message, fields. */
export type LogForm = 'json' | 'people';

/**
 * Log lines on stderr, so that stdout belongs to what a command prints.
 *
 * Whatever looks like a secret is replaced before it is written. That is the last guard, not the rule: nobody hands a secret to the log.
 */
export function createLog(form: LogForm, now: () => number, target: LogTarget = process.stderr): Log {
  const write =
    (level: string) =>
    (message: string, fields: LogFields = {}) => {
      const line = { time: new Date(now()).toISOString(), level, ...redact({ message, ...fields }) };
      target.write(`${form === 'json' ? JSON.stringify(line) : forPeople(line)}\n`);
    };
  return { info: write('info'), warn: write('warn'), error: write('error') };
}

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

function forPeople({ time, level, message, ...fields }: LogFields): string {
  const said = Object.entries(fields).filter(([, value]) => value !== undefined);
  const text = said.map(
    ([name, value]) => `${name}=${typeof value === 'string' && /[\s"=]/.test(value) ? JSON.stringify(value) : String(value)}`,
  );
  return [time, String(level).toUpperCase().padEnd(5), String(message).replace(/\s+/g, ' '), ...text].join(' ');
}
