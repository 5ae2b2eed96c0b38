/** Microsoft's limits. Requests that are refused count too, so that retrying at once only makes it longer. */

import type { Instant } from '../shared/domain/window.ts';

/** How much is let through; infinity for no limit. */
export interface Throttle {
  /** Per tenant and PublisherIdentifier; those without one share a single bucket over all tenants. */
  readonly managementPerMinute: number;
  /** Per app and tenant, shared by everything under `auditLogs/`. */
  readonly reportingPer10Seconds: number;
  /** Per app, over all tenants. */
  readonly reportingPerAppPer10Seconds: number;
  /** Per app and tenant, on alerts. */
  readonly alertsPerMinute: number;
  /** Per tenant, on everything under `identityProtection/`. */
  readonly identityProtectionPerSecond: number;
  /** Whether a 429 of Graph says when to come back. The reporting APIs are not on Microsoft's list of those that do. */
  readonly retryAfter: 'never' | 'always';
}

/** @see https://learn.microsoft.com/graph/throttling-limits */
export const faithfulThrottle: Throttle = {
  managementPerMinute: 2_000,
  reportingPer10Seconds: 5,
  reportingPerAppPer10Seconds: 122,
  alertsPerMinute: 150,
  identityProtectionPerSecond: 1,
  retryAfter: 'never',
};

/** Counts requests by key. */
export interface Limiter {
  /** Counts one request. @returns Milliseconds until one would be let through again; undefined when this one is. */
  take(key: string, limit: number, spanMs: number, now: Instant): number | undefined;
}

/** Sliding windows: at most `limit` requests in any `spanMs`. */
export function limiter(): Limiter {
  const taken = new Map<string, Instant[]>();
  return {
    take(key, limit, spanMs, now) {
      if (limit === Number.POSITIVE_INFINITY) return undefined;
      const recent = (taken.get(key) ?? []).filter((at) => at > now - spanMs && at <= now);
      recent.push(now);
      // Only the newest matter; a client that hammers must not make the list grow.
      if (recent.length > 2 * limit) recent.splice(0, recent.length - 2 * limit);
      taken.set(key, recent);
      if (recent.length <= limit) return undefined;
      return (recent[recent.length - limit] ?? now) + spanMs - now;
    },
  };
}
