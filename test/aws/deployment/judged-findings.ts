/** What the rules find in everything that has landed, at once, and what the deployment's findings say. */

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GetObjectCommand, paginateListObjectsV2 } from '@aws-sdk/client-s3';
import { ruleLibrary } from '../../../rules/library.ts';
import type { Detection } from '../../../shared/detections/detection.ts';
import { batchFindings, evidenceColumns, selectionsOn, type DatasetRows } from '../../../shared/detections/evaluate/findings.ts';
import type { FindingRow } from '../../../shared/detections/finding-row.ts';
import { indicatorsOf } from '../../../shared/detections/indicators.ts';
import { ruleSetOf } from '../../../shared/detections/rule-set.ts';
import { logTypes, rawDatasets } from '../../../shared/log-types/index.ts';
import { openFindingFiles } from '../../../shared/landing/finding-files.ts';
import { readRows } from '../../../shared/landing/read-rows.ts';
import type { Proving } from './proving.ts';

/** Every log type is collected here: rules that are for whoever lacks one are not asked. */
const asked = (): readonly Detection[] => {
  const collected: readonly string[] = logTypes.map(({ id }) => id);
  return ruleSetOf(ruleLibrary()).detections.filter(({ unlessCollected }) => !unlessCollected.some((id) => collected.includes(id)));
};

/** Ids and titles of what one batch over all objects of a tenant finds. */
export async function batchOver({ copy }: Proving, tenantId: string): Promise<ReadonlyMap<string, string>> {
  const detections = asked();
  const lake: DatasetRows[] = [];
  for (const [key, file] of await copy.landed()) {
    const dataset = rawDatasets.find((name) => key.startsWith(`raw/${name}/`));
    if (dataset === undefined) continue;
    const own = detections.flatMap((detection) => selectionsOn(detection, dataset)).flatMap(({ columns }) => [...columns]);
    const columns = [...new Set(['tenant_id', 'event_time', 'record_key', 'record_id', ...evidenceColumns, ...own])];
    for await (const rows of readRows(file, columns)) lake.push({ dataset, rows: rows.filter((row) => row.tenant_id === tenantId) });
  }
  const found = detections.flatMap((detection) => batchFindings(detection, lake, tenantId, indicatorsOf([])));
  return new Map(found.map(({ id, title }) => [id, title]));
}

/** Rows of findings of a tenant, object by object. */
export async function landedFindings({ clients, outputs }: Proving, tenantId: string, folder: string): Promise<readonly FindingRow[]> {
  const { s3 } = clients;
  const [Bucket, into] = [String(outputs.BucketName), join(folder, 'findings.parquet')];
  const files = openFindingFiles(() => Promise.reject(new Error('nothing is written here')));
  const all: FindingRow[] = [];
  for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket, Prefix: 'raw/findings_raw/' })) {
    for (const { Key } of Contents) {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
      await writeFile(into, (await Body?.transformToByteArray()) ?? new Uint8Array());
      all.push(...(await files.read(into)));
    }
  }
  return all.filter((row) => row.tenant_id === tenantId);
}
