/** Benchmark (c): one content blob of 150 MB lands; how much memory that takes. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { auditRecord, randomNumbers } from './records.ts';

export interface BigBlobResult {
  readonly megabytes: number;
  readonly records: number;
  readonly cpuSeconds: number;
  readonly peakRssMb: number;
}

export async function benchBigBlob(bytes: number): Promise<BigBlobResult> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-big-'));
  try {
    const blob = join(folder, 'blob.json');
    const records = await writeBlob(blob, bytes);
    const child = spawn(process.execPath, [join(import.meta.dirname, 'processes', 'big-blob-task.ts'), blob], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    const ended = once(child, 'exit').then(([code]: unknown[]) => {
      throw new Error(`the landing of the big blob ended with ${String(code)}`);
    });
    ended.catch(() => undefined);
    const [report] = (await Promise.race([once(child, 'message'), ended])) as [{ rows: number; cpuSeconds: number; peakRssMb: number }];
    if (report.rows !== records) throw new Error(`${String(report.rows)} of ${String(records)} records landed`);
    return { megabytes: bytes / 1e6, records, cpuSeconds: report.cpuSeconds, peakRssMb: report.peakRssMb };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function writeBlob(file: string, bytes: number): Promise<number> {
  const random = randomNumbers(2);
  const out = createWriteStream(file);
  let [written, records] = [0, 0];
  out.write('[');
  while (written < bytes) {
    const text = `${records === 0 ? '' : ','}${JSON.stringify(auditRecord('audit-exchange', Date.UTC(2026, 10, 22) + Math.floor(random() * 86_400_000), random))}`;
    written += Buffer.byteLength(text);
    records += 1;
    if (!out.write(text)) await once(out, 'drain');
  }
  out.end(']');
  await finished(out);
  return records;
}
