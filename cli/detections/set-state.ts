/** What people make of a finding: a row beside it, in an object of its own. */

import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findingsDataset } from '../../shared/datasets/findings.ts';
import { stateRow, type FindingRow } from '../../shared/detections/finding-row.ts';
import { landingKey } from '../../shared/domain/landing-key.ts';
import { literal } from '../../shared/domain/literal.ts';
import { utcHour } from '../../shared/domain/window.ts';
import { openFindingFiles } from '../../shared/landing/finding-files.ts';
import { connectDuckDb } from '../../shared/landing/landing.ts';
import { openLakeFolder } from '../../local/lake-folder.ts';
import { openLakeReader } from '../../local/lake-reader.ts';
import { systemClock } from '../../local/clock.ts';
import { openEvidence } from '../../local/evidence/local-evidence.ts';
import { NotingLake } from '../../local/evidence/noting-lake.ts';

/** Lands the state; a collector may be at work on the folder. The finding has to be there. */
export async function setState(lake: string, findingId: string, set: Parameters<typeof stateRow>[1]): Promise<void> {
  const folder = await openLakeFolder(lake, { exclusive: false });
  const finding = await readFinding(lake, findingId);
  // Not in the folder: what lies in its workspaces is the collector's.
  const work = await mkdtemp(join(tmpdir(), 'm365-audit-lake-finding-'));
  const connection = await connectDuckDb({ memoryMb: 100, spillFolder: folder.spillTemp });
  const evidence = openEvidence(folder);
  const files = openFindingFiles(() => Promise.resolve(connection));
  try {
    const name = createHash('sha256')
      .update(JSON.stringify(['state', findingId, set]))
      .digest('hex')
      .slice(0, 32);
    const into = join(work, 'state.parquet');
    await files.write([stateRow(finding, set)], into, { job: name });
    const target = landingKey(findingsDataset, { jobId: name, landingHour: utcHour(set.at) });
    const noting = { evidence, clock: systemClock, because: 'lake findings' };
    await new NotingLake({ root: folder.path, temp: folder.objectsTemp }, noting).putOnce(target, into);
  } finally {
    await rm(work, { recursive: true, force: true });
    connection.closeSync();
    evidence.close();
    folder.close();
  }
}

async function readFinding(lake: string, findingId: string): Promise<FindingRow> {
  const reader = await openLakeReader(lake);
  try {
    const result = await reader.query(
      `SELECT to_json(f) FROM (SELECT * EXCLUDE (dt) FROM ${findingsDataset} WHERE finding_id = ${literal(findingId)} LIMIT 1) f`,
    );
    const [[json] = []] = await result.getRows();
    if (json === undefined) throw new Error(`the finding '${findingId}' is gone`);
    return JSON.parse(String(json)) as FindingRow;
  } finally {
    await reader.close();
  }
}
