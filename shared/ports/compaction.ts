/** Compacted parts: the rows of landed objects, laid out by event day. */

import type { CompactableObject, DayOfObjects, EventDay, Part } from '../domain/compaction.ts';

/** What a part is made of. */
export interface PartRequest {
  readonly dataset: string;
  readonly day: EventDay;
  /** Their rows of that day. */
  readonly objects: readonly CompactableObject[];
  /** All of their rows. */
  readonly parts: readonly Part[];
}

/** One step of compaction, taken as a whole or not at all. */
export interface CompactionStep {
  readonly dataset: string;
  /** Whose rows are in the parts that are added: from now on no reader takes them from the objects. */
  readonly objects: readonly CompactableObject[];
  readonly added: readonly { readonly day: EventDay; readonly part: Part }[];
  /** Whose rows are in the parts that are added: from now on no reader opens them. */
  readonly retired: readonly Part[];
}

/**
 * Where parts are kept, and which of them count.
 *
 * A dataset's rows are those of its parts and of its objects that no step has named. Readers see both at one moment, so that a step that is
 * taken moves rows from one side to the other and changes nothing else. One process at a time compacts.
 */
export interface Compaction {
  /** Objects that no step has named, in the order of their keys. An object that lands meanwhile may be missing. */
  uncompacted(dataset: string): Promise<readonly CompactableObject[]>;
  /** The event days that the objects have rows of, each once, with those objects. */
  eventDays(dataset: string, objects: readonly CompactableObject[]): Promise<readonly DayOfObjects[]>;
  /** The parts of a day that count. */
  parts(dataset: string, day: EventDay): Promise<readonly Part[]>;
  /** Writes a part, whole and on disk before this returns. It does not count yet. */
  write(request: PartRequest): Promise<Part>;
  /** Takes the step: all of it, on disk before this returns, or nothing. */
  commit(step: CompactionStep): Promise<void>;
  /** Removes what no reader can need any more: parts retired long ago, and those that a killed run wrote and no step named. */
  clean(): Promise<void>;
}
