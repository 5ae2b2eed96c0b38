/** Microsoft, simulated through its port: what it has, what it refuses, and when it is down. */

import type { Refusal } from '../../shared/ports/microsoft.ts';
import { minutes, seconds, type Instant } from '../../shared/domain/window.ts';
import { ContentWorld } from './content-world.ts';
import type { Outage, Plan } from './plan.ts';
import { Random } from './random.ts';
import { WindowWorld } from './window-world.ts';

/** Microsoft of one seed: content or windows, and what it refuses. */
export interface World {
  readonly content: ContentWorld | undefined;
  readonly windows: WindowWorld | undefined;
  /** Why Microsoft does not serve this request; undefined when it does. Counts what it refuses. */
  refuse(of: 'listing' | 'fetching', now: Instant): Refusal | undefined;
  /** No answer comes at all. */
  isSilent(of: 'listing' | 'fetching', now: Instant): boolean;
  refusals(): number;
}

/** The Microsoft of a plan. */
export function makeWorld(plan: Plan): World {
  const random = new Random(plan.seed, 'world');
  let refusals = 0;
  const limit = plan.traffic ? requestLimit(plan.traffic.requestsPerMinute) : undefined;
  const outageNow = (of: 'listing' | 'fetching', now: Instant): Outage | undefined =>
    plan.outages.find((one) => now >= one.start && now < one.end && (one.of === 'everything' || one.of === of));
  const counted = (refusal: Refusal): Refusal => {
    refusals += 1;
    return refusal;
  };
  return {
    content: plan.blobs && new ContentWorld(plan, plan.blobs),
    windows: plan.rows && new WindowWorld(plan, plan.rows),
    refusals: () => refusals,
    isSilent: (of, now) => outageNow(of, now)?.kind === 'silent',
    refuse(of, now) {
      const outage = outageNow(of, now);
      if (outage) return counted(refusalOf(outage, random));
      if (limit?.isExceeded(now)) return counted(throttled(random, 0));
      const isWell = now >= plan.faultsUntil && !plan.isMicrosoftNeverWell;
      return !isWell && random.chance(plan.throttled) ? counted(throttled(random, plan.longRetryAfter)) : undefined;
    },
  };
}

/** So many requests within a minute, and no more. */
function requestLimit(perMinute: number): { isExceeded(now: Instant): boolean } {
  const last: Instant[] = [];
  return {
    isExceeded: (now) => {
      last.push(now);
      const before = last.length > perMinute ? last.shift() : undefined;
      return before !== undefined && before > now - minutes(1);
    },
  };
}

function refusalOf({ kind }: Outage, random: Random): Refusal {
  if (kind === 'throttled') return throttled(random, 0.5);
  if (kind === 'proxied') return refusal('malformed', 'not-json');
  if (kind === 'silent') return refusal('unavailable', 'timeout');
  return kind === 'refused' ? refusal('refused', 'AF10001') : refusal('unavailable', 'HTTP 503');
}

function throttled(random: Random, longShare: number): Refusal {
  if (random.chance(0.2)) return refusal('throttled', 'AF429');
  const retryAfterMs = random.chance(longShare) ? random.between(minutes(1), minutes(10)) : random.between(seconds(1), seconds(15));
  return { kind: 'throttled', retryAfterMs, cause: causeOf('AF429') };
}

/** A refusal without further particulars. */
export function refusal<Kind extends Refusal['kind']>(kind: Kind, code: string): { readonly kind: Kind; readonly cause: Refusal['cause'] } {
  return { kind, cause: causeOf(code) };
}

function causeOf(code: string): Refusal['cause'] {
  return { code, message: 'the simulated Microsoft says so', cure: '' };
}
