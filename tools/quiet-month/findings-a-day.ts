/** How many findings rules make of ordinary activity. */

import { days, type Instant } from '../../shared/domain/window.ts';
import type { Detection } from '../../shared/detections/detection.ts';
import { batchFindings, type DatasetRows } from '../../shared/detections/evaluate/findings.ts';
import type { IndicatorIndex } from '../../shared/detections/indicators.ts';
import { markdownTable } from '../docs/markdown-table.ts';

/** What one rule found after the days of learning. */
export interface RuleNoise {
  readonly rule: string;
  readonly level: string;
  readonly expect: number;
  /** Of each day. */
  readonly daily: readonly number[];
}

/** No address is anybody's enemy. */
const noIndicators: IndicatorIndex = { find: () => undefined };

/** Rules that are evaluated of such rows: silence depends on the ledger, and Graph is collected, so that its rules speak. */
export const evaluated = (detections: readonly Detection[]): readonly Detection[] =>
  detections.filter(({ how, unlessCollected }) => how.kind !== 'absence' && unlessCollected.length === 0);

/** What each rule that found something found. @param after Days before are for learning what is usual. */
export function noiseOf(
  detections: readonly Detection[],
  lake: readonly DatasetRows[],
  { tenantId, after, days: count }: { tenantId: string; after: Instant; days: number },
): readonly RuleNoise[] {
  return evaluated(detections).flatMap((detection) => {
    const times = batchFindings(detection, lake, tenantId, noIndicators).map(({ firstTime }) => firstTime);
    const daily = Array.from({ length: count }, (_, day) => times.filter((time) => Math.floor((time - after) / days(1)) === day).length);
    const { name = detection.id, level, expect = 0 } = detection;
    return daily.some((one) => one > 0) ? [{ rule: name, level, expect, daily }] : [];
  });
}

/** Findings of a day, on average, of all rules. */
export const perDay = (noise: readonly RuleNoise[], count: number): number => sum(noise.flatMap(({ daily }) => daily)) / count;

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

/** A row a rule. */
export function noiseTable(noise: readonly RuleNoise[]): string {
  const rows = noise.map(({ rule, level, expect, daily }) => [rule, level, String(sum(daily)), String(Math.max(...daily)), String(expect)]);
  return markdownTable(['rule', 'level', 'findings', 'most on a day', 'expect'], rows);
}
