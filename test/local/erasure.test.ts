import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { rebuild, type RebuildCounts } from '../../cli/normalize/rebuild.ts';
import { openFolderForRebuild } from '../../cli/normalize/rebuild-place.ts';
import { compactLake } from '../../local/compaction/compact-lake.ts';
import { expireLake } from '../../local/compaction/expire-lake.ts';
import { eraseFromLake, type ErasedDataset } from '../../local/erasure/erase-lake.ts';
import { openLakeFolder } from '../../local/lake-folder.ts';
import { openLakeReader } from '../../local/lake-reader.ts';
import { asPattern } from '../../local/lake-sql.ts';
import { LocalLake } from '../../local/lake.ts';
import { knownDatasets } from '../../shared/datasets/index.ts';
import { identifiersOf, type Erasure } from '../../shared/domain/erasure.ts';
import { windowJob } from '../../shared/domain/fetch-job.ts';
import { landingKey, markToMetadata } from '../../shared/domain/landing-key.ts';
import { days, hours } from '../../shared/domain/window.ts';
import { connectDuckDb, openLanding } from '../../shared/landing/landing.ts';
import { logTypeById } from '../../shared/log-types/index.ts';
import { contoso } from '../contracts/samples.ts';
import { landRecords } from '../helpers/land-records.ts';
import { exchangeRecord, signIn } from '../helpers/sample-records.ts';
import { temporaryFolders } from '../helpers/temporary-folder.ts';

const makeFolder = temporaryFolders();
const noon = Date.parse('2026-11-22T12:00:00Z');
const now = noon + days(3);
const clock = { now: () => now, sleep: () => Promise.resolve() };
const raw = 'msft_o365_exchange_online_raw';
const normalized = 'saas_audit_logs';
const fabrikam = { tenantId: '22222222-2222-4222-8222-222222222222', tenantName: 'fabrikam' };
const megan: Erasure = { kind: 'person', identifiers: identifiersOf('megan@contoso.example', []) };
const byMegan = { UserId: 'Megan@contoso.example' };
const ofMegan = { MailboxOwnerUPN: 'megan@contoso.example' };

let lake = '';
beforeEach(async () => {
  lake = join(await makeFolder(), 'lake [1]');
  await landRecords(lake, [
    { logType: 'audit-exchange', at: noon, blob: 'first', records: [exchangeRecord('hers', byMegan), exchangeRecord('one')] },
    { logType: 'audit-exchange', at: noon, blob: 'hers alone', records: [exchangeRecord('of her', ofMegan)] },
    { logType: 'audit-exchange', at: noon, blob: 'f', records: [exchangeRecord('f-hers', byMegan)], ...fabrikam },
    { logType: 'audit-exchange', at: noon + days(1), blob: 'second', records: [exchangeRecord('two')] },
    { logType: 'sign-ins-interactive', at: noon, records: [signIn('s'), signIn('s-hers', { userPrincipalName: 'megan@contoso.example' })] },
  ]);
  await normalize();
});

async function normalize(isReplacing = false): Promise<RebuildCounts> {
  const { replace, ...place } = await openFolderForRebuild(lake);
  try {
    return await rebuild({ datasets: knownDatasets }, isReplacing && replace ? { ...place, replace } : place);
  } finally {
    await place.close();
  }
}

async function compact(isRebuild = false): Promise<void> {
  const folder = await openLakeFolder(lake, { exclusive: true });
  try {
    await compactLake(folder, { clock, isRebuild });
  } finally {
    folder.close();
  }
}

async function erase(erasure: Erasure, isDryRun = false, dieAfter = Infinity): Promise<ErasedDataset[]> {
  const folder = await openLakeFolder(lake, { exclusive: true });
  let left = dieAfter;
  const onProgress = (): void => {
    left -= 1;
    if (left < 0) throw new Error('killed');
  };
  try {
    return await eraseFromLake(folder, { clock, erasure, isDryRun, onProgress });
  } finally {
    folder.close();
  }
}

async function ids(table: string): Promise<string[]> {
  const reader = await openLakeReader(lake);
  const rows = await (await reader.query(`SELECT record_id FROM ${table} ORDER BY ALL`)).getRows();
  await reader.close();
  return rows.map(([id]) => String(id));
}

