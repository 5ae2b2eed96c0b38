/** What the makers of records share: who, when, and the times as each API writes them. */

import { iso, type Instant } from '../../shared/domain/window.ts';
import type { Company, Person } from '../people.ts';
import type { Random } from '../random.ts';

/** Everything a maker may use; a record is a function of it. */
export interface Moment {
  readonly chance: Random;
  readonly company: Company;
  /** When the event happened. */
  readonly at: Instant;
}

/** A record before it is written as JSON; the order of its fields is the order served. */
export type JsonRecord = Record<string, unknown>;
/** Makes one record. It takes its random numbers from the moment alone, in the same order every time. */
export type Maker = (moment: Moment) => JsonRecord;

/** `2026-11-22T06:05:00`: UTC, and no zone that says so. */
export function creationTime(at: Instant): string {
  return iso(at).slice(0, 19);
}

/** Seven fraction digits, the last four from the record itself. */
export function sevenDigits(at: Instant, digits: string): string {
  return `${iso(at).slice(0, 23)}${digits.padStart(4, '0').slice(0, 4)}Z`;
}

/** Mostly at the office, sometimes at home. */
export function addressOf({ chance }: Moment, person: Person): string {
  return chance.chance(0.7) ? person.officeAddress : person.homeAddress;
}

/** Addresses as the audit log writes them: some with a port, some mapped, some in brackets. */
export function auditAddress(moment: Moment, person: Person): string {
  const address = addressOf(moment, person);
  const isSix = address.includes(':');
  return moment.chance.weighted<string>([
    [80, address],
    [12, isSix ? `[${address}]:${String(moment.chance.int(1_025, 65_000))}` : `${address}:${String(moment.chance.int(1_025, 65_000))}`],
    [8, isSix ? address : `::ffff:${address}`],
  ]);
}

/** As Exchange writes parameters: `[{Name, Value}]`. */
export function nameValues(values: Readonly<Record<string, string>>): { readonly Name: string; readonly Value: string }[] {
  return Object.entries(values).map(([Name, Value]) => ({ Name, Value }));
}
