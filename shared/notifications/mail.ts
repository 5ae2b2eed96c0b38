/** A message as a mail. */

import { linesOf } from './formats.ts';
import { subject, type Message } from './message.ts';

/** A subject of SNS is ASCII, of less than 100 characters, in one line. @see https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
export function mailSubject(message: Message): string {
  const text = subject(message)
    .replace(/[^\x20-\x7e]/g, '?')
    .slice(0, 99)
    .trim();
  // It has to begin with a letter, a digit or a punctuation mark.
  return text === '' ? 'a finding' : text;
}

/** A line each, and where to go on. */
export function mailBody(message: Message): string {
  const lines = linesOf(message).map(([name, value]) => `${name}: ${value}`);
  const next =
    message.kind === 'finding'
      ? `Its records and everything else: SELECT * FROM findings WHERE finding_id = '${message.id}'`
      : `All of them: SELECT * FROM findings WHERE quiet_because IS NULL ORDER BY found_at DESC`;
  return [subject(message), '', ...lines, '', next, ''].join('\n');
}
