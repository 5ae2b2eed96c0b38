import { Logger } from '@aws-lambda-powertools/logger';
import type { Log, LogFields } from '../shared/ports/log.ts';
import { redact } from '../shared/redact.ts';
import { serviceName } from './environment.ts';

/** A function's log, one JSON object a line. Whatever looks like a secret is replaced before it is written. */
export function lambdaLog(logger: Pick<Logger, 'info' | 'warn' | 'error'> = new Logger({ serviceName: serviceName() })): Log {
  return {
    info: (message, fields) => {
      logger.info(...lineOf(message, fields));
    },
    warn: (message, fields) => {
      logger.warn(...lineOf(message, fields));
    },
    error: (message, fields) => {
      logger.error(...lineOf(message, fields));
    },
  };
}

/** A field called `message` holds Microsoft's text; the line has a message of its own, so the field is renamed. */
function lineOf(line: string, { message: microsoftMessage, ...fields }: LogFields = {}): [string, LogFields] {
  const { line: cleaned, ...rest } = redact({ line, ...fields, ...(microsoftMessage !== undefined && { microsoftMessage }) });
  return [String(cleaned), rest];
}
