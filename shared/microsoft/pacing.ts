/** Keeps requests within Microsoft's limits before Microsoft has to throttle them; throttled requests count against the limit too. */

import type { Clock } from '../ports/clock.ts';
import { minutes, seconds, type Instant } from '../domain/window.ts';

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

/** Whose turn it is: the limit is the bucket's, and a long wait that Microsoft names is the log type's that it was named to. */
export interface TurnOf {
  /** One app in one tenant. */
  readonly bucket: string;
  readonly pace: PaceId;
  readonly logType: string;
}

/** Turns at Microsoft's limits. */
export interface Pacing {
  /** Waits for a turn. A turn further away than `longestMs` is not taken; the answer is then how far it is. */
  turn(of: TurnOf, longestMs: number): Promise<{ kind: 'go' } | { kind: 'too-far'; waitMs: number }>;
  /**
   * Microsoft named a time to come back: nothing of the log type goes out before. The rest of the bucket shares the limit, and waits five
   * minutes at most: where it is throttled as well, Microsoft says so to it, too.
   */
  hold(of: TurnOf, forMs: number): void;
}

/** A wait of one log type holds the others no longer. */
const sharedHoldMs = minutes(5);

interface Bucket {
  /** Turns given, oldest first, also ones that lie ahead; at most `count` of them. */
  turns: Instant[];
  heldUntil: Instant;
  readonly logTypeHeldUntil: Map<string, Instant>;
  /** Turns and waits that were noted by a clock that was ahead count for nothing once it is set back. */
  seenAt: Instant;
}

/** One pacing for all calls of a client. */
export function slidingWindowPacing(clock: Clock): Pacing {
  const buckets = new Map<string, Bucket>();
  const bucketOf = ({ bucket, pace }: TurnOf): Bucket => {
    const key = `${pace} ${bucket}`;
    const now = clock.now();
    const known = buckets.get(key);
    const isUsable = known !== undefined && now > known.seenAt - minutes(1);
    const found = isUsable ? known : { turns: [], heldUntil: 0, logTypeHeldUntil: new Map<string, Instant>(), seenAt: now };
    found.seenAt = Math.max(found.seenAt, now);
    buckets.set(key, found);
    return found;
  };
  return {
    turn: async (of, longestMs) => {
      const bucket = bucketOf(of);
      const now = clock.now();
      const waitMs = Math.max(nextTurn(bucket, paces[of.pace], now), heldUntil(bucket, of)) - now;
      if (waitMs > longestMs) return { kind: 'too-far', waitMs };
      // The turn is taken before the wait: whoever comes meanwhile queues after it.
      bucket.turns = [...bucket.turns, now + waitMs].slice(-paces[of.pace].count);
      if (waitMs > 0) await clock.sleep(waitMs);
      const heldMs = heldUntil(bucketOf(of), of) - clock.now();
      return heldMs > 0 ? { kind: 'too-far', waitMs: heldMs } : { kind: 'go' };
    },
    hold: (of, forMs) => {
      const bucket = bucketOf(of);
      const until = clock.now() + forMs;
      bucket.heldUntil = Math.max(bucket.heldUntil, Math.min(until, clock.now() + sharedHoldMs));
      bucket.logTypeHeldUntil.set(of.logType, Math.max(bucket.logTypeHeldUntil.get(of.logType) ?? 0, until));
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

function heldUntil({ heldUntil: forAll, logTypeHeldUntil }: Bucket, { logType }: TurnOf): Instant {
  return Math.max(forAll, logTypeHeldUntil.get(logType) ?? 0);
}

function nextTurn(bucket: Bucket, pace: { count: number; perMs: number }, now: Instant): Instant {
  const oldest = bucket.turns.length < pace.count ? undefined : bucket.turns[0];
  const free = oldest === undefined ? now : oldest + pace.perMs;
  return Math.max(now, free, bucket.turns.at(-1) ?? 0);
}
