/** What a list of indicators holds, whichever form it has, and what of it cannot be taken. */

import type { IndicatorEntry } from './entry.ts';

/** An indicator before it has the name of its list. */
type ListedIndicator = Omit<IndicatorEntry, 'source'>;

/** One piece of a list: an indicator, or what is none and why. */
export type ListPiece =
  | { readonly kind: 'indicator'; readonly indicator: ListedIndicator }
  /** Left out on purpose: revoked, deleted, not meant for detection. */
  | { readonly kind: 'left-out'; readonly why: string }
  /** Not understood. */
  | { readonly kind: 'refused'; readonly what: string; readonly why: string };

/** A piece that cannot be taken; of what it was, the beginning is kept. */
export const refused = (what: string, why: string): ListPiece => ({ kind: 'refused', what: what.slice(0, 100), why });

/** A time as lists write it; undefined for none, and for what is no time. */
export function timeIn(value: unknown): number | undefined {
  if (typeof value === 'number') return value * (value > 1e11 ? 1 : 1000);
  if (typeof value !== 'string' || value.trim() === '') return undefined;
  const text = /^\d+$/.test(value.trim())
    ? Number(value) * (Number(value) > 1e11 ? 1 : 1000)
    : Date.parse(hasZone(value) ? value : `${value.trim()}Z`);
  return Number.isNaN(text) ? undefined : text;
}

/** Times without a zone are UTC; dates alone are so by themselves. */
const hasZone = (text: string): boolean => /(?:Z|[+-]\d{2}:?\d{2})$/i.test(text.trim()) || /^\d{4}-\d{2}-\d{2}$/.test(text.trim());
