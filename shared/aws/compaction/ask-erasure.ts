/** Asks compaction to delete a tenant's rows. */

import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { compactedTables } from '../../datasets/compacted-tables.ts';
import type { TenantOfRows } from '../../domain/compaction-statements.ts';
import { changeState } from './change-state.ts';

/**
 * Notes the tenant with every table that was ever compacted. Its landed objects have to be gone: what is merged later would bring them back.
 *
 * @returns The names of these tables; their rows go within an hour or so.
 * @throws When the state changes under every attempt: what was noted stays noted, and it can be asked again.
 */
export async function askErasure(documents: DynamoDBDocumentClient, tableName: string, tenant: TenantOfRows): Promise<string[]> {
  const asked: string[] = [];
  for (const { dataset, compacted } of compactedTables) {
    const noted = await changeState(documents, tableName, dataset, (state) => {
      const others = (state.erasing ?? []).filter(({ tenantId }) => tenantId !== tenant.tenantId);
      return { ...state, erasing: [...others, tenant] };
    });
    if (noted) asked.push(compacted);
  }
  return asked;
}
