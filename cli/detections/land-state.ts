/** What people make of a finding: a row beside it, in an object of its own. */

import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findingsDataset } from '../../shared/datasets/findings.ts';
import { stateRow, type FindingRow } from '../../shared/detections/finding-row.ts';
import { landingKey } from '../../shared/domain/landing-key.ts';
import { utcHour } from '../../shared/domain/window.ts';
import { openFindingFiles } from '../../shared/landing/finding-files.ts';
import { connectDuckDb } from '../../shared/landing/landing.ts';
import type { FindingFiles } from '../../shared/ports/detecting.ts';
import type { Lake } from '../../shared/ports/lake.ts';

/** The state, who set it, when, and why. */
export type SetState = Parameters<typeof stateRow>[1];

/** What reading and landing a finding works with. */
export interface StatePlace {
  readonly files: FindingFiles;
  /** Gone afterwards. */
  readonly work: string;
}

/**
 * Lands the state beside the finding.
 *
 * @param finding Finds the row of the finding.
 */
export async function landState(
  finding: (place: StatePlace) => Promise<FindingRow>,
  set: SetState,
  lake: Pick<Lake, 'putOnce'>,
): Promise<void> {
  const work = await mkdtemp(join(tmpdir(), 'm365-audit-lake-finding-'));
  const connection = await connectDuckDb({ memoryMb: 100, spillFolder: work });
  const files = openFindingFiles(() => Promise.resolve(connection));
  try {
    const row = await finding({ files, work });
    const name = createHash('sha256')
      .update(JSON.stringify(['state', row.finding_id, set]))
      .digest('hex')
      .slice(0, 32);
    const into = join(work, 'state.parquet');
    await files.write([stateRow(row, set)], into, { job: name });
    await lake.putOnce(landingKey(findingsDataset, { jobId: name, landingHour: utcHour(set.at) }), into, { job: name });
  } finally {
    connection.closeSync();
    await rm(work, { recursive: true, force: true });
  }
}
