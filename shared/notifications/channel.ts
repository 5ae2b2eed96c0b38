/** A way to notify people or machines. */

import type { Message } from './message.ts';

/** What came of a message. */
export type SendOutcome =
  | { readonly kind: 'taken' }
  /** `isFinal`: no further attempt could help. `because` goes into logs: never a body, an address that is a secret, or a record's text. */
  | { readonly kind: 'failed'; readonly because: string; readonly retryAfterMs?: number; readonly isFinal?: boolean };

/** One receiver. It may get a message twice, with the same id; it never misses one that was taken. */
export interface Channel {
  /** Stays the same between runs: how far each finding has come is remembered under it. */
  readonly id: string;
  /** `each`: a machine, which gets every finding by itself, however many there are. */
  readonly form: 'each' | 'digest';
  /** Never throws for what the receiver does. */
  send(message: Message): Promise<SendOutcome>;
}
