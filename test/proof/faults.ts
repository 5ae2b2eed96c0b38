/** Faults of port calls: what can happen to a call, and the one place that makes it happen. */

import { minutes, seconds } from '../../shared/domain/window.ts';
import type { FaultRates, Plan } from './plan.ts';
import { hash32, type Random } from './random.ts';
import type { Sandbox, Scheduler } from './scheduler.ts';

/**
 * - `before`: fails and has done nothing
 * - `after`: is done, and the answer is lost
 * - `partial`: of several things some are done, then it fails
 * - `crash-before`, `crash-after`: the caller dies before or after it is done
 * - `crash-late`: the caller dies, and it is done up to 15 minutes later
 * - `stall`: takes 5 to 400 seconds
 */
export type Fault = 'no fault' | 'before' | 'after' | 'partial' | 'crash-before' | 'crash-after' | 'crash-late' | 'stall';

/** Decides what happens to a call. @param index Calls are counted from 1 through the whole simulation. */
export type FaultSource = (call: string, index: number) => Fault;

/** An error that the simulation made; anything else that a station throws is a bug. */
export class InjectedError extends Error {
  override readonly name = 'InjectedError';

  /** Its stack would cost more than all else about it. */
  static because(what: string): InjectedError {
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    const error = new InjectedError(what);
    Error.stackTraceLimit = limit;
    return error;
  }
}

/** Faults at the rates of a seed; off once `isOver`. */
export function seededFaults(random: Random, { faults, ofCall }: Pick<Plan, 'faults' | 'ofCall'>, isOver: () => boolean): FaultSource {
  return (call) => {
    if (isOver()) return 'no fault';
    const fault = pick(ofCall[call] ?? faults, random.next());
    return fault === 'before' && call === 'jobs.send' && random.chance(0.5) ? 'partial' : fault;
  };
}

function pick(rates: FaultRates, at: number): Fault {
  let from = at;
  for (const [fault, rate] of [
    ['before', rates.before],
    ['after', rates.after],
    ['crash-before', rates.crashBefore],
    ['crash-after', rates.crashAfter],
    ['crash-late', rates.crashLate],
    ['stall', rates.stall],
  ] as const) {
    if (from < rate) return fault;
    from -= rate;
  }
  return 'no fault';
}

/** One call of a port, as the line has to make it. */
export interface Effect<T> {
  /** What the call does, at the instant it takes effect. */
  readonly apply: () => T | Promise<T>;
  /** What of it a `partial` fault does. */
  readonly part?: () => unknown;
  /** What the caller gets when it fails; without it the call throws. */
  readonly refuse?: () => T;
  /** Does nothing that outlives the caller: nothing comes of it once the caller is dead. */
  readonly isLocal?: boolean;
  readonly latencyMs?: number;
  readonly detail?: () => string;
}

/** Makes calls, and makes them go wrong. Keeps the trace. */
export class Line {
  readonly scheduler: Scheduler;
  readonly random: Random;
  calls = 0;
  faults = 0;
  /** Of everything that happened, in order. */
  hash = 0x811c9dc5;
  /** One line per call and answer, when asked for. */
  readonly lines: string[] | undefined;
  private readonly source: FaultSource;

  constructor(scheduler: Scheduler, random: Random, source: FaultSource, isTraced: boolean) {
    this.scheduler = scheduler;
    this.random = random;
    this.source = source;
    this.lines = isTraced ? [] : undefined;
  }

  note(who: string, what: string): void {
    this.lines?.push(`${new Date(this.scheduler.now).toISOString().slice(5, 23)} ${who} ${what}`);
  }

  /** One call of a port by a sandbox. What a dead sandbox calls never happens; what it has called never answers. */
  call<T>(sandbox: Sandbox, name: string, effect: Effect<T>): Promise<T> {
    if (sandbox.isDead) return new Promise(() => undefined);
    this.calls += 1;
    const index = this.calls;
    const fault = this.source(name, index);
    if (fault !== 'no fault') this.faults += 1;
    const latencyMs = effect.latencyMs ?? this.random.between(5, 200);
    this.hash = hash32(`${name}${fault}`, (this.hash ^ (this.scheduler.now + latencyMs + sandbox.id)) >>> 0);
    const who = `${sandbox.name}#${String(sandbox.id)}`;
    if (this.lines) this.note(who, `${String(index)} ${name} ${effect.detail?.() ?? ''}${fault === 'no fault' ? '' : ` !! ${fault}`}`);

    return new Promise<T>((resolve, reject) => {
      const answer: Answer<T> = { resolve, reject, what: `${String(index)} ${name}`, who, fault };
      this.happen(sandbox, effect, answer, latencyMs);
    });
  }

  private happen<T>(sandbox: Sandbox, effect: Effect<T>, answer: Answer<T>, latencyMs: number): void {
    const reply = (value: T): void => {
      if (!sandbox.isDead) answer.resolve(value);
    };
    const fail = (): void => {
      if (!sandbox.isDead) failed(effect, answer);
    };
    const nobody = (): void => undefined;
    const apply = (then: (value: T) => void): void => {
      if (!(sandbox.isDead && effect.isLocal)) this.apply(sandbox, effect, answer, then);
    };
    const { scheduler } = this;
    const ways: Record<Fault, () => void> = {
      'no fault': () => {
        scheduler.after(latencyMs, () => {
          apply(reply);
        });
      },
      before: () => {
        scheduler.after(latencyMs, fail);
      },
      after: () => {
        scheduler.after(latencyMs, () => {
          apply(fail);
        });
      },
      partial: () => {
        scheduler.after(latencyMs, () => {
          effect.part?.();
          fail();
        });
      },
      stall: () => {
        scheduler.after(this.random.between(seconds(5), seconds(400)), () => {
          apply(reply);
        });
      },
      'crash-before': () => {
        sandbox.die();
      },
      'crash-after': () => {
        scheduler.after(latencyMs, () => {
          apply(nobody);
          sandbox.die();
        });
      },
      'crash-late': () => {
        if (!effect.isLocal)
          scheduler.after(this.random.between(50, minutes(15)), () => {
            apply(nobody);
          });
        sandbox.die();
      },
    };
    ways[answer.fault]();
  }

  private apply<T>(sandbox: Sandbox, effect: Effect<T>, { who, what, reject }: Answer<T>, then: (value: T) => void): void {
    new Promise<T>((resolve) => {
      resolve(effect.apply());
    }).then(
      (value) => {
        if (this.lines) this.note(who, `${what} -> ${printed(value)}${sandbox.isDead ? ' (nobody hears)' : ''}`);
        then(value);
      },
      (error: unknown) => {
        if (!sandbox.isDead) reject(error instanceof Error ? error : new Error(String(error)));
      },
    );
  }
}

interface Answer<T> {
  readonly resolve: (value: T) => void;
  readonly reject: (error: Error) => void;
  readonly who: string;
  readonly what: string;
  readonly fault: Fault;
}

function failed<T>({ refuse }: Effect<T>, { resolve, reject, what, fault }: Answer<T>): void {
  if (refuse) resolve(refuse());
  else reject(InjectedError.because(`${what} failed (${fault})`));
}

function printed(value: unknown): string {
  if (value instanceof Map) return `{${[...value].map(([key, to]) => `${short(String(key))}: ${short(String(to))}`).join(', ')}}`;
  const text = JSON.stringify(value) as string | undefined;
  return text === undefined ? 'nothing' : text.length > 300 ? `${text.slice(0, 300)}...` : text;
}

const short = (text: string): string => (text.length > 40 ? `${text.slice(0, 8)}...${text.slice(-24)}` : text);
