/** JSON into Parquet, and what is derived from it. */

import type { DeriveRequest, RawFile } from '../datasets/derive-statement.ts';
import type { NormalizedDataset } from '../datasets/normalized-dataset.ts';
import type { FetchJob } from '../domain/fetch-job.ts';
import type { ObjectMetadata } from '../domain/landing-key.ts';
import type { Instant, Window } from '../domain/window.ts';
import type { LogType } from '../log-types/log-type.ts';

/** What one Parquet object is made of, and where it goes. */
export interface LandingRequest {
  readonly logType: LogType;
  readonly job: FetchJob;
  /** JSON arrays, in files or, with `content`, in memory; each with the contentId its rows carry. */
  readonly from: readonly { readonly file: string; readonly content?: Buffer; readonly contentId?: string }[];
  readonly into: string;
  readonly landedAt: Instant;
  /** Windows: rows outside are dropped, each record key is kept once, and rows whose key lies in one of these Parquet files are left out. */
  readonly window?: Window;
  readonly without: readonly string[];
  /** Written into the file's key-value metadata; `rows` is added. */
  readonly metadata: ObjectMetadata;
}

/** What landing came to. */
export type Landed =
  | { readonly kind: 'written'; readonly rows: number; readonly bytes: number }
  /** These inputs are no JSON arrays, and their files hold what came; nothing else was written. */
  | { readonly kind: 'unreadable'; readonly files: readonly string[] };

/** A normalized object that was written. */
export interface Derived {
  readonly rows: number;
  readonly bytes: number;
}

/** Turns JSON into one Parquet file. No input is a file of zero rows. */
export interface Landing {
  toParquet(request: LandingRequest): Promise<Landed>;
  /** Those of the datasets that any row of the raw object gives a row of; may name one that does not occur, never leaves one out. */
  occurring(datasets: readonly NormalizedDataset[], from: RawFile): Promise<readonly NormalizedDataset[]>;
  /** Writes the rows of a normalized dataset that one raw object gives. The same bytes whenever and wherever it is done. */
  derive(request: DeriveRequest): Promise<Derived>;
}
