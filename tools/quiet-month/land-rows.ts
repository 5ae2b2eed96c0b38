/** Records of one log type as the rows that rules are asked of: landed as a worker lands them, and read back. */

import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { contentJob } from '../../shared/domain/fetch-job.ts';
import type { Instant } from '../../shared/domain/window.ts';
import type { DatasetRows } from '../../shared/detections/evaluate/findings.ts';
import { readRows } from '../../shared/landing/read-rows.ts';
import { logTypeById } from '../../shared/log-types/index.ts';
import type { Landing } from '../../shared/ports/landing.ts';

/** Where records are landed, and of which tenant. */
export interface LandingPlace {
  readonly landing: Landing;
  /** Files stand here while they are read; none stays. */
  readonly folder: string;
  readonly tenantId: string;
}

/**
 * Lands records and reads them back.
 *
 * @param records Each as JSON.
 * @param columns Only these are read; all of the log type's where it is undefined.
 * @throws When the records cannot be read.
 */
export async function landRows(
  { landing, folder, tenantId }: LandingPlace,
  { logTypeId, records, at, columns }: { logTypeId: string; records: readonly string[]; at: Instant; columns?: readonly string[] },
): Promise<DatasetRows> {
  const logType = logTypeById(logTypeId);
  const [cloud = 'enterprise'] = logType.clouds;
  const [file, into] = [join(folder, 'records.json'), join(folder, 'landed.parquet')];
  await writeFile(file, `[${records.join(',')}]`);
  const job = contentJob({ cloud, tenantId, logType: logType.id }, 'contoso', [], at);
  const result = await landing.toParquet({ logType, job, from: [{ file }], into, landedAt: at, without: [], metadata: {} });
  if (result.kind === 'unreadable') throw new Error(`the records of ${logTypeId} could not be landed`);
  const rows = [];
  for await (const group of readRows(into, columns ?? [...Object.keys(logType.columns), 'record_key', 'raw'])) rows.push(...group);
  await rm(into);
  return { dataset: logType.dataset, rows };
}
