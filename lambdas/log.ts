import { Logger } from '@aws-lambda-powertools/logger';
import { metricService } from '../shared/metric-names.ts';
import type { Log, LogFields } from '../shared/ports/log.ts';
import { redact } from '../shared/redact.ts';

/** What a function says, as one JSON object a line. Whatever looks like a secret is replaced before it is written. */
export function lambdaLog(logger: Pick<Logger, 'info' | 'warn' | 'error'> = new Logger({ serviceName: metricService })): Log {
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

/** A field called `message` is what Microsoft said; the line has a message of its own. */
function lineOf(line: string, { message: said, ...fields }: LogFields = {}): [string, LogFields] {
  const { line: cleaned, ...rest } = redact({ line, ...fields, ...(said !== undefined && { said }) });
  return [String(cleaned), rest];
}
