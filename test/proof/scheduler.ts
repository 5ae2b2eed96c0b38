/** Virtual time, and the sandboxes that the stations run in. */

import type { Instant } from '../../shared/domain/window.ts';
import { VirtualClock } from '../fakes/virtual-clock.ts';
import { stepwise } from './drain.ts';
import type { Process } from './processes.ts';

/** How a sandbox came to its end. */
export type Ending = 'done' | 'failed' | 'died';

/** A run of a station in a process: it can die at any call, and what it has begun then never goes on. */
export class Sandbox {
  readonly id: number;
  readonly name: string;
  readonly startedAt: Instant;
  readonly process: Process;
  isDead = false;
  onDeath: () => void = () => undefined;

  constructor(id: number, name: string, startedAt: Instant, process: Process) {
    this.id = id;
    this.name = name;
    this.startedAt = startedAt;
    this.process = process;
  }

  /** What its clock is ahead of the true time, but for jumps. */
  get skewMs(): number {
    return this.process.skewMs;
  }

  die(): void {
    if (this.isDead) return;
    this.isDead = true;
    this.onDeath();
  }
}

/** Runs everything that happens, one event after the other; all that an event sets free goes on before the next one. */
export class Scheduler {
  readonly clock: VirtualClock;
  private sandboxes = 0;
  private isStopped = false;

  constructor(start: Instant) {
    this.clock = new VirtualClock(start);
  }

  get now(): Instant {
    return this.clock.now();
  }

  /** Asks that nothing more happens. */
  stop(): void {
    this.isStopped = true;
  }

  at(instant: Instant, happen: () => void): void {
    this.clock.schedule(instant, happen);
  }

  after(ms: number, happen: () => void): void {
    this.clock.schedule(this.now + ms, happen);
  }

  async run(until: Instant): Promise<void> {
    await stepwise(() => !this.isStopped && this.clock.next(until));
  }

  /** Runs work in a sandbox that is killed when its time is over. `ended` is called once. */
  start(
    name: string,
    limits: { readonly timeoutMs: number; readonly process: Process },
    work: (sandbox: Sandbox) => Promise<void>,
    ended: (ending: Ending, error?: unknown) => void,
  ): void {
    this.sandboxes += 1;
    const sandbox = new Sandbox(this.sandboxes, name, this.now, limits.process);
    let isOver = false;
    const end = (ending: Ending, error?: unknown): void => {
      if (isOver) return;
      isOver = true;
      ended(ending, error);
    };
    sandbox.onDeath = () => {
      end('died');
    };
    this.after(limits.timeoutMs, () => {
      if (!isOver) sandbox.die();
    });
    work(sandbox).then(
      () => {
        end('done');
      },
      (error: unknown) => {
        end('failed', error);
      },
    );
  }
}
