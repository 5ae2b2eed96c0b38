/** How long a lake keeps what it has: landed objects by their landing date, compacted rows by their event day. */

import { days, utcDate, type Instant } from './window.ts';

/** Whole days; for ever where absent. A tenant's own go before those of the lake or deployment. */
export interface Keeping {
  /** Of landed objects, raw and normalized, after their landing date. */
  readonly rawDays?: number;
  /** Of compacted rows, after the day of their event. */
  readonly compactedDays?: number;
}

/** The settings by name, as they are written and asked for. */
export const keepingFields = ['rawDays', 'compactedDays'] as const;

/**
 * Nothing may be kept for less. Later passes, `lake reconcile` and a rebuild of a lost ledger look for the objects of everything that
 * Microsoft still serves, and the ledger remembers final jobs for 35 days: what is older is asked of no object any more.
 */
export const leastDaysKept = 36;
/** A hundred years. */
export const mostDaysKept = 36_500;

/** What is wrong with a number of days; undefined for a good one. */
export function daysKeptFault(value: unknown): string | undefined {
  const isGood = typeof value === 'number' && Number.isInteger(value) && value >= leastDaysKept && value <= mostDaysKept;
  if (isGood) return undefined;
  return `${String(value)} is not a whole number of days from ${String(leastDaysKept)} to ${String(mostDaysKept)}; leave it out to keep everything`;
}

/** The first date (UTC, `YYYY-MM-DD`) that is kept, by tenant; undefined keeps everything. */
export interface Cutoffs {
  /** Of tenants that are not in `own`. */
  readonly usual: string | undefined;
  /** By the tenant's name. */
  readonly own: ReadonlyMap<string, string | undefined>;
}

/** The same as a list, for where JSON is kept. */
export interface ListedCutoffs {
  readonly usual?: string;
  /** A tenant without a date keeps everything. */
  readonly own: readonly { readonly tenant: string; readonly before?: string }[];
}

/** In the order of the tenants. */
export function listedCutoffs({ usual, own }: Cutoffs): ListedCutoffs {
  const tenants = [...own].sort(([one], [other]) => (one < other ? -1 : 1));
  const list = tenants.map(([tenant, before]) => ({ tenant, ...(before !== undefined && { before }) }));
  return { ...(usual !== undefined && { usual }), own: list };
}

/** Of what {@link listedCutoffs} gave. */
export const cutoffsIn = ({ usual, own }: ListedCutoffs): Cutoffs => ({
  usual,
  own: new Map(own.map(({ tenant, before }) => [tenant, before])),
});

/** A tenant of which nothing can be known, because its configuration is broken, keeps everything. */
export type TenantKeeping = Keeping | 'unknown';

/** @param tenants By name, the disabled ones included. */
export function cutoffsOf(field: keyof Keeping, usual: Keeping, tenants: ReadonlyMap<string, TenantKeeping>, now: Instant): Cutoffs {
  const firstKept = (count: number | undefined): string | undefined => (count === undefined ? undefined : utcDate(now - days(count)));
  const own = [...tenants].flatMap(([name, keeping]): [string, string | undefined][] => {
    if (keeping === 'unknown') return [[name, undefined]];
    return keeping[field] === undefined ? [] : [[name, firstKept(keeping[field])]];
  });
  return { usual: firstKept(usual[field]), own: new Map(own) };
}

/** The first date that is kept of a tenant. */
export function cutoffOf({ usual, own }: Cutoffs, tenant: string): string | undefined {
  return own.has(tenant) ? own.get(tenant) : usual;
}

/** What lies before goes, whoever's it is; undefined when somebody keeps everything. */
export function cutoffOfEverybody({ usual, own }: Cutoffs): string | undefined {
  const all = [usual, ...own.values()];
  return all.includes(undefined) ? undefined : all.reduce((first, date) => ((date ?? '') < (first ?? '') ? date : first));
}

/** What lies on or after it is nobody's to go; undefined when everybody keeps everything. */
export function latestCutoff({ usual, own }: Cutoffs): string | undefined {
  return [usual, ...own.values()].reduce((last, date) => ((date ?? '') > (last ?? '') ? date : last), undefined);
}

/** Whether a date of a tenant is past: not kept any more. */
export function isPast(cutoffs: Cutoffs, tenant: string, date: string): boolean {
  const cutoff = cutoffOf(cutoffs, tenant);
  return cutoff !== undefined && date < cutoff;
}
