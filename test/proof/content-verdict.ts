/** The verdict over content: every blob is in exactly one raw object, or in one loss row, or in a gap. */

import type { ContentJob } from '../../shared/domain/fetch-job.ts';
import { malformedStem } from '../../shared/domain/landing-key.ts';
import { days, hours, iso, minutes, type Instant } from '../../shared/domain/window.ts';
import { quarantineBeforeExpiryMs } from '../../shared/domain/retry.ts';
import { logTypeById } from '../../shared/log-types/index.ts';
import type { Gap, Loss } from '../../shared/ports/ledger.ts';
import type { Blob, ContentWorld } from './content-world.ts';
import type { Harness } from './harness.ts';
import type { Landed } from './landed.ts';
import { isLate } from './plan.ts';
import type { LandedRow } from './stand-in-landing.ts';

/** Late at the most, from when Microsoft lists a blob to when its object is there: two lists, and a worker's time. */
const freshMs = minutes(45);
/** Listed later than this, it is left to the deep lists. */
const overlapMs = minutes(50);

/** While nothing fails and Microsoft refuses nothing, all comes in time, is fetched once and is sent once. */
export function judgeCalm(harness: Harness, world: ContentWorld, landed: readonly Landed[]): string[] {
  const faults: string[] = [];
  const { fetches, sends, deadLetters } = harness.counts;
  if (deadLetters > 0 && harness.plan.mode !== 'stuck') faults.push(`${String(deadLetters)} dead letters in the calm`);
  const isBad = world.blobs.some(({ nature }) => nature !== 'good');
  if (harness.world.refusals() > 0 || isBad || isLate(harness.plan.mode) || harness.plan.restore || harness.plan.brokenHour) return faults;
  // A stream with a backlog lists what is new by the overlap, which is off then.
  if (harness.plan.begunEarlier !== undefined && harness.plan.healing !== 'on') return faults;
  const members = landed.reduce((sum, { job }) => sum + (job.kind === 'content' ? job.members.length : 0), 0);
  if (fetches > members) faults.push(`${String(fetches)} fetches for ${String(members)} blobs in the calm`);
  if (sends > landed.length) faults.push(`${String(sends)} messages for ${String(landed.length)} jobs in the calm`);
  for (const { job, key } of landed) {
    for (const { contentId } of job.kind === 'content' ? job.members : []) {
      const { created, listedAt, drifts } = world.blob(contentId);
      const lateMs = (harness.putAt.get(key) ?? Infinity) - Math.max(listedAt, harness.plan.start);
      if (!drifts && listedAt - created < overlapMs && lateMs > freshMs)
        faults.push(`${contentId} landed ${String(Math.round(lateMs / 60_000))} minutes after it was listed`);
    }
  }
  return faults;
}

/** What the ledger and the lake hold in the end. */
export interface ContentOutcome {
  /** Every blob that some job has or had. */
  readonly members: ReadonlySet<string>;
  readonly landed: readonly Landed[];
  readonly gaps: readonly Gap[];
  readonly losses: readonly Loss[];
}

/** While one hour is not listed, all that was published in later hours is claimed, and the cursor names the hour. */
export function judgeBroken(harness: Harness, world: ContentWorld, heldBackFrom: Instant | undefined): string[] {
  const { hour } = harness.plan.brokenHour ?? {};
  if (!hour || (harness.begunAt ?? Infinity) > hour.start) return [];
  harness.archive();
  const claimed = new Set(
    [...harness.jobs.values()].flatMap(({ job }) => (job.kind === 'content' ? job.members.map(({ contentId }) => contentId) : [])),
  );
  const held = world.blobs.filter(
    (blob) =>
      blob.created >= hour.end &&
      blob.listedAt < harness.scheduler.now - hours(3) &&
      world.isPublished(blob) &&
      !claimed.has(blob.contentId),
  );
  return [
    ...held.map(({ contentId }) => `${contentId} is held back by the hour ${iso(hour.start)}`),
    ...(heldBackFrom === hour.start ? [] : [`the cursor does not name the hour ${iso(hour.start)}, which is not listed`]),
  ];
}

