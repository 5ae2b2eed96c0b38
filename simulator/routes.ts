/** Every kind of call: those of the token endpoints and the Management Activity API, and one for each collection of Graph. */

import type { Route } from './http-message.ts';
import { graphCollections } from './log-types/index.ts';

/** The names that a faults file may use, beside `*`. `other` is what the simulator does not serve. */
export const routes: readonly Route[] = [
  'token',
  'subscriptions-list',
  'subscriptions-start',
  'subscriptions-stop',
  'notifications',
  'friendly-names',
  'content-list',
  'content-fetch',
  ...graphCollections.map(({ route }) => route),
  'other',
];
