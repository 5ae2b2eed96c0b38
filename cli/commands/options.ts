/** Options that several commands have. */

import { InvalidArgumentError, Option } from 'commander';

export interface LakeChoice {
  readonly lake: string;
}

/** `--lake DIR`, on every command. */
export function lakeOption(): Option {
  return new Option('--lake <dir>', 'the lake folder').default('.lake');
}

export interface OcsfChoice {
  readonly ocsf?: true;
}

/** `--ocsf`, on every command that lands. */
export function ocsfOption(): Option {
  return new Option('--ocsf', 'land the OCSF datasets as well (docs/ocsf.md)');
}

/** Parses a whole number of at least `least`. */
export function wholeNumber(least: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (/^\d+$/.test(text) && Number.isSafeInteger(number) && number >= least) return number;
    throw new InvalidArgumentError(`It should be a whole number of at least ${String(least)}.`);
  };
}
