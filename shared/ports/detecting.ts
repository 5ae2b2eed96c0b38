/** What the station needs to evaluate rules, beside the lake and the ledger. */

import type { Row } from '../detections/compile/row.ts';
import type { FindingRow } from '../detections/finding-row.ts';
import type { IndicatorIndex } from '../detections/indicators.ts';
import type { RuleSet } from '../detections/rule-set.ts';
import type { ObjectMetadata } from '../domain/landing-key.ts';
import type { Sightings } from './sightings.ts';

/** The rows of a Parquet file, some at a time, with these columns as far as the file has them. */
export type ReadRows = (file: string, columns: readonly string[]) => AsyncIterable<readonly Row[]>;

/** Rule sets by their hashes. What was stored stays: a job names the set that it is evaluated with, however late. */
export interface RuleSets {
  /** The set of a hash; the current one where a job names none, or one that is gone. */
  read(hash: string | undefined): Promise<RuleSet>;
  /** The set that new jobs name; undefined where there are no rules. */
  current(): Promise<string | undefined>;
}

/** Findings as Parquet files. */
export interface FindingFiles {
  write(rows: readonly FindingRow[], into: string, metadata: ObjectMetadata): Promise<void>;
  read(file: string): Promise<readonly FindingRow[]>;
}

/** Everything that evaluating rules needs. */
export interface Detecting {
  readonly rules: RuleSets;
  /** The indicators that count now. Asked for once an object, and only for rules that look values up. */
  indicators(): Promise<IndicatorIndex>;
  readonly sightings: Sightings;
  readonly readRows: ReadRows;
  readonly files: FindingFiles;
}
