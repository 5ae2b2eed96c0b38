/** Options that several commands have. */

import { InvalidArgumentError, Option } from 'commander';

/** What `--lake` sets. */
export interface LakeChoice {
  readonly lake: string;
}

/** `--lake DIR`, on every command that works on a lake folder. */
export function lakeOption(): Option {
  return new Option('--lake <dir>', 'the lake folder').default('.lake');
}

/** What `--ocsf` sets. */
export interface OcsfChoice {
  readonly ocsf?: true;
}

/** `--ocsf`, on every command that lands. */
export function ocsfOption(): Option {
  return new Option('--ocsf', 'also land the OCSF datasets (docs/ocsf.md)');
}

/** An option's parser for a whole number of at least `least`. The parser throws InvalidArgumentError for anything else. */
export function wholeNumber(least: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (/^\d+$/.test(text) && Number.isSafeInteger(number) && number >= least) return number;
    throw new InvalidArgumentError(`Give a whole number of at least ${String(least)}.`);
  };
}

/** An option's parser for a date. @throws InvalidArgumentError for anything else. */
export function asDate(text: string): string {
  if (/^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text))) return text;
  throw new InvalidArgumentError('Give a date such as 2026-11-20.');
}
