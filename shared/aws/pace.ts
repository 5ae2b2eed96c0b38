import { seconds } from '../domain/window.ts';
import type { Clock } from '../ports/clock.ts';

/** Between two requests of one process: three quarters of Parameter Store's default quota of 40 a second. */
const shortestMs = 33;
const longestMs = seconds(2);

/**
 * The pace of requests to a service whose quota is shared with others: half as fast after each refusal, a little faster after each
 * answer, as TCP does it.
 */
export class Pace {
  private readonly clock: Clock;
  private intervalMs = shortestMs;
  private nextAt = 0;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** Ends when the next request may be sent; those that wait at the same time have their turns one after the other. */
  async turn(): Promise<void> {
    const now = this.clock.now();
    const at = Math.max(now, this.nextAt);
    this.nextAt = at + this.intervalMs;
    if (at > now) await this.clock.sleep(at - now);
  }

  /** A request was answered. */
  answered(): void {
    this.intervalMs = Math.max(shortestMs, this.intervalMs * 0.9);
  }

  /** A request was throttled, or had no answer. */
  refused(): void {
    this.intervalMs = Math.min(longestMs, this.intervalMs * 2);
  }
}
