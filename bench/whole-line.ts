/** Benchmark (b): the whole line over loopback HTTP. The collector and the simulator are processes of their own. */

import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { compileCacheFolder } from '../cli/compile-cache.ts';

export interface WholeLineResult {
  readonly records: number;
  readonly megabytes: number;
  readonly seconds: number;
  readonly recordsPerSecond: number;
  readonly megabytesPerSecond: number;
  readonly cpuSecondsPerMillion: number;
  readonly requests: number;
  readonly objects: number;
  readonly peakRssMb: number;
}

/** What the collecting process says at its end. */
export interface CollectorReport {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly landedRows: number;
  readonly objects: number;
  readonly peakRssMb: number;
}

interface SimulatorReport {
  readonly requests: number;
}

/** @param blobs Content blobs that the records are spread over. */
export async function benchWholeLine(records: number, recordBytes: number, blobs: number): Promise<WholeLineResult> {
  const lake = await mkdtemp(join(tmpdir(), 'bench-line-'));
  const simulator = child('simulator.ts', [String(records), String(recordBytes), String(blobs)]);
  try {
    const { baseUrl, startAt } = await message<{ baseUrl: string; startAt: number }>(simulator);
    const collector = child('collector.ts', [baseUrl, String(startAt), join(lake, 'lake')]);
    const report = await message<CollectorReport>(collector);
    simulator.send('report');
    const { requests } = await message<SimulatorReport>(simulator);
    if (report.landedRows !== records) throw new Error(`${String(report.landedRows)} of ${String(records)} records landed`);
    return summary(report, requests, records, recordBytes);
  } finally {
    simulator.kill();
    await rm(lake, { recursive: true, force: true });
  }
}

function summary(report: CollectorReport, requests: number, records: number, recordBytes: number): WholeLineResult {
  const megabytes = (records * recordBytes) / 1e6;
  return {
    records,
    megabytes,
    seconds: report.seconds,
    recordsPerSecond: records / report.seconds,
    megabytesPerSecond: megabytes / report.seconds,
    cpuSecondsPerMillion: (report.cpuSeconds / records) * 1e6,
    requests,
    objects: report.objects,
    peakRssMb: report.peakRssMb,
  };
}

/** A process of processes/, with a channel for messages. */
export function child(file: string, args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [join(import.meta.dirname, 'processes', file), ...args], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    // As `lake` does it.
    env: { ...process.env, NODE_COMPILE_CACHE: compileCacheFolder(process.env) },
  });
}

/** The next message of a child; a child that ends without one has failed. */
export async function message<T>(process: ChildProcess): Promise<T> {
  const ended = once(process, 'exit').then(([code]: unknown[]) => {
    throw new Error(`a process of the benchmark ended with ${String(code)}`);
  });
  const [sent] = (await Promise.race([once(process, 'message'), ended])) as [T];
  ended.catch(() => undefined);
  return sent;
}

/** Bytes of all Parquet files below a folder. */
export async function parquetBytes(folder: string): Promise<number> {
  const files = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.parquet'));
  const sizes = await Promise.all(files.map(async (name) => (await stat(join(folder, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}
