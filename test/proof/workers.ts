/** What stands between the queue and the fetch station: deliveries come late, twice, out of order, and end among the dead letters. */

import type { Delivery, JobKind } from '../../local/jobs.ts';
import { minutes, seconds, type Instant } from '../../shared/domain/window.ts';
import type { Harness } from './harness.ts';
import { Random } from './random.ts';
import type { Stations } from './stations.ts';

/** The workers of one seed: as many at once as its plan allows. */
export class Workers {
  private readonly harness: Harness;
  private readonly stations: Stations;
  private readonly random: Random;
  private readonly kinds: readonly JobKind[];
  private nextLook = Infinity;
  private isLooking = false;
  /** Workers that have a delivery, or are about to. */
  busy = 0;

  /** @param streams Whose jobs are fetched; what they share is the same in each. */
  constructor(streams: readonly Harness[], stations: Stations) {
    const [harness] = streams;
    if (!harness) throw new Error('there is no stream to work on');
    this.harness = harness;
    this.kinds = [...new Set(streams.map(({ plan }): JobKind => (plan.rows ? 'window' : 'content')))];
    this.stations = stations;
    this.random = new Random(harness.plan.seed, 'workers');
    harness.environment.onSent = () => {
      this.lookAt(harness.scheduler.now + 20);
    };
  }

  private lookAt(at: Instant): void {
    if (at >= this.nextLook) return;
    this.nextLook = at;
    this.harness.scheduler.at(at, () => {
      if (this.nextLook !== at) return;
      this.nextLook = Infinity;
      void this.look();
    });
  }

  /** Gives what is visible to free workers. */
  private async look(): Promise<void> {
    const { plan, queue, scheduler } = this.harness;
    const { now } = scheduler;
    if (this.isLooking) return;
    if (this.harness.isOff) {
      this.lookAt(Math.max(plan.off?.end ?? 0, now + minutes(5)) + 1);
      return;
    }
    this.isLooking = true;
    for (const kind of this.kinds) while (this.busy < plan.workers && (await this.receive(kind, now))) continue;
    this.isLooking = false;
    const next = queue.nextVisibleAt(now);
    if (next !== undefined) this.lookAt(next);
  }

  private async receive(kind: JobKind, now: Instant): Promise<boolean> {
    const { plan, queue } = this.harness;
    const isWindow = kind === 'window';
    const visibilityMs = isWindow ? plan.fetchTimeoutMs + seconds(15) : 6 * plan.fetchTimeoutMs;
    const deliveries = await queue.receive(kind, isWindow ? 1 : plan.messagesPerWorker, visibilityMs, now);
    await this.deliver(deliveries);
    return deliveries.length > 0;
  }

  private async deliver(deliveries: readonly Delivery[]): Promise<void> {
    const { plan, isFaulty, scheduler } = this.harness;
    const live = await this.withoutDeadLetters(deliveries);
    if (live.length === 0) return;
    const delayMs = isFaulty && this.random.chance(plan.lateDelivery) ? this.random.between(0, minutes(10)) : 0;
    this.busy += 1;
    const ended = (): void => {
      this.busy -= 1;
      this.lookAt(scheduler.now + 1);
    };
    scheduler.after(delayMs, () => {
      if (this.harness.isOff) ended();
      else this.stations.fetch(live, ended);
    });
    if (!isFaulty || !this.random.chance(plan.doubleDelivery)) return;
    scheduler.after(delayMs + this.random.between(0, plan.doubleWithinMs), () => {
      if (!this.harness.isOff) this.stations.fetch(live, () => undefined);
    });
  }

  private async withoutDeadLetters(deliveries: readonly Delivery[]): Promise<readonly Delivery[]> {
    const { plan, queue, counts } = this.harness;
    const isDead = ({ deliveries: count }: Delivery): boolean => count > plan.maxReceives;
    for (const { receipt } of deliveries.filter(isDead)) {
      counts.deadLetters += 1;
      await queue.ack(receipt);
    }
    return deliveries.filter((delivery) => !isDead(delivery));
  }
}
