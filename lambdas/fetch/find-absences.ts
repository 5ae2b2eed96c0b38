/** Absence: streams that had records of a kind, and have none any more, as far as the ledger says that nothing is on its way. */

import { join } from 'node:path';
import { findingsDataset } from '../../shared/datasets/findings.ts';
import type { Detection } from '../../shared/detections/detection.ts';
import { silences } from '../../shared/detections/evaluate/absence.ts';
import { findingOf, type Finding } from '../../shared/detections/finding.ts';
import { findingRow, type FindingRow } from '../../shared/detections/finding-row.ts';
import { landingKey } from '../../shared/domain/landing-key.ts';
import { streamKey, type Stream } from '../../shared/domain/stream.ts';
import { days, hours, utcHour, type Instant } from '../../shared/domain/window.ts';
import { logTypeById } from '../../shared/log-types/index.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Detecting } from '../../shared/ports/detecting.ts';
import type { Lake } from '../../shared/ports/lake.ts';
import type { Ledger, Outbox } from '../../shared/ports/ledger.ts';
import type { Workspace } from '../../shared/ports/workspace.ts';
import { knownForMs, noticesOf, quietBecause } from './detect.ts';
import { presenceOf } from './presence.ts';

/** What is looked at: a tenant, and every stream that is collected of it. */
export interface WatchedTenant {
  readonly name: string;
  readonly tenantId: string;
  readonly streams: readonly Stream[];
}

/** What the station works with. */
export interface AbsenceDeps {
  readonly ledger: Pick<Ledger, 'readCursor' | 'dueJobs' | 'gaps' | 'losses'>;
  readonly outbox: Pick<Outbox, 'add'>;
  readonly lake: Pick<Lake, 'putOnce' | 'get'>;
  readonly workspace: Pick<Workspace, 'use'>;
  readonly detecting: Pick<Detecting, 'rules' | 'sightings' | 'files'>;
  readonly clock: Pick<Clock, 'now'>;
}

/** Silences that began longer ago were found by earlier runs, or nobody ran. */
const lookBackMs = days(3);
/** Pending jobs of all streams that are read. With more of them nothing is complete, and nothing is absent. */
const mostPending = 10_000;

/**
 * Finds what is absent, and lands it. Each finding has an object of its own, whose key follows from the finding: however many runs find it, and
 * wherever they die, it lands once and is notified once.
 *
 * @returns How many findings are new.
 */
export async function findAbsences(tenants: readonly WatchedTenant[], deps: AbsenceDeps): Promise<number> {
  const { detections } = await deps.detecting.rules.read(await deps.detecting.rules.current());
  const asked = detections.filter(({ how }) => how.kind === 'absence');
  if (asked.length === 0) return 0;
  const pending = await pendingStreams(deps);
  if (!pending) return 0;
  let found = 0;
  for (const tenant of tenants)
    for (const detection of asked) {
      const streams = streamsOf(detection, tenant);
      const completeTo = await completeUntil(streams, pending, deps);
      if (completeTo !== undefined) found += await landSilences({ detection, tenant, streams, completeTo }, deps);
    }
  return found;
}

/** Streams with content that is claimed and has not landed; undefined where they are too many to say. Later passes of windows are no news. */
async function pendingStreams({ ledger, clock }: AbsenceDeps): Promise<ReadonlySet<string> | undefined> {
  const due = await ledger.dueJobs(clock.now() + days(40), mostPending);
  if (due.length >= mostPending) return undefined;
  const firstPasses = due.filter(({ ref }) => (ref.key.split('#')[1] ?? '0') === '0');
  return new Set(firstPasses.map(({ ref }) => streamKey(ref.stream)));
}

/** None for a tenant for whom the rule is not. */
function streamsOf({ selections, unlessCollected }: Detection, { streams }: WatchedTenant): readonly Stream[] {
  if (streams.some(({ logType }) => unlessCollected.includes(logType))) return [];
  const datasets: ReadonlySet<string> = new Set(selections.map(({ dataset }) => dataset));
  return streams.filter(({ logType }) => datasets.has(logTypeById(logType).dataset));
}

