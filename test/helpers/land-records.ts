import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { contentJob, type ContentJob } from '../../shared/domain/fetch-job.ts';
import { landingKey, markToMetadata } from '../../shared/domain/landing-key.ts';
import type { Instant } from '../../shared/domain/window.ts';
import { logTypeById } from '../../shared/log-types/index.ts';
import { openLanding } from '../../shared/landing/landing.ts';
import { openLakeFolder } from '../../local/lake-folder.ts';
import { LocalLake } from '../../local/lake.ts';
import { contoso } from '../contracts/samples.ts';

export interface LandedRecords {
  readonly logType: string;
  readonly records: readonly unknown[];
  readonly at: Instant;
  readonly tenantId?: string;
  readonly tenantName?: string;
  /** Names the content blob, so that the same records may be served again in another. */
  readonly blob?: string;
}

/**
 * Makes a lake at `path` whose objects hold these records, landed one group after the other by the worker's landing.
 *
 * @returns The job of each object; no ledger knows them.
 */
export async function landRecords(path: string, groups: readonly LandedRecords[]): Promise<ContentJob[]> {
  const folder = await openLakeFolder(path, { exclusive: true });
  const landing = await openLanding({ memoryMb: 200, spillFolder: folder.spillTemp });
  const lake = new LocalLake({ root: folder.path, temp: folder.objectsTemp });
  const jobs: ContentJob[] = [];
  for (const group of groups) jobs.push(await land(group, { landing, lake, work: folder.workTemp }));
  landing.close();
  folder.close();
  return jobs;
}

interface Place {
  readonly landing: Awaited<ReturnType<typeof openLanding>>;
  readonly lake: LocalLake;
  readonly work: string;
}

async function land(
  { at, blob = 'blob', tenantId = contoso, tenantName = 'contoso', ...group }: LandedRecords,
  { landing, lake, work }: Place,
): Promise<ContentJob> {
  const logType = logTypeById(group.logType);
  const [cloud = 'enterprise'] = logType.clouds;
  const member = { contentId: `${blob}-${String(at)}`, contentUri: 'https://manage.office.com/', created: at, expires: at };
  const job = contentJob({ cloud, tenantId, logType: logType.id }, tenantName, [member], at);
  const from = join(work, 'records.json');
  const into = join(work, 'landed.parquet');
  await mkdir(dirname(from), { recursive: true });
  await writeFile(from, JSON.stringify(group.records));
  const { rows: _unknownYet, ...metadata } = markToMetadata(job, { rows: 0, fates: 'l', isSplit: false });
  const isContent = logType.source.kind === 'content';
  const landed = await landing.toParquet({
    logType,
    job,
    from: [{ file: from, ...(isContent ? { contentId: blob } : {}) }],
    into,
    landedAt: at,
    without: [],
    metadata,
  });
  if (landed.kind === 'unreadable') throw new Error('the test gave records that cannot be read');
  await lake.putOnce(landingKey(logType.dataset, job), into);
  await rm(into);
  return job;
}
