/** What a request to Graph is answered from, and with. */

import type { Instant } from '../shared/domain/window.ts';
import type { SimulatedRequest } from './http-message.ts';
import type { AccessTokenClaims } from './jwt.ts';
import type { GraphCollection } from './log-types/log-type.ts';
import type { Quirks } from './quirks.ts';
import type { Limiter, Throttle } from './throttle.ts';
import type { SimulatedTenant, World } from './world.ts';

/** What answering Graph takes. */
export interface GraphApi {
  readonly world: World;
  readonly quirks: Quirks;
  readonly throttle: Throttle;
  readonly limiter: Limiter;
  /** Skip tokens handed out before this instant are not good any more. */
  readonly pagesExpiredAt: () => Instant;
}

/** A request to a collection, by an app that showed a good token. */
export interface GraphCall {
  readonly request: SimulatedRequest;
  readonly version: 'v1.0' | 'beta';
  readonly collection: GraphCollection;
  readonly claims: AccessTokenClaims;
  readonly tenant: SimulatedTenant;
}
