/** What the commands of the proof are given on the command line. */

import { parseArgs } from 'node:util';
import { modes, type Mode } from './plan.ts';
import { hash32 } from './random.ts';

/** What the proof was asked to do. */
export interface ProofArguments {
  readonly seeds: number;
  readonly base: number;
  /** A single seed, to be shown. */
  readonly seed: number | undefined;
  readonly mode: Mode | undefined;
}

/**
 * `--seeds N --base B`, `--drawn-from TEXT` for a base that a commit id gives, `--seed S` for one with its trace, `--mode M`.
 *
 * @throws When a number or a mode is none.
 */
export function proofArguments(given: readonly string[]): ProofArguments {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({ args: [...given], options: { seeds: text, base: text, 'drawn-from': text, seed: text, mode: text } });
  const drawn = values['drawn-from'];
  return {
    seeds: numberOf('seeds', values.seeds ?? '10000'),
    base: drawn === undefined ? numberOf('base', values.base ?? '1') : 1_000_000 + hash32(drawn),
    seed: values.seed === undefined ? undefined : numberOf('seed', values.seed),
    mode: values.mode === undefined ? undefined : modeNamed(values.mode),
  };
}

function numberOf(name: string, text: string): number {
  if (!/^\d{1,12}$/.test(text)) throw new Error(`--${name} is '${text}'; it has to be a whole number`);
  return Number(text);
}

function modeNamed(text: string): Mode {
  const mode = modes.find((one) => one === text);
  if (!mode) throw new Error(`--mode is '${text}'; known are ${modes.join(', ')}`);
  return mode;
}
