/** Signs webhooks, so that the receiver knows who sent them and that nobody sends an old one again. */

import { createHmac } from 'node:crypto';
import { seconds, type Instant } from '../domain/window.ts';

/**
 * Headers of a webhook, as Standard Webhooks has them: libraries that verify them exist for most languages.
 *
 * @param id Of the message: the same for every attempt, so that the receiver can recognize a repetition.
 * @param secret Its bytes are the key; `whsec_` and base64 are read as the standard writes them. Unsigned where it is undefined.
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export function webhookHeaders(id: string, at: Instant, body: string, secret: string | undefined): Readonly<Record<string, string>> {
  const timestamp = String(Math.floor(at / seconds(1)));
  const named = { 'webhook-id': id, 'webhook-timestamp': timestamp };
  if (secret === undefined) return named;
  const mac = createHmac('sha256', keyOf(secret)).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { ...named, 'webhook-signature': `v1,${mac}` };
}

const keyOf = (secret: string): Buffer =>
  secret.startsWith('whsec_') ? Buffer.from(secret.slice('whsec_'.length), 'base64') : Buffer.from(secret, 'utf8');
