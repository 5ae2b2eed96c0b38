/** What is logged, and what never is. */

/**
 * Structured log lines: never a token, a secret, or a person's name or address.
 *
 * warn: odd, nothing lost. error: something is lost or a person is needed; it carries a count or a reason.
 */
export interface Log {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}
/** What a log line says beside its message. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;
