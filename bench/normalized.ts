/**
 * Benchmark (d): raw object to its normalized datasets, against landing that raw object. CPU time as in (a): a fresh process a task,
 * interleaved rounds, the least of each. Every dataset is derived by a select of its own, as the worker does it, from the file that
 * landing wrote.
 */

import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { auditRecord, randomNumbers } from './records.ts';
import { runProcess } from './run-process.ts';
import { signInRecord } from './sign-in-records.ts';

export const normalizedTasks = ['land', 'normalize'] as const;
export type NormalizedTask = (typeof normalizedTasks)[number];

/** Which datasets are derived: those that every deployment lands, or OCSF's too. */
export type DatasetRange = 'usual' | 'with-ocsf';

export interface NormalizedResult {
  readonly datasets: DatasetRange;
  readonly logType: string;
  readonly records: number;
  /** Of JSON. */
  readonly megabytes: number;
  /** Least CPU seconds of each task. */
  readonly landSeconds: number;
  readonly normalizeSeconds: number;
  /** Normalizing over landing. */
  readonly ratio: number;
  readonly rawBytes: number;
  readonly normalizedBytes: number;
}

/** What a task process says. */
export interface NormalizedReport {
  readonly cpuSeconds: number;
  readonly bytes: number;
}

const kinds = {
  'audit-sharepoint': (at: number, random: () => number) => auditRecord('audit-sharepoint', at, random),
  'audit-exchange': (at: number, random: () => number) => auditRecord('audit-exchange', at, random),
  'sign-ins-interactive': signInRecord,
} as const;

/** @param records Of each log type. */
export async function benchNormalized(records: number, rounds: number, datasets: DatasetRange = 'usual'): Promise<NormalizedResult[]> {
  const results: NormalizedResult[] = [];
  for (const [logType, makeRecord] of Object.entries(kinds)) {
    const folder = await mkdtemp(join(tmpdir(), 'bench-normalized-'));
    try {
      const bytes = await writeBlobs(folder, records, makeRecord);
      const reports: Record<NormalizedTask, NormalizedReport[]> = { land: [], normalize: [] };
      for (let round = 0; round < rounds; round += 1)
        for (const task of normalizedTasks)
          reports[task].push(await runProcess<NormalizedReport>('normalized-task.ts', [task, folder, logType, datasets]));
      const least = (task: NormalizedTask): number => Math.min(...reports[task].map(({ cpuSeconds }) => cpuSeconds));
      results.push({
        datasets,
        logType,
        records,
        megabytes: bytes / 1e6,
        landSeconds: least('land'),
        normalizeSeconds: least('normalize'),
        ratio: least('normalize') / least('land'),
        rawBytes: reports.land[0]?.bytes ?? 0,
        normalizedBytes: reports.normalize[0]?.bytes ?? 0,
      });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
  return results;
}

/** `<n>.json`, each as large as what a job lands. @returns Bytes of all of them. */
async function writeBlobs(folder: string, records: number, make: (at: number, random: () => number) => object): Promise<number> {
  const random = randomNumbers(1);
  const size = Math.min(records, recordsOfJob);
  let bytes = 0;
  await mkdir(folder, { recursive: true });
  for (let blob = 0; blob * size < records; blob += 1) {
    const begun = Date.UTC(2026, 10, 22, 6) + blob * 60_000;
    const array = Array.from({ length: size }, () => make(begun + Math.floor(random() * 3_600_000), random));
    const text = Buffer.from(JSON.stringify(array));
    bytes += text.length;
    await writeFile(join(folder, `${String(blob)}.json`), text);
  }
  return bytes;
}

const recordsOfJob = 10_000;
