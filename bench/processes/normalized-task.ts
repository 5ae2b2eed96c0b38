/** One task of the normalized benchmark, in a process of its own. Arguments: task, folder of JSON files, log type, which datasets. */

import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { landedDatasets } from '../../shared/datasets/index.ts';
import { contentJob } from '../../shared/domain/fetch-job.ts';
import { landingKey } from '../../shared/domain/landing-key.ts';
import { logTypeById } from '../../shared/log-types/index.ts';
import { openLanding } from '../../shared/landing/landing.ts';
import type { DatasetRange, NormalizedReport, NormalizedTask } from '../normalized.ts';

const [task = '', folder = '', logTypeId = '', range = ''] = process.argv.slice(2);
const logType = logTypeById(logTypeId);
const job = contentJob({ cloud: 'enterprise', tenantId: '11111111-1111-4111-8111-111111111111', logType: logType.id }, 'contoso', [], 0);
const metadata = { job: job.jobId };
const landing = await openLanding({ memoryMb: 400, spillFolder: join(folder, 'spill') });

const tasks: Record<NormalizedTask, (file: string) => Promise<number>> = { land, normalize };
const files = (await readdir(folder)).filter((name) => name.endsWith('.json')).map((name) => join(folder, name));
const before = process.cpuUsage();
let bytes = 0;
for (const file of files) bytes += await tasks[task as NormalizedTask](file);
const { user, system } = process.cpuUsage(before);
landing.close();
process.send?.({ cpuSeconds: (user + system) / 1e6, bytes } satisfies NormalizedReport);
process.disconnect();

async function land(file: string): Promise<number> {
  const into = `${file}.parquet`;
  await landing.toParquet({ logType, job, from: [{ file, contentId: 'blob' }], into, landedAt: 0, without: [], metadata });
  return (await stat(into)).size;
}

async function normalize(file: string): Promise<number> {
  const raw = `${file}.parquet`;
  const object = landingKey(logType.dataset, job);
  let derived = 0;
  const all = landedDatasets({ ocsf: (range as DatasetRange) === 'with-ocsf' }).filter(({ logTypes }) => logTypes.includes(logType.id));
  for (const dataset of await landing.occurring(all, { logType, raw, object })) {
    derived += (await landing.derive({ dataset, logType, raw, object, into: `${file}.${dataset.name}`, metadata })).bytes;
  }
  return derived;
}
