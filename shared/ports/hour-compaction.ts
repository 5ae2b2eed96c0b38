/** Compaction by landing hours, where an engine merges what landed into tables: what the station needs of the ledger, the lake and the engine. */

import type { CompactionState, Ended, LandedObjects, StateChange, Turn } from '../domain/hour-compaction.ts';
import type { ViewedHours } from '../domain/compacted-view.ts';
import type { LandingHour } from '../domain/landing-hour.ts';

/** Whether a statement was taken. `refused`: it is not run, and never will be under this token. */
export type Started = { readonly kind: 'started'; readonly queryId: string } | { readonly kind: 'refused'; readonly because: string };

/** A view as it stands. */
export interface StandingView {
  /** Of its table; a write that names an older one changes nothing. */
  readonly version: string;
  /** Whether it has the text for these hours. */
  isFor(hours: ViewedHours): boolean;
}

/** Where compaction's state is kept, and what runs its statements. */
export interface HourCompaction {
  /** Consistent. */
  load(dataset: string): Promise<CompactionState>;
  /** Replaces the state if its version is still `version`. @returns The new state; undefined where it was overtaken, and nothing is changed. */
  save(dataset: string, version: number, to: StateChange): Promise<CompactionState | undefined>;
  /** Landing hours of every pending job, by dataset. A job that is final by the time of the question may be among them. */
  pendingHours(): Promise<ReadonlyMap<string, ReadonlySet<LandingHour>>>;
  /** The oldest hours after one that have objects, in their order; not all of them where there are very many. */
  landedHours(dataset: string, after: LandingHour | undefined): Promise<readonly LandedObjects[]>;
  /** Starts the turn's statement. The same claim started again is the same query. */
  start(dataset: string, turn: Turn): Promise<Started>;
  /** @returns `running` until it has ended. */
  outcome(queryId: string, turn: Turn): Promise<Ended | 'running'>;
  /** The dataset's view. @throws When there is none. */
  view(dataset: string): Promise<StandingView>;
  /** Writes the view's text. @returns False where its version is not the one named any more: nothing is changed. */
  writeView(dataset: string, hours: ViewedHours, version: string): Promise<boolean>;
}
