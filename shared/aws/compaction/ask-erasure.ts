/** Asks compaction to delete a tenant's rows: it alone writes the tables, one statement at a time. */

import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { compactedTables } from '../../datasets/compacted-tables.ts';
import type { TenantOfRows } from '../../domain/compaction-statements.ts';
import { loadState, saveState } from './state-item.ts';

/** A run of compaction writes the state a few times a minute. */
const attempts = 20;

/**
 * Notes the tenant with every table that was ever compacted. Its landed objects have to be gone: what is merged later would bring them back.
 *
 * @returns The names of these tables; their rows go within an hour or so.
 * @throws When the state changes under every attempt: what was noted stays noted, and it can be asked again.
 */
export async function askErasure(documents: DynamoDBDocumentClient, tableName: string, tenant: TenantOfRows): Promise<string[]> {
  const asked: string[] = [];
  for (const { dataset, compacted } of compactedTables) {
    if (await noted(documents, tableName, dataset, tenant)) asked.push(compacted);
  }
  return asked;
}

async function noted(documents: DynamoDBDocumentClient, tableName: string, dataset: string, tenant: TenantOfRows): Promise<boolean> {
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const { version, ...state } = await loadState(documents, tableName, dataset);
    if (version === 0) return false;
    const others = (state.erasing ?? []).filter(({ tenantId }) => tenantId !== tenant.tenantId);
    if (await saveState(documents, tableName, dataset, version, { ...state, erasing: [...others, tenant] })) return true;
  }
  throw new Error(`compaction of ${dataset} is busy: run the command again`);
}