/** Whether any Parquet file of the folder, wherever it is, has a record of the person. */
async function filesNaming(id: string): Promise<string[]> {
  const duckdb = await connectDuckDb({ memoryMb: 100, spillFolder: lake });
  const files = (await readdir(lake, { recursive: true })).filter((name) => name.endsWith('.parquet'));
  const naming: string[] = [];
  for (const name of files) {
    const found = await duckdb.runAndReadAll(
      `SELECT count(*) FROM read_parquet($1, schema = MAP {'record_id': {name: 'record_id', type: 'VARCHAR', default_value: NULL}}) WHERE record_id = $2`,
      [asPattern(join(lake, name)), id],
    );
    if (Number(found.getRows()[0]?.[0]) > 0) naming.push(name);
  }
  duckdb.closeSync();
  return naming;
}

async function contents(): Promise<Map<string, string>> {
  const entries = await readdir(lake, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && !/sqlite|temp/.test(join(entry.parentPath, entry.name)));
  const hash = async (file: string): Promise<string> =>
    createHash('sha256')
      .update(await readFile(file))
      .digest('hex');
  return new Map(
    await Promise.all(files.map(async ({ parentPath, name }) => [join(parentPath, name), await hash(join(parentPath, name))] as const)),
  );
}

const states = [
  { name: 'nothing is compacted', prepare: () => Promise.resolve() },
  { name: 'everything is compacted', prepare: () => compact() },
  {
    name: 'a part is compacted',
    prepare: async () => {
      await compact();
      await landRecords(lake, [
        { logType: 'audit-exchange', at: noon + days(2), blob: 'late', records: [exchangeRecord('hers late', byMegan)] },
      ]);
      await normalize();
    },
  },
];

describe.each(states)('where $name', ({ prepare }) => {
  beforeEach(prepare);

  test('every record that names a person goes, from all files, and no other does', async () => {
    await erase(megan);
    expect(await ids(raw)).toEqual(['one', 'two']);
    expect(await ids(normalized)).toEqual(['one', 'two']);
    expect(await ids('msft_azure_ad_raw')).toEqual(['s']);
    for (const id of ['hers', 'of her', 'f-hers', 's-hers', 'hers late']) expect(await filesNaming(id)).toEqual([]);
    expect(await erase(megan)).toEqual([]);
  });

  test('a dry run reports what the run does, and changes nothing', async () => {
    const before = await contents();
    const planned = await erase(megan, true);
    expect(await contents()).toEqual(before);
    expect(await erase(megan)).toEqual(planned);
    expect(planned.map(({ dataset }) => dataset)).toEqual(expect.arrayContaining([raw, normalized, 'msft_azure_ad_raw']));
  });

  test('nothing comes back when datasets are made again', async () => {
    await erase(megan);
    expect(await normalize()).toMatchObject({ different: 0, made: 0 });
    await normalize(true);
    await compact(true);
    expect(await ids(raw)).toEqual(['one', 'two']);
    expect(await ids(normalized)).toEqual(['one', 'two']);
  });

  test('an erasure that dies at any step is ended by the next', async () => {
    for (let steps = 20; steps < 200; steps += 2) {
      const isEnded = await erase(megan, false, steps).then(
        () => true,
        (error: unknown) => String(error) !== 'Error: killed',
      );
      expect((await ids(raw)).filter((id) => ['one', 'two'].includes(id))).toEqual(['one', 'two']);
      expect((await ids(normalized)).filter((id) => ['one', 'two'].includes(id))).toEqual(['one', 'two']);
      if (isEnded) break;
    }
    await erase(megan);
    for (const id of ['hers', 'of her', 'f-hers', 's-hers', 'hers late']) expect(await filesNaming(id)).toEqual([]);
  }, 120_000);

  test('everything of a tenant goes, and nothing of another', async () => {
    await landRecords(lake, [{ logType: 'audit-exchange', at: noon, blob: 'f empty', records: [], ...fabrikam }]);
    await erase({ kind: 'tenant', tenant: 'fabrikam' });
    expect(await ids(raw)).toEqual(expect.arrayContaining(['hers', 'of her', 'one', 'two']));
    expect(await filesNaming('f-hers')).toEqual([]);
    expect(await filesNaming('hers')).not.toEqual([]);
    expect(await erase({ kind: 'tenant', tenant: 'fabrikam' })).toEqual([]);
    await compact();
    expect(await ids(raw)).not.toContain('f-hers');
  });
});