/** To when all of the streams are listed, with nothing of it on its way; undefined where that cannot be said. */
async function completeUntil(
  streams: readonly Stream[],
  pending: ReadonlySet<string>,
  { ledger }: AbsenceDeps,
): Promise<Instant | undefined> {
  const watermarks: Instant[] = [];
  for (const stream of streams) {
    const cursor = await ledger.readCursor(stream);
    const [watermark] = cursor?.watermarks ?? [];
    if (watermark === undefined || cursor?.heldBackBy !== undefined || pending.has(streamKey(stream))) return undefined;
    watermarks.push(watermark);
  }
  return watermarks.length === 0 ? undefined : Math.min(...watermarks);
}

interface Watched {
  readonly detection: Detection;
  readonly tenant: WatchedTenant;
  readonly streams: readonly Stream[];
  readonly completeTo: Instant;
}

async function landSilences(watched: Watched, deps: AbsenceDeps): Promise<number> {
  const { detection, tenant, completeTo } = watched;
  const { how } = detection;
  if (how.kind !== 'absence') return 0;
  const { sightings } = deps.detecting;
  const from = completeTo - how.quietMs - lookBackMs;
  const seen = await presenceOf(sightings, detection, tenant.tenantId, { from, to: completeTo });
  const findings = silences({ hours: seen, completeTo }, how.quietMs).map((begins) =>
    silenceFinding(detection, tenant.tenantId, { begins, quietMs: how.quietMs }),
  );
  const known = await sightings.known(findings.map(({ id }) => id));
  const fresh = findings.filter(({ id }) => !known.has(id));
  for (const finding of fresh) await land(finding, watched, deps);
  return fresh.length;
}

/** Of a rule, a tenant, and the hour in which silence began. */
export function silenceFinding(
  detection: Detection,
  tenantId: string,
  span: { readonly begins: Instant; readonly quietMs: number },
): Finding {
  const { begins, quietMs } = span;
  const ends = begins + quietMs;
  const hits = [begins, ends].map((time) => ({ time, record: '', part: 0 }));
  const datasets = [...new Set(detection.selections.map(({ dataset }) => dataset))];
  const evidence = { silentFrom: new Date(begins).toISOString(), silentTo: new Date(ends).toISOString(), datasets };
  return { ...findingOf(detection, tenantId, { key: [String(begins)], hits, count: quietMs / hours(1), evidence }), records: [] };
}

/** Landed first, then put into the outbox, and known last: a run that dies between them is ended by the next one. */
async function land(finding: Finding, watched: Watched, deps: AbsenceDeps): Promise<void> {
  const { lake, workspace, outbox, clock, detecting } = deps;
  const key = landingKey(findingsDataset, { jobId: finding.id, landingHour: utcHour(finding.lastTime) });
  const own = await rowOf(finding, watched, key, deps);
  const landed = await workspace.use(async (folder) => {
    const into = join(folder, 'absence.parquet');
    await detecting.files.write([own], into, { job: finding.id });
    if ((await lake.putOnce(key, into, { job: finding.id })) === 'put') return [own];
    const file = await lake.get(key, folder);
    return file === undefined ? [own] : detecting.files.read(file);
  });
  await outbox.add(noticesOf(landed, clock.now()));
  await detecting.sightings.noteKnown([finding.id], clock.now() + knownForMs);
}

async function rowOf(finding: Finding, { detection, tenant, streams }: Watched, object: string, deps: AbsenceDeps): Promise<FindingRow> {
  const now = deps.clock.now();
  const quiet = quietBecause(finding, detection, now);
  const overlaps = async (stream: Stream): Promise<boolean> => {
    const [gaps, losses] = [await deps.ledger.gaps(stream), await deps.ledger.losses(stream)];
    return (
      gaps.some(({ from, to }) => from < finding.lastTime && to > finding.firstTime) ||
      losses.some(({ created }) => created >= finding.firstTime && created < finding.lastTime + days(1))
    );
  };
  const isIncomplete = (await Promise.all(streams.map(overlaps))).some(Boolean);
  return findingRow(finding, {
    ...{ tenantName: tenant.name, cloud: streams[0]?.cloud ?? '', foundAt: now, object, isIncomplete },
    ...(quiet !== undefined && { quietBecause: quiet }),
  });
}
