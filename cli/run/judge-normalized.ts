/** Whether raw and normalized datasets agree, row by row of their keys. */

import type { NormalizedDataset } from '../../shared/datasets/normalized-dataset.ts';
import { sqlOf } from '../../shared/datasets/normalized-dataset.ts';
import { logTypeById } from '../../shared/log-types/index.ts';
import type { LakeReader } from '../../local/lake-reader.ts';
import { count } from '../terminal/quantity.ts';

/** How the rows of one normalized dataset compare with its raw rows. */
export interface NormalizedVerdict {
  readonly dataset: string;
  /** Raw rows that give a row. */
  readonly raw: number;
  readonly normalized: number;
  /** Of those raw rows, those that have none; and rows that have no such raw row. */
  readonly missing: number;
  readonly repeated: number;
}

/** Compares whole datasets, of all tenants: every raw row that gives a row has exactly one. */
export async function judgeNormalized(reader: LakeReader, datasets: readonly NormalizedDataset[]): Promise<NormalizedVerdict[]> {
  const verdicts: NormalizedVerdict[] = [];
  for (const dataset of datasets) {
    const [row = []] = await (await reader.query(comparison(dataset))).getRows();
    const [raw = 0, normalized = 0, missing = 0, repeated = 0] = row.map(Number);
    verdicts.push({ dataset: dataset.name, raw, normalized, missing, repeated });
  }
  return verdicts;
}

function comparison({ name, logTypes, where }: NormalizedDataset): string {
  const raw = logTypes.map(
    (id) => `SELECT tenant_id, record_key, landed_at FROM ${logTypeById(id).dataset}
    WHERE log_type = '${id}' AND ${where === undefined ? 'true' : `(${sqlOf(where, id)})`}`,
  );
  const counted = (rows: string): string => `(SELECT tenant_id, record_key, landed_at, count(*) AS n FROM (${rows}) GROUP BY ALL)`;
  return `SELECT sum(coalesce(r.n, 0)), sum(coalesce(d.n, 0)), sum(greatest(coalesce(r.n, 0) - coalesce(d.n, 0), 0)), sum(greatest(coalesce(d.n, 0) - coalesce(r.n, 0), 0))
FROM ${counted(raw.join(' UNION ALL '))} r FULL JOIN ${counted(`SELECT tenant_id, record_key, landed_at FROM ${name}`)} d
  ON r.tenant_id IS NOT DISTINCT FROM d.tenant_id AND r.record_key = d.record_key AND r.landed_at = d.landed_at`;
}

/** @example 'normalized: saas_audit_logs 9,120 of 9,120, cloud_audit_logs 311 of 311' */
export function normalizedLine(verdicts: readonly NormalizedVerdict[]): string {
  return `normalized: ${verdicts.map(({ dataset, raw, normalized }) => `${dataset} ${count(normalized)} of ${count(raw)}`).join(', ')}`;
}
