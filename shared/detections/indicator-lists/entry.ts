/** One indicator as a list has it. */

import { z } from 'zod';
import { indicatorTypes, type IndicatorType } from '../sigma/lake-block.ts';
import type { Instant } from '../../domain/window.ts';

/** One indicator of a list: what, of which kind, from where, and when it counts. */
export interface IndicatorEntry {
  readonly type: IndicatorType;
  /** As the list writes it. */
  readonly value: string;
  /** The list. */
  readonly source: string;
  /** What is known of it, at most {@link longestAbout} characters. */
  readonly about?: string;
  /** Counts for records from this time on; always when absent. */
  readonly from?: Instant;
  /** Counts for records before this time. */
  readonly until?: Instant;
}

/** Characters of an indicator's value; longer ones are refused. */
export const longestValue = 2048;
/** Characters that are kept of what is known. */
export const longestAbout = 200;

const shape = z.object({
  type: z.enum(indicatorTypes),
  value: z.string().min(1).max(longestValue),
  source: z.string(),
  about: z.string().optional(),
  from: z.number().optional(),
  until: z.number().optional(),
});

/** An entry as a line of a list's file, without its end. */
export const entryLine = (entry: IndicatorEntry): string => JSON.stringify(entry);

/** The entry of a line that {@link entryLine} wrote. @throws At a line that it did not write. */
export function entryOfLine(line: string): IndicatorEntry {
  return shape.parse(JSON.parse(line)) as IndicatorEntry;
}

/** Whether an indicator counts at a time; where a record does not say when it happened, it does. */
export function countsAt({ from, until }: Pick<IndicatorEntry, 'from' | 'until'>, time: Instant | undefined): boolean {
  return time === undefined || ((from === undefined || time >= from) && (until === undefined || time < until));
}
