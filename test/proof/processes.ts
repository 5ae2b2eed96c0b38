/** The processes that the stations run in: each has a clock of its own, and remembers what Microsoft's last answer showed of it. */

import { KeptBlobs } from '../../lambdas/fetch/kept-blobs.ts';
import { KnownClaims } from '../../lambdas/list/known-claims.ts';
import type { Instant } from '../../shared/domain/window.ts';
import { slidingWindowPacing, type Pacing } from '../../shared/microsoft/pacing.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Plan } from './plan.ts';
import { Random } from './random.ts';

/** A process of ours: one run of a station after the other, or several at once where the plan says how many processes there are. */
export interface Process {
  /** What its clock is ahead of the true time; jumps come on top. */
  readonly skewMs: number;
  /** What Microsoft's last answer showed of its clock; undefined before the first. */
  leadMs: number | undefined;
  /** What its lists remember. */
  readonly known: KnownClaims;
  /** What its workers have fetched and could not land yet. */
  readonly kept: KeptBlobs;
  readonly pacing: Pacing;
  /** Microsoft has answered so. */
  waitUntil: Instant;
  /** Requests that were sent all the same. */
  early: number;
}

/** Starts processes, and keeps those that are warm for the next run of the same station. */
export class Processes {
  /** All that share their requests' pace; none where a process has one run at a time. */
  readonly shared: readonly Process[];
  private readonly plan: Plan;
  private readonly clock: Clock;
  private readonly random: Random;
  private readonly warm = new Map<string, Process[]>();
  private taken = 0;

  constructor(plan: Plan, clock: Clock) {
    this.plan = plan;
    this.clock = clock;
    this.random = new Random(plan.seed, 'processes');
    this.shared = Array.from({ length: plan.traffic?.processes ?? 0 }, () => this.begin());
  }

  /** One that is warm and idle, or a new one. */
  take(station: string): Process {
    this.taken += 1;
    return this.shared[this.taken % Math.max(1, this.shared.length)] ?? this.warm.get(station)?.pop() ?? this.begin();
  }

  /** It is idle: another run of the station may have it. One that died is not given back. */
  giveBack(station: string, process: Process): void {
    if (this.shared.includes(process)) return;
    const idle = this.warm.get(station);
    if (idle) idle.push(process);
    else this.warm.set(station, [process]);
  }

  /** Every process is a new one: nothing is remembered. */
  restart(): void {
    this.warm.clear();
  }

  private begin(): Process {
    const { skewMs: mostMs } = this.plan;
    const skewMs = this.random.between(-mostMs, mostMs + 1);
    const remembered = { known: new KnownClaims(), kept: new KeptBlobs() };
    return { ...remembered, skewMs, leadMs: undefined, pacing: slidingWindowPacing(this.clock), waitUntil: 0, early: 0 };
  }
}
