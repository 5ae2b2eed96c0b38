/** Findings in a lake for Trino: what rules found, and what people made of it, in two objects. */

import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { findingsDataset } from '../../shared/datasets/findings.ts';
import { stateRow, type FindingRow } from '../../shared/detections/finding-row.ts';
import { landingKey } from '../../shared/domain/landing-key.ts';
import type { LandingHour } from '../../shared/domain/landing-hour.ts';
import { openFindingFiles } from '../../shared/landing/finding-files.ts';
import { connectDuckDb } from '../../shared/landing/landing.ts';

const found: FindingRow = {
  finding_id: 'spray',
  event_time: '2026-11-20T09:14:03.000Z',
  first_time: '2026-11-20T09:05:12.000Z',
  ...{ title: 'One address fails with the passwords of many users', level: 'high', state: 'new', because: null, set_by: null },
  ...{ kind: 'window', rule_id: '0c3b6d7e', rule_version: '4f555edf', attack: ['T1110.003'], cloud: 'global' },
  ...{ tenant_id: '5f2a6c1e-3d0b-4c55-9c2f-7a1d0e6b9f31', tenant_name: 'contoso' },
  ...{ group_values: { source_ip: '203.0.113.7' }, count: 14, record_keys: ['66ea54eb'], datasets: ['msft_azure_ad_raw'] },
  evidence: '{"actor_upn": "megan@contoso.example"}',
  ...{ query: 'SELECT 1', is_incomplete: false, quiet_because: null, finding_key: '[]' },
  ...{ found_at: '2026-11-20T09:19:41.000Z', object: 'raw/a.parquet' },
};
const quiet: FindingRow = {
  ...found,
  ...{ finding_id: 'quiet', level: 'informational', attack: [], group_values: {}, quiet_because: 'learning', is_incomplete: true },
};
const ofUser: FindingRow = { ...found, finding_id: 'of a user', level: 'low', group_values: { actor_upn: 'megan@contoso.example' } };
const failed: FindingRow = { ...found, finding_id: 'failed', level: 'critical', state: 'error' };
const at = Date.parse('2026-11-20T10:00:00Z');

/** The first object is what rules found, the second what people made of two of its findings and a third that saw more of one. */
const objects: readonly (readonly FindingRow[])[] = [
  [found, quiet, ofUser, failed],
  [
    stateRow(found, { state: 'closed', because: 'a test of ours', by: 'ada', at }),
    stateRow(ofUser, { state: 'acknowledged', because: 'being looked at', by: 'ada', at }),
    { ...found, count: 20, found_at: '2026-11-20T09:30:00.000Z', object: 'raw/b.parquet' },
  ],
];

/** Lands them in one hour. */
export async function plantFindings(lake: string, landingHour: LandingHour, work: string): Promise<void> {
  await mkdir(work, { recursive: true });
  const connection = await connectDuckDb({ memoryMb: 100, spillFolder: work });
  try {
    const files = openFindingFiles(() => Promise.resolve(connection));
    for (const [index, rows] of objects.entries()) {
      const jobId = String(index).repeat(32);
      const into = join(lake, landingKey(findingsDataset, { jobId, landingHour }));
      await mkdir(dirname(into), { recursive: true });
      await files.write(rows, into, { job: jobId });
    }
  } finally {
    connection.closeSync();
  }
}
