/** Indicators of compromise, as rules ask for them. Whatever holds a million of them small and fast implements this. */

import type { Instant } from '../domain/window.ts';
import { fold } from './sigma/pattern.ts';
import type { IndicatorType } from './sigma/lake-block.ts';

/** What a value was found to be. */
export interface Indicator {
  /** As its list writes it. */
  readonly value: string;
  /** Which list has it. */
  readonly source: string;
  /** What is known of it, in a few words. */
  readonly about?: string;
}

/** All indicators that count. Asking changes nothing. */
export interface IndicatorIndex {
  /**
   * @param text A value of a record, as it stands there.
   * @param time When the record happened: an indicator counts within its validity.
   */
  find(type: IndicatorType, text: string, time: Instant | undefined): Indicator | undefined;
}

/** No indicator. */
export const noIndicators: IndicatorIndex = { find: () => undefined };

/**
 * The same for one object: records repeat their values, and most are no indicators. What an object's values were found not to be is remembered
 * while it is looked at.
 */
export function forOneObject(index: IndicatorIndex): IndicatorIndex {
  const misses = new Map<IndicatorType, Set<string>>();
  return {
    find: (type, text, time) => {
      const known = misses.get(type) ?? new Set<string>();
      misses.set(type, known);
      if (known.has(text)) return undefined;
      const found = index.find(type, text, time);
      // One that counts at another time is no miss.
      if (!found && known.size < mostMisses && (time === undefined || !index.find(type, text, undefined))) known.add(text);
      return found;
    },
  };
}

const mostMisses = 50_000;

/** A few indicators, for the tests of rules. */
export function indicatorsOf(values: readonly (Indicator & { readonly type: IndicatorType })[]): IndicatorIndex {
  const known = new Map(values.map(({ type, ...indicator }) => [`${type} ${fold(indicator.value)}`, indicator]));
  return { find: (type, text) => known.get(`${type} ${fold(text)}`) };
}
