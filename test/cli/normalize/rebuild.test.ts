import { createHash } from 'node:crypto';
import { readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { systemClock } from '../../../local/clock.ts';
import { compactLake } from '../../../local/compaction/compact-lake.ts';
import { openLakeFolder } from '../../../local/lake-folder.ts';
import { openLakeReader } from '../../../local/lake-reader.ts';
import { openFolderForRebuild } from '../../../cli/normalize/rebuild-place.ts';
import { rebuild, type RebuildCounts, type RebuildRequest } from '../../../cli/normalize/rebuild.ts';
import { judgeNormalized } from '../../../cli/run/judge-normalized.ts';
import { authenticationStory } from '../../../shared/datasets/authentication-story.ts';
import { cloudAuditLogs } from '../../../shared/datasets/cloud-audit-logs.ts';
import { saasAuditLogs } from '../../../shared/datasets/saas-audit-logs.ts';
import { connectDuckDb } from '../../../shared/landing/landing.ts';
import { landRecords } from '../../helpers/land-records.ts';
import { alert, exchangeRecord, signIn } from '../../helpers/sample-records.ts';
import { temporaryFolders } from '../../helpers/temporary-folder.ts';

const makeFolder = temporaryFolders();
/** By name: what is counted here does not change with a dataset that is added. */
const datasets = [saasAuditLogs, authenticationStory, cloudAuditLogs];
const firstDay = Date.parse('2026-11-20T12:00:00Z');
const secondDay = Date.parse('2026-11-21T12:00:00Z');
let lake = '';
beforeEach(async () => {
  lake = join(await makeFolder(), '.lake');
  await landRecords(lake, [
    { logType: 'audit-exchange', at: firstDay, records: [exchangeRecord('a'), exchangeRecord('b', { Operation: 'New-InboxRule' })] },
    { logType: 'audit-exchange', at: secondDay, records: [exchangeRecord('c')] },
    { logType: 'sign-ins-interactive', at: firstDay, records: [signIn('s')] },
    { logType: 'directory-audits', at: secondDay, records: [{ id: 'd', activityDateTime: '2026-11-21T08:00:00Z' }] },
    { logType: 'alerts', at: firstDay, records: [alert('A', '2026-11-20T10:00:00Z')] },
    { logType: 'audit-general', at: firstDay, records: [] },
  ]);
});

async function run(
  request: Partial<RebuildRequest> = {},
  options: { readonly replace: boolean } = { replace: false },
): Promise<RebuildCounts> {
  const { replace, ...place } = await openFolderForRebuild(lake);
  try {
    return await rebuild({ datasets, ...request }, options.replace && replace ? { ...place, replace } : place);
  } finally {
    await place.close();
  }
}

/** Digest of every normalized object by its place. */
async function normalizedObjects(): Promise<Record<string, string>> {
  const digests: Record<string, string> = {};
  for (const { name } of datasets) {
    const folder = join(lake, 'raw', name);
    const files = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
    for (const file of files.filter((one) => one.isFile())) {
      const path = join(file.parentPath, file.name);
      digests[path.slice(lake.length)] = createHash('sha256')
        .update(await readFile(path))
        .digest('hex');
    }
  }
  return digests;
}

const forget = (dataset: string): Promise<void> => rm(join(lake, 'raw', dataset), { recursive: true });

describe('a rebuild', () => {
  test('makes what is missing, once, for every raw object that has a row', async () => {
    expect(await run()).toEqual({ rawObjects: 4, made: 4, same: 0, replaced: 0, different: 0, empty: 0, rows: 5 });
    expect(await run()).toEqual({ rawObjects: 4, made: 0, same: 4, replaced: 0, different: 0, empty: 0, rows: 5 });
  });

  test('makes the very bytes that were there', async () => {
    await run();
    const before = await normalizedObjects();
    expect(Object.keys(before)).toHaveLength(4);
    for (const { name } of datasets) await forget(name);
    await run();
    expect(await normalizedObjects()).toEqual(before);
  });

  test.each([
    { name: 'from a landing date on', span: { from: '2026-11-21' }, made: 2 },
    { name: 'up to a landing date', span: { to: '2026-11-20' }, made: 2 },
    { name: 'of one landing date', span: { from: '2026-11-21', to: '2026-11-21' }, made: 2 },
    { name: 'of no time', span: { from: '2027-01-01' }, made: 0 },
  ])('takes raw objects $name', async ({ span, made }) => {
    expect(await run(span)).toMatchObject({ rawObjects: made, made });
  });

  test('makes the datasets that are asked for', async () => {
    expect(await run({ datasets: [cloudAuditLogs] })).toMatchObject({
      made: 1,
      rows: 1,
    });
    expect(Object.keys(await normalizedObjects())).toEqual([expect.stringContaining('cloud_audit_logs')]);
  });

  test('says what was made with other columns, and replaces it only on demand', async () => {
    await run();
    const good = await normalizedObjects();
    const [place = ''] = Object.keys(good);
    await writeFile(join(lake, place), 'of an older version');
    expect(await run()).toMatchObject({ same: 3, different: 1, replaced: 0 });
    expect(await run({}, { replace: true })).toMatchObject({ same: 3, different: 0, replaced: 1 });
    expect(await normalizedObjects()).toEqual(good);
  });
});

test('what is replaced after it was compacted is read from its new object', async () => {
  await run();
  const folder = await openLakeFolder(lake, { exclusive: true });
  await compactLake(folder, { clock: systemClock });
  folder.close();
  const [place = ''] = Object.keys(await normalizedObjects()).filter((name) => name.includes('cloud_audit_logs'));
  const duckdb = await connectDuckDb({ memoryMb: 100, spillFolder: lake });
  const draft = join(lake, 'draft.parquet');
  await duckdb.run(`COPY (SELECT * REPLACE ('older' AS outcome) FROM '${lake}${place}') TO '${draft}' (FORMAT parquet)`);
  duckdb.closeSync();
  const rebuilding = await openFolderForRebuild(lake);
  await rebuilding.replace?.(place.slice(1), draft);
  await rebuilding.close();
  const reader = await openLakeReader(lake);
  expect(await (await reader.query('SELECT outcome FROM cloud_audit_logs')).getRows()).toEqual([['older']]);
  await reader.close();
});

describe('the verdict on normalized datasets', () => {
  const verdict = async () => {
    const reader = await openLakeReader(lake);
    try {
      return await judgeNormalized(reader, datasets);
    } finally {
      await reader.close();
    }
  };

  test('finds raw and normalized in agreement after a rebuild', async () => {
    await run();
    expect(await verdict()).toEqual([
      { dataset: 'saas_audit_logs', raw: 3, normalized: 3, missing: 0, repeated: 0 },
      { dataset: 'authentication_story', raw: 1, normalized: 1, missing: 0, repeated: 0 },
      { dataset: 'cloud_audit_logs', raw: 1, normalized: 1, missing: 0, repeated: 0 },
    ]);
  });

  test('finds what lacks its normalized row', async () => {
    await run({ to: '2026-11-20' });
    expect(await verdict()).toMatchObject([
      { dataset: 'saas_audit_logs', raw: 3, normalized: 2, missing: 1 },
      { dataset: 'authentication_story', missing: 0 },
      { dataset: 'cloud_audit_logs', raw: 1, normalized: 0, missing: 1 },
    ]);
  });

  test('finds rows whose raw row has gone', async () => {
    await run();
    await forget('msft_azure_ad_audit_raw');
    expect((await verdict()).at(-1)).toEqual({ dataset: 'cloud_audit_logs', raw: 0, normalized: 1, missing: 0, repeated: 1 });
  });
});
