/** Where manifests are kept, and what they are made from. */

import type { ChainPosition, ChainState } from '../domain/evidence/chain.ts';
import type { EvidenceNote, StandingEntry } from '../domain/evidence/manifest.ts';
import type { LandingHour } from '../domain/landing-hour.ts';

/** The ledger's and the lake's part in a dataset's chain. */
export interface Evidence {
  /** Consistent; a dataset without a chain has version 0. */
  load(dataset: string): Promise<ChainState>;
  /**
   * Replaces the position if its version is still `version`, and forgets the notes in the same write.
   *
   * @param notes Ids, at most as many as {@link notes} answers; one that is not there is no fault.
   * @returns False where it was overtaken, and nothing is changed.
   */
  save(dataset: string, version: number, to: ChainPosition, notes: readonly string[]): Promise<boolean>;
  /** Landing hours of every pending job, by dataset. A job that is final by the time of the question may be among them. */
  pendingHours(): Promise<ReadonlyMap<string, ReadonlySet<LandingHour>>>;
  /** The oldest hours after one that have objects, in their order; not all of them where there are very many. */
  hours(dataset: string, after: LandingHour | undefined): Promise<readonly LandingHour[]>;
  /**
   * The objects of the hour's final jobs in the dataset, with the digests that the ledger has; `adopted`, as they stand, where it has none. Jobs that
   * are landed again are left out, and objects that no job of the ledger has.
   */
  landed(dataset: string, hour: LandingHour): Promise<readonly StandingEntry[]>;
  /** Whether every object that is there in an hour is one of a job that is pending or whose digests the ledger has, or of a note. */
  isKnown(dataset: string, hour: LandingHour): Promise<boolean>;
  /** The oldest notes, consistent. @param most As many as one manifest lists, unless given. */
  notes(dataset: string, most?: number): Promise<readonly EvidenceNote[]>;
  /** Puts the text at the key, unless there is an object already. @returns What stands there. */
  putManifest(key: string, text: string): Promise<string>;
}

/** Writes notes: for whoever changes the lake beside the jobs. */
export interface EvidenceNotes {
  /** Each once, whatever is written how often. */
  add(notes: readonly EvidenceNote[]): Promise<void>;
}
