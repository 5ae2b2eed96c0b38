/** Keeps requests within Microsoft's limits before Microsoft has to throttle them; throttled requests count against the limit too. */

import type { Clock } from '../ports/clock.ts';
import { seconds, type Instant } from '../domain/window.ts';

/** The limits that Microsoft has: each is counted by itself. */
export type PaceId = keyof typeof paces;

/**
 * Requests per sliding window, each per app and tenant.
 *
 * Windows are kept short so that a burst is spread, and a little longer than Microsoft's, since a request arrives later than it
 * is sent by a time that varies.
 *
 * @see https://learn.microsoft.com/graph/throttling-limits
 * @see https://learn.microsoft.com/office/office-365-management-api/office-365-management-activity-api-reference#api-throttling
 */
export const paces = {
  /** 5 per 10 s for sign-ins, audits and all reporting resources together. */
  reporting: { count: 5, perMs: 10_250 },
  /** 150 per minute. */
  security: { count: 25, perMs: 10_250 },
  /** 1 per second and tenant, for all apps together, without a Retry-After: "Identity protection and conditional access service limits". */
  'identity-protection': { count: 1, perMs: 1_250 },
  /** 80 % of 2,000 per minute. */
  activity: { count: 266, perMs: seconds(10) },
} as const satisfies Record<string, { count: number; perMs: number }>;

/** Turns at Microsoft's limits. */
export interface Pacing {
  /** Waits for a turn. A turn further away than `longestMs` is not taken; the answer then tells how far it is. */
  turn(bucket: string, pace: PaceId, longestMs: number): Promise<{ kind: 'go' } | { kind: 'too-far'; waitMs: number }>;
  /** Microsoft named a time to come back: nothing of the bucket goes out before. */
  hold(bucket: string, pace: PaceId, forMs: number): void;
}

interface Bucket {
  /** Turns given, oldest first, also ones that lie ahead; at most `count` of them. */
  turns: Instant[];
  heldUntil: Instant;
}

/** One pacing for all calls of a client; a bucket is one app in one tenant. */
export function slidingWindowPacing(clock: Clock): Pacing {
  const buckets = new Map<string, Bucket>();
  const bucketOf = (bucket: string, pace: PaceId): Bucket => {
    const key = `${pace} ${bucket}`;
    const known = buckets.get(key) ?? { turns: [], heldUntil: 0 };
    buckets.set(key, known);
    return known;
  };
  return {
    turn: async (name, pace, longestMs) => {
      const bucket = bucketOf(name, pace);
      const now = clock.now();
      const waitMs = nextTurn(bucket, paces[pace], now) - now;
      if (waitMs > longestMs) return { kind: 'too-far', waitMs };
      // The turn is taken before the wait: whoever comes meanwhile queues after it.
      bucket.turns = [...bucket.turns, now + waitMs].slice(-paces[pace].count);
      if (waitMs > 0) await clock.sleep(waitMs);
      const heldMs = bucket.heldUntil - clock.now();
      return heldMs > 0 ? { kind: 'too-far', waitMs: heldMs } : { kind: 'go' };
    },
    hold: (name, pace, forMs) => {
      const bucket = bucketOf(name, pace);
      bucket.heldUntil = Math.max(bucket.heldUntil, clock.now() + forMs);
    },
  };
}

/** No pace at all: for measuring against a simulator without limits. */
export const unpaced: Pacing = {
  /** At once. */
  turn: () => Promise.resolve({ kind: 'go' }),
  /** Ignored. */
  hold: () => undefined,
};

function nextTurn(bucket: Bucket, pace: { count: number; perMs: number }, now: Instant): Instant {
  const oldest = bucket.turns.length < pace.count ? undefined : bucket.turns[0];
  const free = oldest === undefined ? now : oldest + pace.perMs;
  return Math.max(now, free, bucket.heldUntil, bucket.turns.at(-1) ?? 0);
}
