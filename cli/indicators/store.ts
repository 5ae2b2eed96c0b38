import type { IndicatorEntry } from '../../shared/detections/indicator-lists/entry.ts';

/** Lists by name, and one index over all of them. */
export interface IndicatorStore {
  /** What it is called in messages. @example 'the lake' */
  readonly what: string;
  /** How many indicators each list has. */
  lists(): Promise<Readonly<Record<string, number>>>;
  /** Writes a list, whole, in the place of one of its name. @returns How many indicators all lists have. */
  write(name: string, entries: AsyncIterable<IndicatorEntry>): Promise<number>;
  /** @returns Whether there was one. */
  remove(name: string): Promise<boolean>;
}
