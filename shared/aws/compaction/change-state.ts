/** What commands ask of compaction, which alone writes the tables, one statement at a time: a note in its state. */

import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { withChanged, type ChangedHours } from '../../domain/changed-hours.ts';
import type { StateChange } from '../../domain/hour-compaction.ts';
import type { HourRange } from '../../domain/landing-hour.ts';
import { loadState, saveState } from './state-item.ts';

/** A run of compaction writes the state a few times a minute. */
const attempts = 20;

/**
 * Changes the state of a dataset that was ever compacted.
 *
 * @returns False for one that was not: there is nothing to change.
 * @throws When the state changes under every attempt: it can be asked again.
 */
export async function changeState(
  documents: DynamoDBDocumentClient,
  tableName: string,
  dataset: string,
  change: (state: StateChange) => StateChange,
): Promise<boolean> {
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const { version, ...state } = await loadState(documents, tableName, dataset);
    if (version === 0) return false;
    if (await saveState(documents, tableName, dataset, version, change(state))) return true;
  }
  throw new Error(`compaction of ${dataset} is busy: run the command again`);
}

/** Asks compaction to delete the rows of landed hours and to merge them again. @returns False where nothing was merged. */
export const askMergeAgain = (
  documents: DynamoDBDocumentClient,
  tableName: string,
  dataset: string,
  hours: ChangedHours,
): Promise<boolean> => changeState(documents, tableName, dataset, (state) => ({ ...state, changed: withChanged(state.changed, hours) }));

/**
 * Asks compaction to give rows of landed hours what rows that were made again have: their objects are there before this is asked.
 *
 * @returns False where nothing was merged.
 */
export const askRefill = (documents: DynamoDBDocumentClient, tableName: string, dataset: string, hours: HourRange): Promise<boolean> =>
  changeState(documents, tableName, dataset, ({ refill = [], ...state }) => {
    const others = refill.filter(({ hours: { from, to }, isGivenUp }) => !isGivenUp && (from !== hours.from || to !== hours.to));
    return { ...state, refill: [...others, { hours }] };
  });