/** Judges every blob there is. Answers what is wrong, one line each. */
export function judgeContent(harness: Harness, world: ContentWorld, outcome: ContentOutcome): string[] {
  const landings = new Map<string, LandedRow[][]>();
  for (const { job, raw, fates } of outcome.landed) {
    if (job.kind !== 'content') continue;
    for (const [index, { contentId }] of job.members.entries()) {
      if (fates[index] !== 'l') continue;
      landings.set(contentId, [...(landings.get(contentId) ?? []), raw.rows.filter((row) => row.contentId === contentId)]);
    }
    const unknown = raw.rows.filter(
      ({ contentId }) => !job.members.some((member, index) => member.contentId === contentId && fates[index] === 'l'),
    );
    if (unknown.length > 0) landings.set(`stray rows of ${job.jobId}`, [unknown]);
  }
  const losses = new Map(outcome.losses.map((loss) => [loss.contentId, loss]));
  const strays = [...landings.keys()].filter((id) => id.startsWith('stray'));
  return [
    ...strays,
    ...world.blobs.flatMap((blob) =>
      judgeBlob(harness, world, blob, { ...outcome, landings: landings.get(blob.contentId) ?? [], loss: losses.get(blob.contentId) }),
    ),
  ];
}

interface BlobOutcome extends ContentOutcome {
  readonly landings: readonly (readonly LandedRow[])[];
  readonly loss: Loss | undefined;
}

function judgeBlob(harness: Harness, world: ContentWorld, blob: Blob, outcome: BlobOutcome): string[] {
  const { landings, loss, gaps } = outcome;
  const who = `${blob.nature} blob ${blob.contentId}`;
  if (landings.length > 1) return [`${who} landed ${String(landings.length)} times`];
  if (landings.length === 1 && loss) return [`${who} landed and is ${loss.reason}`];
  if (landings.length === 1) {
    const [want, got] = [
      blob.rows
        .map(({ key }) => key)
        .sort()
        .join(' '),
      (landings[0] ?? [])
        .map(({ key }) => key)
        .sort()
        .join(' '),
    ];
    return want === got ? [] : [`${who} landed as '${got}' instead of '${want}'`];
  }
  if (loss) return judgeLoss(harness, blob, loss);
  if (world.isBeforeThePromise(blob) || blob.created < (harness.begunAt ?? Infinity)) return [];
  // A gap is for what nobody has claimed.
  if (outcome.members.has(blob.contentId)) return [`${who} created ${iso(blob.created)} was claimed and is lost`];
  // One listing names an hour for it that the next one does not: perhaps no listing had it in the hour it asked for.
  if (blob.drifts) return [];
  const isInGap = gaps.some(({ from, to }) => blob.created >= from && blob.created < to);
  return isInGap && (!world.isPublished(blob) || blob.expires <= harness.scheduler.now + days(7))
    ? []
    : [`${who} created ${iso(blob.created)} is lost`];
}

function judgeLoss(harness: Harness, blob: Blob, loss: Loss): string[] {
  const who = `${blob.nature} blob ${blob.contentId}`;

  if (loss.reason === 'expired') {
    const { finishedAt = harness.scheduler.now } = harness.jobs.get(loss.jobId)?.state ?? {};
    if (blob.expires > Math.min(harness.scheduler.now, finishedAt + harness.plan.skewMs)) return [`${who} is expired before its time`];
    // Asked for in vain to its last hours: refused there, it is not read once more before it expires.
    const isUnreadable = blob.nature === 'malformed' || blob.nature === 'garbled';
    const isRefusedToTheEnd = isUnreadable && harness.world.refusals() > 0;
    const isExcused =
      isRefusedToTheEnd || blob.nature.startsWith('missing') || blob.nature.startsWith('poison') || blob.nature === 'throwing';
    return isLate(harness.plan.mode) || isExcused ? [] : [`${who} expired though Microsoft served it`];
  }
  const job = harness.jobs.get(loss.jobId)?.job as ContentJob | undefined;
  const index = job?.members.findIndex((member) => member.contentId === blob.contentId) ?? -1;
  if (!job || index < 0) return [`${who} is quarantined by a job that does not know it`];
  const stem = malformedStem(logTypeById(job.stream.logType).dataset, job.landingHour, blob.contentId);
  if (!harness.lake.hasPrefix(stem)) return [`${who} is quarantined without its bytes`];
  const { finishedAt = 0 } = harness.jobs.get(loss.jobId)?.state ?? {};
  if (finishedAt < blob.expires - quarantineBeforeExpiryMs - harness.plan.skewMs)
    return [`${who} is quarantined while it is served for long`];
  const isBad = blob.nature === 'malformed' || blob.nature === 'garbled' || blob.nature.startsWith('poison');
  return isBad ? [] : [`${who} is quarantined and can be read`];
}
