/** Who may have memory for blobs: less than all workers at once, and whoever waits for Microsoft does not count. */

import type { Clock } from '../shared/ports/clock.ts';

/** Slots that pieces of work take, and wait for in the order of asking. */
export class Slots {
  private free: number;
  private readonly waiting: (() => void)[] = [];

  constructor(count: number) {
    this.free = count;
  }

  /**
   * Runs the work in a slot of its own.
   *
   * @param work By the clock that it gets, it gives its slot away while it sleeps: from the first of its parts that falls asleep to the last
   *   that wakes. A part that wakes before goes on without.
   */
  async use<T>(clock: Clock, work: (clock: Clock) => Promise<T>): Promise<T> {
    await this.take();
    try {
      return await work(this.givingAway(clock));
    } finally {
      this.give();
    }
  }

  private take(): Promise<void> {
    if (this.free === 0) return new Promise((resolve) => this.waiting.push(resolve));
    this.free -= 1;
    return Promise.resolve();
  }

  private give(): void {
    const next = this.waiting.shift();
    if (next) next();
    else this.free += 1;
  }

  private givingAway(clock: Clock): Clock {
    let asleep = 0;
    return {
      now: () => clock.now(),
      sleep: async (ms) => {
        if (asleep === 0) this.give();
        asleep += 1;
        try {
          await clock.sleep(ms);
        } finally {
          asleep -= 1;
          if (asleep === 0) await this.take();
        }
      },
    };
  }
}
