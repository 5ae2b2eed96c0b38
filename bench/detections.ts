/**
 * What rules cost beside landing: `npm run bench:detections`. A simulated day is landed, object by object, and every rule is asked of each object,
 * with 100,000 indicators. CPU time of both, in one run, and their ratio.
 */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { landNormalized } from '../lambdas/fetch/normalize.ts';
import { detectObject } from '../lambdas/fetch/detect-object.ts';
import { ruleLibrary } from '../rules/library.ts';
import { openSightings } from '../local/sightings.ts';
import { landedDatasets } from '../shared/datasets/index.ts';
import { isDerivedFrom } from '../shared/datasets/normalized-dataset.ts';
import { IndexBuilder } from '../shared/detections/indicator-lists/index-builder.ts';
import { openIndex } from '../shared/detections/indicator-lists/open-index.ts';
import { ruleSetOf } from '../shared/detections/rule-set.ts';
import { contentJob } from '../shared/domain/fetch-job.ts';
import { hours } from '../shared/domain/window.ts';
import { openLanding } from '../shared/landing/landing.ts';
import { readRows } from '../shared/landing/read-rows.ts';
import { logTypeById } from '../shared/log-types/index.ts';
import { simulatedLogTypes } from '../simulator/log-types/index.ts';
import { seededWorld } from '../simulator/seeded-world.ts';
import { simulatedTenant } from '../simulator/tenants.ts';

const [startAt, recordsPerDay, spanHours, indicatorCount] = [Date.UTC(2026, 10, 20), 60_000, 6, 100_000];
const tenant = simulatedTenant({ name: 'contoso' });
const world = seededWorld({ seed: 'bench', startAt, tenants: [tenant], recordsPerDay });
const { detections } = ruleSetOf(ruleLibrary());
const asked = detections.filter(({ unlessCollected }) => unlessCollected.length === 0);
const folder = await mkdtemp(join(tmpdir(), 'bench-detections-'));
const landing = await openLanding({ memoryMb: 300, spillFolder: folder });
const sightings = openSightings(join(folder, 'sightings.sqlite'));
const indicators = indicatorIndex();
const noLake = {
  digest: () => Promise.resolve({ sha256: '0'.repeat(64), bytes: 1 }),
  putOnce: () => Promise.resolve('put' as const),
  head: () => Promise.resolve(undefined),
  get: () => Promise.resolve(undefined),
};

interface Cost {
  rows: number;
  objects: number;
  landing: number;
  rules: number;
  findings: number;
}
const costs = new Map<string, Cost>();

try {
  for (const { id, kind } of simulatedLogTypes) {
    const cost: Cost = { rows: 0, objects: 0, landing: 0, rules: 0, findings: 0 };
    costs.set(id, cost);
    for (let hour = 0; hour < spanHours; hour += 1) {
      const window = { start: startAt + hours(6 + hour), end: startAt + hours(7 + hour) };
      const records =
        kind === 'content'
          ? world.blobs(tenant.tenantId, id, window).flatMap((blob) => [...blob.records()])
          : world.versions(tenant.tenantId, id, window).map(({ text }) => text);
      if (records.length > 0) await landAndAsk(id, records, window.end, cost);
    }
  }
  print();
} finally {
  sightings.close();
  landing.close();
  await rm(folder, { recursive: true, force: true });
}

async function landAndAsk(logTypeId: string, records: readonly string[], at: number, cost: Cost): Promise<void> {
  const logType = logTypeById(logTypeId);
  const [cloud = 'enterprise'] = logType.clouds;
  const [file, raw] = [join(folder, 'records.json'), join(folder, 'landed.parquet')];
  await writeFile(file, `[${records.join(',')}]`);
  const job = contentJob({ cloud, tenantId: tenant.tenantId, logType: logType.id }, 'contoso', [], at);
  const before = process.cpuUsage();
  await landing.toParquet({ logType, job, from: [{ file }], into: raw, landedAt: at, without: [], metadata: { job: job.jobId } });
  const derived = landedDatasets({ ocsf: false }).filter((dataset) => isDerivedFrom(dataset, logType.id));
  for (const dataset of derived.length > 0 ? await landing.occurring(derived, { logType, raw, object: 'raw' }) : [])
    await landNormalized({ job, logType, raw, folder }, dataset, { lake: noLake, landing });
  const between = process.cpuUsage();
  const object = { jobId: `${job.jobId}${String(at)}`, tenantId: tenant.tenantId, dataset: logType.dataset, file: raw };
  const { findings } = await detectObject(object, { detections: asked, indicators, sightings, readRows, now: () => at });
  const after = process.cpuUsage();
  cost.rows += records.length;
  cost.objects += 1;
  cost.landing += secondsBetween(before, between);
  cost.rules += secondsBetween(between, after);
  cost.findings += findings.length;
}

function secondsBetween(one: NodeJS.CpuUsage, other: NodeJS.CpuUsage): number {
  return (other.user + other.system - one.user - one.system) / 1e6;
}

function indicatorIndex() {
  const builder = new IndexBuilder();
  const parts = [builder.begin()];
  for (let number = 0; number < indicatorCount; number += 1) {
    const bits = Math.imul(number, 2654435761) >>> 0;
    const value = [bits >>> 24, (bits >>> 16) & 255, (bits >>> 8) & 255, bits & 255].join('.');
    const entry =
      number % 2 === 0 ? { type: 'ip' as const, value } : { type: 'domain' as const, value: `host${String(number)}.fabrikam.example` };
    parts.push(builder.add({ ...entry, source: 'bench' }) ?? Buffer.alloc(0));
  }
  const file = Buffer.concat([...parts, ...builder.end()]);
  return openIndex({ length: file.length, read: (position, length) => file.subarray(position, position + length) });
}

function print(): void {
  const rows = [...costs].map(([id, cost]) => row(id, cost));
  const all = [...costs.values()].reduce((sum, cost) => ({
    rows: sum.rows + cost.rows,
    objects: sum.objects + cost.objects,
    landing: sum.landing + cost.landing,
    rules: sum.rules + cost.rules,
    findings: sum.findings + cost.findings,
  }));
  process.stdout.write(`| log type | records | objects | landing, CPU s | rules, CPU s | ratio | findings |
| --- | --- | --- | --- | --- | --- | --- |
${[...rows, row('all', all)].join('\n')}

${String(asked.length)} rules, ${String(indicatorCount)} indicators
`);
}

function row(name: string, { rows, objects, landing: landed, rules, findings }: Cost): string {
  const ratio = landed === 0 ? '-' : `${(100 * (rules / landed)).toFixed(0)} %`;
  return `| ${name} | ${String(rows)} | ${String(objects)} | ${landed.toFixed(2)} | ${rules.toFixed(2)} | ${ratio} | ${String(findings)} |`;
}
