/** What is fuzzed: some code that takes what comes from outside, a generator of hostile inputs, and what must hold of every one. */

import fc from 'fast-check';

export interface Target {
  readonly name: string;
  /** One line for people. */
  readonly what: string;
  /** Of all inputs, in thousandths. */
  readonly share: number;
  /** How dear an input is, against one of the cheapest targets: dear targets begin first. */
  readonly cost?: number;
  /** Inputs that one run of the property takes; 1 when absent. */
  readonly batch?: number;
  /** Runs the property so many times. */
  readonly check: (runs: number, replay: Replay) => Promise<Checked>;
}

export interface Replay {
  readonly seed: number;
  /** Of one input, as a failure names it. */
  readonly path?: string;
}

export interface Checked {
  readonly runs: number;
  readonly failure?: { readonly seed: number; readonly path: string; readonly input: string; readonly why: string };
}

/** @param property Throws when something does not hold. */
export function target<T>(about: Omit<Target, 'check'>, inputs: fc.Arbitrary<T>, property: (input: T) => unknown): Target {
  const check = async (runs: number, { seed, path }: Replay): Promise<Checked> => {
    const asyncProperty = fc.asyncProperty(inputs, async (input) => {
      await property(input);
    });
    const details = await fc.check(asyncProperty, {
      numRuns: runs,
      seed,
      ...(path === undefined ? {} : { path }),
      endOnFailure: (about.batch ?? 1) > 1,
    });
    if (!details.failed) return { runs: details.numRuns };
    const why =
      details.errorInstance instanceof Error
        ? (details.errorInstance.stack ?? details.errorInstance.message)
        : String(details.errorInstance);
    const input = fc.stringify(details.counterexample).slice(0, 2_000);
    return { runs: details.numRuns, failure: { seed: details.seed, path: details.counterexamplePath ?? '', input, why } };
  };
  return { ...about, check };
}

/** Throws what does not hold. */
export function hold(condition: boolean, what: string): asserts condition {
  if (!condition) throw new Error(what);
}