test('a person is erased from one tenant alone', async () => {
  await erase({ ...megan, tenant: 'fabrikam' });
  expect(await ids(raw)).toEqual(['hers', 'of her', 'one', 'two']);
});

test('records whose landed files have expired go as well', async () => {
  await compact();
  const folder = await openLakeFolder(lake, { exclusive: true });
  const cutoffs = { usual: '2027-01-01', own: new Map() };
  const later = { now: () => now + hours(2), sleep: () => Promise.resolve() };
  await expireLake(folder, { clock: later, raw: cutoffs, compacted: { usual: undefined, own: new Map() } });
  folder.close();
  expect((await filesNaming('hers')).map((name) => name.split('/')[0])).toEqual(['compacted', 'compacted', 'compacted']);
  await erase(megan);
  expect(await ids(raw)).toEqual(['one', 'two']);
  expect(await ids(normalized)).toEqual(['one', 'two']);
  expect(await filesNaming('hers')).toEqual([]);
});

test('a landed file stays at its key, counts as it landed, and says what was erased', async () => {
  const [key = ''] = (await filesNaming('of her')).filter((name) => name.includes(raw));
  const before = await new LocalLake({ root: lake, temp: lake }).head(key);
  await erase(megan);
  expect(await new LocalLake({ root: lake, temp: lake }).head(key)).toEqual({ ...before, rows: '1', erased: '1' });
});

test('a later pass over a Graph window does not land what was erased', async () => {
  const logType = logTypeById('sign-ins-interactive');
  const window = { start: noon - hours(1), end: noon };
  const job = windowJob({ cloud: 'global', tenantId: contoso, logType: logType.id }, 'contoso', window, 0, noon);
  const folder = await openLakeFolder(lake, { exclusive: true });
  const landing = await openLanding({ memoryMb: 200, spillFolder: folder.spillTemp });
  const served = join(folder.workTemp, 'served.json');
  const into = join(folder.workTemp, 'landed.parquet');
  const createdDateTime = new Date(noon - 1_000).toISOString();
  await mkdir(dirname(served), { recursive: true });
  await writeFile(
    served,
    JSON.stringify([signIn('w', { createdDateTime }), signIn('w-hers', { createdDateTime, userPrincipalName: 'megan@contoso.example' })]),
  );
  const { rows: _unknownYet, ...metadata } = markToMetadata(job, { rows: 0, isSplit: false });
  const request = { logType, job, from: [{ file: served }], into, landedAt: noon, window, metadata };
  expect(await landing.toParquet({ ...request, without: [] })).toMatchObject({ rows: 2 });
  const key = landingKey(logType.dataset, job);
  await new LocalLake({ root: folder.path, temp: folder.objectsTemp }).putOnce(key, into);
  await eraseFromLake(folder, { clock, erasure: megan, isDryRun: false });
  expect(await landing.toParquet({ ...request, without: [join(lake, key)] })).toMatchObject({ rows: 0 });
  landing.close();
  folder.close();
});

test('quarantined files that name a person go, others stay', async () => {
  const place = join(lake, 'quarantine', raw, 'dt=2026-11-22', 'hr=12');
  await mkdir(place, { recursive: true });
  await writeFile(join(place, 'hers.bin'), '[{"UserId":"megan@contoso.example"');
  await writeFile(join(place, 'other.bin'), '[{"UserId":"omegan@contoso.example"');
  expect(await erase(megan, true)).toContainEqual(expect.objectContaining({ dataset: 'quarantine', objects: 1 }));
  await erase(megan);
  expect(existsSync(join(place, 'hers.bin'))).toBe(false);
  expect(existsSync(join(place, 'other.bin'))).toBe(true);
});
