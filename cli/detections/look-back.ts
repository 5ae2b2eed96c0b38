/** Rules over what has landed already: the same code as when it landed, object by object. */

import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { indicatorsFor, noticesOf, quietBecause } from '../../lambdas/fetch/detect.ts';
import { detectObject } from '../../lambdas/fetch/detect-object.ts';
import { findingsDataset } from '../../shared/datasets/findings.ts';
import type { Detection } from '../../shared/detections/detection.ts';
import { selectionsOn } from '../../shared/detections/evaluate/findings.ts';
import type { Finding } from '../../shared/detections/finding.ts';
import { findingRow } from '../../shared/detections/finding-row.ts';
import { landingKey } from '../../shared/domain/landing-key.ts';
import { utcDate, utcHour, type Instant } from '../../shared/domain/window.ts';
import { rawDatasets } from '../../shared/log-types/index.ts';
import type { Detecting } from '../../shared/ports/detecting.ts';
import type { Lake, LakeInventory } from '../../shared/ports/lake.ts';
import type { Outbox } from '../../shared/ports/ledger.ts';
import type { Workspace } from '../../shared/ports/workspace.ts';

/** What is looked at. */
export interface LookBackRequest {
  readonly detections: readonly Detection[];
  /** Objects that landed before its date are left out. */
  readonly since: Instant;
  readonly now: () => Instant;
  /** Only these objects, by their keys. */
  readonly keys?: ReadonlySet<string>;
  /** Lands what is found; absent, nothing is written. */
  readonly landing?: Landing;
  readonly onObject?: (objects: number, findings: number) => void;
}

/** Where what is found goes. */
export interface Landing {
  readonly files: Detecting['files'];
  /** Why nobody is notified. Where it is absent, somebody is notified of what is new, old records and silent rules apart. */
  readonly quietBecause?: string;
  readonly outbox?: Pick<Outbox, 'add'>;
}

/** The ports that it works on. */
export interface LookBackDeps {
  readonly lake: Lake;
  readonly inventory: Pick<LakeInventory, 'objects'>;
  readonly workspace: Workspace;
  readonly detecting: Pick<Detecting, 'sightings' | 'indicators' | 'readRows'>;
  /** Log types that are collected of a tenant: some rules are only for who does not collect them. */
  readonly collected: (tenantId: string) => ReadonlySet<string>;
}

/** What was found. */
export interface LookBack {
  readonly objects: number;
  /** Each once, without what turned out to be superseded. */
  readonly findings: readonly Finding[];
  /** Rules that failed on an object, with the reason of the first time. */
  readonly failures: ReadonlyMap<string, string>;
}

/** Safe to repeat, and while a collector is at work: findings have keys, and what is known is not found again. */
export async function lookBack(request: LookBackRequest, deps: LookBackDeps): Promise<LookBack> {
  const found = new Map<string, Finding>();
  const superseded = new Set<string>();
  const failures = new Map<string, string>();
  let objects = 0;
  for await (const object of objectsOf(request, deps)) {
    const { findings, failed } = await lookAt(object, request, deps);
    objects += 1;
    for (const finding of findings) {
      if (finding.state === 'superseded') superseded.add(finding.id);
      else if (!found.has(finding.id)) found.set(finding.id, finding);
    }
    for (const [title, reason] of failed) if (!failures.has(title)) failures.set(title, reason);
    request.onObject?.(objects, found.size);
  }
  return {
    objects,
    findings: [...found.values()].filter(({ id, lastTime }) => !superseded.has(id) && lastTime >= request.since),
    failures,
  };
}

/** A raw object that has landed. */
export interface RawObject {
  readonly key: string;
  readonly dataset: string;
  readonly jobId: string;
}

async function* objectsOf({ detections, since, keys }: LookBackRequest, { inventory }: LookBackDeps): AsyncGenerator<RawObject> {
  for (const dataset of rawDatasets) {
    if (!detections.some((detection) => selectionsOn(detection, dataset).length > 0)) continue;
    for await (const { key } of inventory.objects(`raw/${dataset}/`)) {
      const [, date = '', jobId] = /\/dt=(\d{4}-\d{2}-\d{2})\/.*?([0-9a-f]{32})\.parquet$/.exec(key) ?? [];
      if (jobId !== undefined && date >= utcDate(since) && (keys?.has(key) ?? true)) yield { key, dataset, jobId };
    }
  }
}

/** Asks the rules of one object, and lands what is new. */
export async function lookAt(
  { key, dataset, jobId }: RawObject,
  request: LookBackRequest,
  { lake, workspace, detecting, collected }: LookBackDeps,
) {
  const nothing = { findings: [] as readonly Finding[], failed: [] as readonly (readonly [string, string])[] };
  const metadata = await lake.head(key);
  const [cloud = '', tenantId] = metadata?.stream?.split('#') ?? [];
  if (metadata === undefined || tenantId === undefined || Number(metadata.rows) === 0) return nothing;
  return workspace.use(async (folder) => {
    const file = await lake.get(key, folder);
    if (file === undefined) return nothing;
    const { now } = request;
    const detections = request.detections.filter(({ unlessCollected }) => !unlessCollected.some((id) => collected(tenantId).has(id)));
    const { findings, failures } = await detectObject(
      { jobId, tenantId, dataset, file },
      { ...detecting, detections, indicators: await indicatorsFor(detections, detecting), now },
    );
    const failed = failures.map(({ detection, reason }) => [detection.title, reason] as const);
    if (request.landing && findings.length > 0) {
      const context = { tenantName: metadata.tenant ?? '', cloud, object: key };
      await land(findings, { ...context, jobId, folder }, request, { lake, detections });
      await detecting.sightings.noteKnown(
        findings.flatMap(({ id, state }) => (state === 'new' ? [id] : [])),
        now() + knownForMs,
      );
    }
    return { findings, failed };
  });
}

const knownForMs = 40 * 86_400_000;

interface Place {
  readonly tenantName: string;
  readonly cloud: string;
  readonly object: string;
  readonly jobId: string;
  readonly folder: string;
}

/** Beside what the object's job landed, under a name of its own; sent from the outbox after it has landed. */
async function land(
  findings: readonly Finding[],
  { folder, jobId, ...place }: Place,
  { landing, now }: LookBackRequest,
  { lake, detections }: Pick<LookBackDeps, 'lake'> & Pick<LookBackRequest, 'detections'>,
): Promise<void> {
  if (!landing) return;
  const rows = findings.map((finding) => {
    const detection = detections.find(({ id }) => id === finding.ruleId);
    const quiet = landing.quietBecause ?? quietBecause(finding, detection, now());
    const context = { ...place, foundAt: now(), isIncomplete: false };
    return findingRow(finding, { ...context, ...(quiet !== undefined && { quietBecause: quiet }) });
  });
  const name = createHash('sha256')
    .update(JSON.stringify(['look back', jobId, ...findings.map(({ id, state }) => `${id} ${state}`)]))
    .digest('hex')
    .slice(0, 32);
  const into = join(folder, 'looked-back.parquet');
  await landing.files.write(rows, into, { job: name });
  await lake.putOnce(landingKey(findingsDataset, { jobId: name, landingHour: utcHour(now()) }), into, { job: name });
  await landing.outbox?.add(noticesOf(rows, now()));
}
