import { InvalidArgumentError } from 'commander';
import { daysKeptFault, leastDaysKept, mostDaysKept } from '../../shared/domain/keeping.ts';

/** How long something is kept, as it is given on a command line. */
export type DaysChoice = number | 'forever';

/** An option's parser for a number of days. */
export function daysChoice(text: string): DaysChoice {
  if (text === 'forever') return text;
  if (/^\d+$/.test(text) && daysKeptFault(Number(text)) === undefined) return Number(text);
  throw new InvalidArgumentError(`Give a whole number of days, at least ${String(leastDaysKept)}, or 'forever'.`);
}

/** The same for a tenant, whose 'forever' has to be longer than the lake's days. @returns A hundred years for it. */
export function tenantDaysChoice(text: string): number {
  const choice = daysChoice(text);
  return choice === 'forever' ? mostDaysKept : choice;
}
