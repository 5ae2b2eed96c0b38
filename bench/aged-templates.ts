/** An object of each raw dataset, landed by the worker's landing. */

import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { contentJob } from '../shared/domain/fetch-job.ts';
import { days, type Instant } from '../shared/domain/window.ts';
import { openLanding } from '../shared/landing/landing.ts';
import { logTypeById } from '../shared/log-types/index.ts';
import { simulatedLogTypes } from '../simulator/log-types/index.ts';
import { seededWorld } from '../simulator/seeded-world.ts';
import { simulatedTenant } from '../simulator/tenants.ts';

/** Writes `<dataset>.parquet` with so many of the simulator's records of a day into the folder; nothing else is left in it. */
export async function landTemplates(folder: string, day: Instant, rows: number): Promise<void> {
  const landing = await openLanding({ memoryMb: 300, spillFolder: join(folder, 'spill') });
  const tenant = simulatedTenant({ name: 'contoso' });
  const world = seededWorld({ seed: 'bench', startAt: day, tenants: [tenant], recordsPerDay: 10_000 });
  const window = { start: day, end: day + days(1) };
  const file = join(folder, 'records.json');
  for (const { id } of simulatedLogTypes) {
    const logType = logTypeById(id);
    const into = join(folder, `${logType.dataset}.parquet`);
    if (existsSync(into)) continue;
    const records =
      logType.source.kind === 'content'
        ? world.blobs(tenant.tenantId, id, window).flatMap((blob) => [...blob.records()])
        : world.versions(tenant.tenantId, id, window).map(({ text }) => text);
    if (records.length === 0) continue;
    // Of noon: what is published after midnight may have happened before.
    const first = Math.floor(Math.max(0, records.length - rows) / 2);
    await writeFile(file, `[${records.slice(first, first + rows).join(',')}]`);
    const [cloud = 'enterprise'] = logType.clouds;
    const job = contentJob({ cloud, tenantId: tenant.tenantId, logType: id }, 'contoso', [], day);
    const landed = await landing.toParquet({ logType, job, from: [{ file }], into, landedAt: day, without: [], metadata: {} });
    if (landed.kind === 'unreadable') throw new Error(`the simulator's records of ${id} cannot be read`);
  }
  landing.close();
  await rm(file, { force: true });
  await rm(join(folder, 'spill'), { recursive: true, force: true });
}
