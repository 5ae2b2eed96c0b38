/** One task of the landing benchmark, in a process of its own. Arguments: task, folder of blobs. */

import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { constants, gunzipSync, zstdCompressSync } from 'node:zlib';
import { contentJob } from '../../shared/domain/fetch-job.ts';
import { logTypeById } from '../../shared/log-types/index.ts';
import { gunzipAtOnce } from '../../shared/microsoft/gunzip.ts';
import { defaultLimits } from '../../shared/microsoft/limits.ts';
import { openLanding } from '../../shared/landing/landing.ts';
import type { LandingTask, TaskReport } from '../landing.ts';
import { peakRssMb } from './peak-rss.ts';

const [task = '', folder = ''] = process.argv.slice(2);
/** Blobs that land together. */
const groupSize = 10;

const tasks: Record<LandingTask, () => Promise<void>> = {
  'limit-plain': () => limit('.json'),
  'limit-gz': () => limit('.json.gz'),
  'land-plain': () => land('.json'),
  'land-gz': () => land('.json.gz'),
};
const groups = await groupsOf(folder);
const before = process.cpuUsage();
await tasks[task as LandingTask]();
const { user, system } = process.cpuUsage(before);
const report: TaskReport = { cpuSeconds: (user + system) / 1e6, peakRssMb: await peakRssMb() };
process.send?.(report);
process.disconnect();

/** Each blob parsed once, and its bytes packed once. */
async function limit(ending: string): Promise<void> {
  for (const { files } of groups) {
    for (const file of files) {
      const packed = await readFile(`${file}${ending}`);
      const bytes = ending.endsWith('.gz') ? gunzipSync(packed) : packed;
      JSON.parse(bytes.toString('utf8'));
      zstdCompressSync(bytes, { params: { [constants.ZSTD_c_compressionLevel]: 1 } });
    }
  }
}

/** The product's own landing, as on Lambda, with every column and the record key; from gzip, unpacked to a file first as the worker does while it downloads. */
async function land(ending: string): Promise<void> {
  const spillFolder = join(folder, 'spill');
  await mkdir(spillFolder, { recursive: true });
  const landing = await openLanding({ memoryMb: 300, spillFolder, garbageMayWait: true });
  for (const [number, { kind, files }] of groups.entries()) {
    const from = [];
    for (const [index, file] of files.entries())
      from.push({ file: await unpacked(`${file}${ending}`, number, index), contentId: `blob-${String(index)}` });
    const job = contentJob({ cloud: 'enterprise', tenantId: '11111111-1111-4111-8111-111111111111', logType: kind }, 'contoso', [], 0);
    const into = join(folder, `${String(number)}.parquet`);
    await landing.toParquet({ logType: logTypeById(kind), job, from, into, landedAt: 0, without: [], metadata: { job: job.jobId } });
    if (ending.endsWith('.gz')) for (const { file } of from) await rm(file);
  }
  landing.close();
}

async function unpacked(file: string, group: number, index: number): Promise<string> {
  if (!file.endsWith('.gz')) return file;
  const target = join(folder, `unpacked-${String(group)}-${String(index)}.json`);
  const bytes = gunzipAtOnce(await readFile(file), defaultLimits.ratioFreeBytes);
  if (!bytes) throw new Error(`${file} is too large for this benchmark`);
  await writeFile(target, bytes);
  return target;
}

async function groupsOf(from: string): Promise<{ kind: string; files: string[] }[]> {
  const kinds = (await readdir(from, { withFileTypes: true })).filter((entry) => entry.isDirectory() && entry.name.startsWith('audit-'));
  const found = [];
  for (const { name: kind } of kinds) {
    const names = (await readdir(join(from, kind))).filter((name) => name.endsWith('.json')).sort();
    const files = names.map((name) => join(from, kind, name.slice(0, -'.json'.length)));
    for (let start = 0; start < files.length; start += groupSize) found.push({ kind, files: files.slice(start, start + groupSize) });
  }
  return found;
}
