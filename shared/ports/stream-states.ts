/** How streams stand, as operators see them. */

import type { Loss } from '../domain/loss.ts';
import type { StuckJob } from '../domain/stuck.ts';
import type { Stream } from '../domain/stream.ts';
import type { Instant } from '../domain/window.ts';
import type { Cursor, Gap, TokenFailure } from './ledger.ts';

/** How one stream stands. Parts of it may be a few seconds apart: nothing is held still for who looks. */
export interface StreamState {
  readonly stream: Stream;
  /** None: it was never listed. */
  readonly cursor?: Cursor;
  /** Jobs that have not landed. */
  readonly pending: number;
  /** When the first of those is tried again that were parked: Microsoft or the network did not give what they are for. */
  readonly parkedUntil?: Instant;
  /** Of the jobs that were parked, the one of the oldest content: what keeps it from landing. */
  readonly stuck?: StuckJob;
  /** When Microsoft stops serving the first thing that a pending job is for. */
  readonly nextExpiry?: Instant;
  /** What landed since the hour asked for, oldest first; hours without a row are left out. */
  readonly landed: readonly LandedHour[];
  readonly losses: readonly Loss[];
  readonly gaps: readonly Gap[];
}

/** What landed within one hour. */
export interface LandedHour {
  /** Its first instant. */
  readonly hour: Instant;
  readonly rows: number;
  /** When Microsoft published the newest content of that hour's jobs, or the end of their newest window. */
  readonly newest: Instant;
}

/** A stream with jobs that have not landed. */
export interface PendingStream {
  readonly stream: Stream;
  /** The tenant's name when the jobs were made. */
  readonly tenantName: string;
  readonly jobs: number;
}

/** The ledger as `lake status` reads it, while it is written: reads alone, of which none waits for a station or holds one up. */
export interface StreamStates {
  /** The GUID that the tenant of this name was last seen to have. */
  tenantId(tenantName: string): Promise<string | undefined>;
  /** Why the tenant of this name has never had a token, where that is so. */
  tokenFailure(tenantName: string): Promise<TokenFailure | undefined>;
  /** @param since Rows that landed before the hour of this instant are left out; at most 30 days back. */
  read(streams: readonly Stream[], since: Instant): Promise<readonly StreamState[]>;
  /** Every stream that has pending jobs, whether its tenant is still configured or not; in the order of its key. */
  pendingStreams(): Promise<readonly PendingStream[]>;
}
