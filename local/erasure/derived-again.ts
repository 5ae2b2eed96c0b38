/** A normalized object made again of its raw object without the rows that go: the bytes that `lake normalize` makes once those have gone. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { NormalizedDataset } from '../../shared/datasets/normalized-dataset.ts';
import { jobOfKey, landingKey } from '../../shared/domain/landing-key.ts';
import { literal } from '../../shared/domain/literal.ts';
import { logTypeById, rawDatasets } from '../../shared/log-types/index.ts';
import type { Landing } from '../../shared/ports/landing.ts';
import { droppedRowsSql, type DroppedRows } from '../compaction/dropped-rows.ts';
import { asPattern } from '../lake-sql.ts';
import { readFooter } from '../parquet-footer.ts';
import type { ErasurePlace } from './found-objects.ts';

/**
 * @param rows Of the raw object.
 * @returns How many rows it has in the file `into`; undefined when its raw object has expired.
 */
export async function deriveAgain(
  key: string,
  dataset: NormalizedDataset,
  rows: DroppedRows,
  into: string,
  { root, temp, connection, landing }: ErasurePlace & { readonly landing: Pick<Landing, 'derive'> },
): Promise<number | undefined> {
  const job = jobOfKey(key);
  const object = job && rawDatasets.map((name) => landingKey(name, job)).find((rawKey) => existsSync(join(root, rawKey)));
  if (!job || object === undefined) return undefined;
  const { metadata } = await readFooter(join(root, object));
  const raw = join(temp, 'erasing-raw.parquet');
  await connection.run(`COPY (SELECT * FROM read_parquet(${literal(asPattern(join(root, object)))})
    WHERE (${droppedRowsSql(rows)}) IS NOT TRUE) TO ${literal(raw)} (FORMAT parquet)`);
  const logType = logTypeById(metadata.stream?.split('#')[2] ?? '');
  return (await landing.derive({ dataset, logType, raw, object, into, metadata: { job: job.jobId } })).rows;
}
