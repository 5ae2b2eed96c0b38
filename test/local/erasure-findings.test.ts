import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test } from '@jest/globals';
import { eraseFromLake, type ErasedDataset } from '../../local/erasure/erase-lake.ts';
import { openLakeFolder } from '../../local/lake-folder.ts';
import { openLakeReader } from '../../local/lake-reader.ts';
import { LocalLake } from '../../local/lake.ts';
import { findingsDataset } from '../../shared/datasets/findings.ts';
import { identifiersOf } from '../../shared/domain/erasure.ts';
import { literal } from '../../shared/domain/literal.ts';
import { connectDuckDb } from '../../shared/landing/landing.ts';
import { temporaryFolders } from '../helpers/temporary-folder.ts';

const makeFolder = temporaryFolders();
const clock = { now: () => Date.parse('2026-11-25T12:00:00Z'), sleep: () => Promise.resolve() };
const hour = `raw/${findingsDataset}/dt=2026-11-22/hr=12`;
const key = `${hour}/4f0c9e7a1b2d3c4e5f60718293a4b5c6.parquet`;

interface Row {
  readonly id: string;
  readonly evidence?: string;
  readonly because?: string;
  readonly group?: string;
  readonly tenant?: string;
}
const upn = 'megan@contoso.example';
const rows: readonly Row[] = [
  { id: 'another person', evidence: '{"actor_upn": "joann.megan@contoso.example"}' },
  { id: 'in its evidence', evidence: `{"actor_upn": "Megan@contoso.example"}` },
  { id: 'in its group', group: upn },
  { id: 'in a word of people', because: `${upn} was on holiday` },
  { id: 'elsewhere', evidence: `{"actor_upn": "${upn}"}`, tenant: 'fabrikam' },
];

let lake: string;
beforeEach(async () => {
  lake = join(await makeFolder(), 'lake');
  (await openLakeFolder(lake, { exclusive: true })).close();
  await mkdir(join(lake, hour), { recursive: true });
  const duckdb = await connectDuckDb({ memoryMb: 100, spillFolder: lake });
  const selects = rows.map(
    ({
      id,
      evidence = '{}',
      because,
      group,
      tenant = 'contoso',
    }) => `SELECT ${literal(id)} AS finding_id, 'new' AS state, 1::BIGINT AS count,
      TIMESTAMPTZ '2026-11-22 12:00:00Z' AS found_at, ${literal(tenant)} AS tenant_name, ${literal(evidence)} AS evidence,
      ${because === undefined ? 'NULL' : literal(because)}::VARCHAR AS because, '["k"]' AS finding_key,
      MAP {'actor_upn': ${literal(group ?? 'nobody')}} AS group_values`,
  );
  await duckdb.run(
    `COPY (${selects.join(' UNION ALL ')}) TO ${literal(join(lake, key))} (FORMAT parquet, KV_METADATA {job: 'j', rows: '5'})`,
  );
  duckdb.closeSync();
});

async function erase(isDryRun: boolean, tenant?: string): Promise<ErasedDataset[]> {
  const folder = await openLakeFolder(lake, { exclusive: true });
  try {
    const erasure = { kind: 'person', identifiers: identifiersOf(upn, []), ...(tenant !== undefined && { tenant }) } as const;
    return await eraseFromLake(folder, { clock, erasure, isDryRun, onProgress: () => undefined });
  } finally {
    folder.close();
  }
}

async function left(): Promise<string[]> {
  const reader = await openLakeReader(lake);
  const found = await (await reader.query(`SELECT finding_id FROM ${findingsDataset} ORDER BY ALL`)).getRows();
  await reader.close();
  return found.map(([id]) => String(id));
}

test('findings that name a person go with the person, wherever they name them, and no other does', async () => {
  const planned = await erase(true);
  expect(planned).toMatchObject([{ dataset: findingsDataset, objects: 1, rows: 4 }]);
  expect(await left()).toHaveLength(5);
  expect(await erase(false)).toEqual(planned);
  expect(await left()).toEqual(['another person']);
  expect(await erase(false)).toEqual([]);
});

test('the object of findings stays at its key, and says how many went', async () => {
  await erase(false, 'contoso');
  expect(await left()).toEqual(['another person', 'elsewhere']);
  expect(await new LocalLake({ root: lake, temp: lake }).head(key)).toEqual({ job: 'j', rows: '5', erased: '3' });
});
