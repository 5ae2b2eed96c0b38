/** A detection: a rule, ready to be asked of rows. */

import type { RawDatasetName } from '../log-types/index.ts';
import type { BoundTree } from './compile/bound.ts';
import type { Predicate } from './compile/predicate.ts';
import type { Row } from './compile/row.ts';
import type { Place } from './fields/place.ts';
import type { IndicatorType } from './sigma/lake-block.ts';
import type { Level, RuleHead } from './sigma/rule.ts';
import type { RuleTest } from './sigma/rule-tests.ts';
import type { Allowed } from './switches.ts';

/** What is the same for all kinds of detections. */
interface DetectionHead extends Omit<RuleHead, 'document'> {
  readonly level: Level;
  /** Of what the rule asks, and of nothing that only describes it: 12 hex digits. A changed rule has findings of its own. */
  readonly version: string;
  readonly file: string;
  /** At most so many findings a day are to be expected. */
  readonly expect?: number;
  readonly notify: boolean;
  /** Not for tenants that collect one of these log types. */
  readonly unlessCollected: readonly string[];
  readonly tests: readonly RuleTest[];
}

/** The rows that a detection is about, of one dataset. */
export interface Selection {
  readonly dataset: RawDatasetName;
  /** Of which rule of a correlation, counted from 0. */
  readonly part: number;
  readonly tree: BoundTree;
  readonly matches: Predicate;
  /** Columns that it reads. */
  readonly columns: ReadonlySet<string>;
  /** Operations, in lower case, of which a row has to have one to match; undefined where any may. */
  readonly operations?: ReadonlySet<string>;
  /** What a row belongs to; undefined where it says nothing, and then the row counts for nobody. */
  readonly group: (row: Row) => readonly string[] | undefined;
  /** What is counted or new. */
  readonly value: (row: Row) => string | undefined;
  /** Of indicators: what is looked up. */
  readonly looksUp: readonly LookedUp[];
}

/** A field whose values are looked up among indicators. */
interface LookedUp {
  readonly type: IndicatorType;
  readonly places: readonly Place[];
  readonly each: (row: Row, test: (text: string) => boolean) => boolean;
}

/** How a detection makes findings of rows. */
export type DetectionKind =
  | { readonly kind: 'single'; readonly every: 'record' | 'version' }
  | WindowKind
  | { readonly kind: 'sequence'; readonly parts: number; readonly isOrdered: boolean; readonly withinMs: number; readonly bucketMs: number }
  | { readonly kind: 'first-seen'; readonly withinDays: number }
  | { readonly kind: 'travel'; readonly km: number; readonly kmPerHour: number; readonly withinMs: number; readonly bucketMs: number }
  | { readonly kind: 'indicator'; readonly every: 'record' | 'version' }
  | { readonly kind: 'absence'; readonly quietMs: number };

/** At least so many rows, different values, or so large a sum, within so long. */
export interface WindowKind {
  readonly kind: 'window';
  readonly counts: 'events' | 'values' | 'sum';
  readonly least: number;
  readonly withinMs: number;
  readonly bucketMs: number;
}

/** The names of the kinds. */
export type KindName = DetectionKind['kind'];

/** One rule, ready. */
export interface Detection extends DetectionHead {
  readonly how: DetectionKind;
  /** What its findings are grouped by, as the rule names it. */
  readonly groupedBy: readonly string[];
  readonly selections: readonly Selection[];
  /** What nobody is notified of, though it is found. */
  readonly allowed?: readonly Allowed[];
}
