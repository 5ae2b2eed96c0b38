import type { Instant } from '../shared/domain/window.ts';
import type { AccessTokenClaims } from './jwt.ts';
import type { Quirks } from './quirks.ts';
import type { Limiter, Throttle } from './throttle.ts';
import type { SimulatedTenant, World } from './world.ts';

/** What answering the Management Activity API takes. */
export interface ManagementApi {
  readonly world: World;
  readonly quirks: Quirks;
  readonly throttle: Throttle;
  readonly limiter: Limiter;
  /** When each (tenant, content type) was last started. */
  readonly startedAt: Map<string, Instant>;
  /** Next pages handed out before this instant are not good any more. */
  readonly pagesExpiredAt: () => Instant;
}

/** Some tenants refuse all of DLP.All without ActivityFeed.ReadDlp. */
export function dlpIsWithheld(contentType: string, tenant: SimulatedTenant, claims: AccessTokenClaims): boolean {
  return contentType === 'DLP.All' && tenant.dlpNeedsReadDlp && !claims.roles?.includes('ActivityFeed.ReadDlp');
}
