/**
 * Benchmark (a): the worker's step, content blobs to one finished Parquet file, against what no worker can avoid: parsing the same JSON
 * once and packing the same bytes once.
 *
 * CPU time, not wall time; a fresh process a task; interleaved rounds; the least of each.
 */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { auditRecord, randomNumbers, type RecordKind } from './records.ts';

export const landingTasks = ['limit-plain', 'limit-gz', 'land-plain', 'land-gz'] as const;
export type LandingTask = (typeof landingTasks)[number];

export interface LandingResult {
  readonly records: number;
  readonly megabytes: number;
  /** Least CPU seconds of each task. */
  readonly cpuSeconds: Readonly<Record<LandingTask, number>>;
  /** Limit from plain JSON over the step, from plain JSON and from gzip. */
  readonly ratioPlain: number;
  readonly ratioGz: number;
  readonly peakRssMb: number;
}

/** What a task process says. */
export interface TaskReport {
  readonly cpuSeconds: number;
  readonly peakRssMb: number;
}

const mix: readonly { readonly kind: RecordKind; readonly share: number }[] = [
  { kind: 'audit-sharepoint', share: 0.55 },
  { kind: 'audit-exchange', share: 0.3 },
  { kind: 'audit-azure-active-directory', share: 0.15 },
];
const blobs = 300;

export async function benchLanding(records: number, rounds: number): Promise<LandingResult> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-landing-'));
  try {
    const bytes = await writeBlobs(folder, records);
    const reports = new Map<LandingTask, TaskReport[]>(landingTasks.map((task) => [task, []]));
    for (let round = 0; round < rounds; round += 1) {
      for (const task of landingTasks) reports.get(task)?.push(await runTask(task, folder));
    }
    const least = (task: LandingTask): number => Math.min(...(reports.get(task) ?? []).map(({ cpuSeconds }) => cpuSeconds));
    const cpuSeconds = Object.fromEntries(landingTasks.map((task) => [task, least(task)])) as Record<LandingTask, number>;
    const peaks = [...(reports.get('land-plain') ?? []), ...(reports.get('land-gz') ?? [])].map(({ peakRssMb }) => peakRssMb);
    return {
      records,
      megabytes: bytes / 1e6,
      cpuSeconds,
      ratioPlain: cpuSeconds['limit-plain'] / cpuSeconds['land-plain'],
      ratioGz: cpuSeconds['limit-plain'] / cpuSeconds['land-gz'],
      peakRssMb: Math.max(...peaks),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** `<log type>/<n>.json` and beside it `.json.gz`; as many blobs of each log type as its share. */
async function writeBlobs(folder: string, records: number): Promise<number> {
  const random = randomNumbers(1);
  let bytes = 0;
  for (const { kind, share } of mix) {
    await mkdir(join(folder, kind), { recursive: true });
    for (let blob = 0; blob < Math.round(blobs * share); blob += 1) {
      const begun = Date.UTC(2026, 10, 22, 6) + blob * 60_000;
      const array = Array.from({ length: Math.round(records / blobs) }, () =>
        auditRecord(kind, begun + Math.floor(random() * 3_600_000), random),
      );
      const text = Buffer.from(JSON.stringify(array));
      bytes += text.length;
      await writeFile(join(folder, kind, `${String(blob)}.json`), text);
      await writeFile(join(folder, kind, `${String(blob)}.json.gz`), gzipSync(text));
    }
  }
  return bytes;
}

async function runTask(task: LandingTask, folder: string): Promise<TaskReport> {
  const file = join(import.meta.dirname, 'processes', 'landing-task.ts');
  const child = spawn(process.execPath, [file, task, folder], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const ended = once(child, 'exit');
  const [report] = (await Promise.race([
    once(child, 'message'),
    ended.then(([code]: unknown[]) => {
      throw new Error(`task ${task} ended with ${String(code)}`);
    }),
  ])) as [TaskReport];
  await ended;
  return report;
}
