/** Asks compaction to delete rows of a tenant or a person. */

import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { compactedTables } from '../../datasets/compacted-tables.ts';
import type { RowsToErase } from '../../domain/compaction-statements.ts';
import { isSameErasure } from '../../domain/hour-compaction.ts';
import { changeState } from './change-state.ts';

/**
 * Notes whose rows go with every table that was ever compacted. What has landed of them has to be gone: what is merged later would bring it back.
 *
 * @param datasets All where absent.
 * @returns The names of these datasets; their rows go within an hour or so.
 * @throws When the state changes under every attempt: what was noted stays noted, and it can be asked again.
 */
export async function askErasure(
  documents: DynamoDBDocumentClient,
  tableName: string,
  rows: RowsToErase,
  datasets: readonly string[] = compactedTables.map(({ dataset }) => dataset),
): Promise<string[]> {
  const asked: string[] = [];
  for (const dataset of datasets) {
    const noted = await changeState(documents, tableName, dataset, (state) => {
      const others = (state.erasing ?? []).filter((one) => !isSameErasure(one, rows));
      return { ...state, erasing: [...others, rows] };
    });
    if (noted) asked.push(dataset);
  }
  return asked;
}
