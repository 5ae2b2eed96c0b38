/** Sets the state of a finding of a lake folder. */

import { findingsDataset } from '../../shared/datasets/findings.ts';
import type { FindingRow } from '../../shared/detections/finding-row.ts';
import { literal } from '../../shared/domain/literal.ts';
import { systemClock } from '../../local/clock.ts';
import { openEvidence } from '../../local/evidence/local-evidence.ts';
import { NotingLake } from '../../local/evidence/noting-lake.ts';
import { openLakeFolder } from '../../local/lake-folder.ts';
import { openLakeReader } from '../../local/lake-reader.ts';
import { landState, type SetState } from './land-state.ts';

/** Lands the state; a collector may be at work on the folder. The finding has to be there. */
export async function setState(lake: string, findingId: string, set: SetState): Promise<void> {
  const folder = await openLakeFolder(lake, { exclusive: false });
  const evidence = openEvidence(folder);
  const noting = { evidence, clock: systemClock, because: 'lake findings' };
  try {
    const target = new NotingLake({ root: folder.path, temp: folder.objectsTemp }, noting);
    await landState(() => readFinding(lake, findingId), set, {
      putOnce: (key, file) => target.putOnce(key, file),
    });
  } finally {
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
