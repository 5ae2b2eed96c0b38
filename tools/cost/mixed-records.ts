/** What rules keep and read of their state where records are of every log type, as the simulator mixes them: far more of what rules count than tenants have. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { detectObject } from '../../lambdas/fetch/detect-object.ts';
import { ruleLibrary } from '../../rules/library.ts';
import { noIndicators } from '../../shared/detections/indicators.ts';
import { ruleSetOf } from '../../shared/detections/rule-set.ts';
import { contentJob } from '../../shared/domain/fetch-job.ts';
import { hours, type Window } from '../../shared/domain/window.ts';
import { openLanding } from '../../shared/landing/landing.ts';
import { logTypeById } from '../../shared/log-types/index.ts';
import { simulatedLogTypes } from '../../simulator/log-types/index.ts';
import { seededWorld } from '../../simulator/seeded-world.ts';
import { simulatedTenant } from '../../simulator/tenants.ts';
import type { Tally } from './counted-clients.ts';
import type { Stage } from './stage.ts';
import { Usage } from './usage.ts';

const [recordsPerDay, fromHour, forHours] = [60_000, 7, 3];

/** Lands some hours, one object an hour and log type, and counts what rules read and write. */
export async function stateOfMixedRecords(stage: Stage): Promise<{ readonly usage: Usage; readonly records: number }> {
  const state: Tally = { usage: new Usage(), calls: 0 };
  const { detecting } = stage.openRules(state);
  const tenant = simulatedTenant({ name: 'contoso' });
  const startAt = stage.now();
  const world = seededWorld({ seed: 'cost', startAt, tenants: [tenant], recordsPerDay });
  const detections = ruleSetOf(ruleLibrary()).detections.filter(({ unlessCollected }) => unlessCollected.length === 0);
  const folder = await mkdtemp(join(tmpdir(), 'm365-audit-lake-mixed-'));
  const landing = await openLanding({ memoryMb: 300, spillFolder: folder });
  let records = 0;
  const land = async (id: string, texts: readonly string[], at: number): Promise<void> => {
    const logType = logTypeById(id);
    const [cloud = 'enterprise'] = logType.clouds;
    const [file, raw] = [join(folder, 'records.json'), join(folder, 'landed.parquet')];
    await writeFile(file, `[${texts.join(',')}]`);
    const job = contentJob({ cloud, tenantId: tenant.tenantId, logType: logType.id }, 'contoso', [], at);
    await landing.toParquet({ logType, job, from: [{ file }], into: raw, landedAt: at, without: [], metadata: { job: job.jobId } });
    const object = { jobId: `${job.jobId}${String(at)}`, tenantId: tenant.tenantId, dataset: logType.dataset, file: raw };
    await detectObject(object, { ...detecting, detections, indicators: noIndicators, now: () => at });
    records += texts.length;
  };
  try {
    for (let hour = fromHour; hour < fromHour + forHours; hour += 1) {
      const window: Window = { start: startAt + hours(hour), end: startAt + hours(hour + 1) };
      for (const { id, kind } of simulatedLogTypes) {
        const texts =
          kind === 'content'
            ? world.blobs(tenant.tenantId, id, window).flatMap((blob) => [...blob.records()])
            : world.versions(tenant.tenantId, id, window).map(({ text }) => text);
        if (texts.length > 0) await land(id, texts, window.end);
      }
    }
  } finally {
    landing.close();
    await rm(folder, { recursive: true, force: true });
  }
  return { usage: state.usage, records };
}
