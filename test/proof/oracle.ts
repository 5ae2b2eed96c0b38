/** The verdict at the end of a seed: nothing lost, nothing twice, and everything says the truth. Looks at outcomes alone. */

import type { ContentJob, FetchJob } from '../../shared/domain/fetch-job.ts';
import { landingKey, quarantineKey } from '../../shared/domain/landing-key.ts';
import { days, iso, minutes, type Instant } from '../../shared/domain/window.ts';
import { logTypeById } from '../../shared/log-types/index.ts';
import type { Gap, Loss } from '../../shared/ports.ts';
import type { Blob, ContentWorld } from './content-world.ts';
import type { Ground } from './ground.ts';
import { normalizedOf, storyDataset, type LandedRow, type ParquetFile } from './stand-in-landing.ts';
import type { WindowWorld } from './window-world.ts';

/** Everything that is wrong, in words; nothing when all is well. @param deaths How often each job's worker died. */
export async function judge(ground: Ground, deaths: ReadonlyMap<string, number>): Promise<string[]> {
  const faults: string[] = [];
  ground.archive();
  if (ground.ledger.pendingCount > 0) faults.push(`${String(ground.ledger.pendingCount)} jobs are pending`);
  const landed = readLanded(ground, faults);
  const gaps = await ground.ledger.gaps(ground.stream);
  const { content, windows } = ground.world;
  if (content) {
    const losses = await ground.ledger.losses(ground.stream);
    if (ground.plan.isCalm) faults.push(...judgeCalm(ground, content, landed));
    faults.push(...judgeContent(ground, content, { members: membersOf(ground), landed, gaps, losses, deaths }));
  }
  if (windows) faults.push(...judgeWindows(ground, windows, landed, gaps));
  return faults;
}

function membersOf(ground: Ground): Set<string> {
  return new Set(
    [...ground.jobs.values()].flatMap(({ job }) => (job.kind === 'content' ? job.members.map(({ contentId }) => contentId) : [])),
  );
}

interface Landed {
  readonly job: FetchJob;
  readonly key: string;
  readonly raw: ParquetFile;
  readonly fates: string;
}

/** Every raw object with its job; says where raw, normalized and ledger disagree. */
function readLanded(ground: Ground, faults: string[]): Landed[] {
  const { dataset } = logTypeById(ground.stream.logType);
  const landed: Landed[] = [];
  const stories = new Set([...ground.lake.all().keys()].filter((key) => key.startsWith(`raw/${storyDataset.name}/`)));
  for (const [key, { content, metadata }] of ground.lake.all()) {
    if (!key.startsWith(`raw/${dataset}/`)) continue;
    const record = ground.jobs.get(metadata['job'] ?? '');
    if (!record) {
      faults.push(`object ${key} belongs to no job`);
      continue;
    }
    const raw = content as ParquetFile;
    if (landingKey(dataset, record.job) !== key) faults.push(`object ${key} does not lie at its job's key`);
    if (record.job.kind === 'content' && record.state.fates !== metadata['fates'])
      faults.push(`ledger and object disagree about the fates of ${key}`);
    if (String(raw.rows.length) !== metadata['rows'])
      faults.push(`object ${key} says it has ${String(metadata['rows'])} rows and has ${String(raw.rows.length)}`);
    landed.push({ job: record.job, key, raw, fates: metadata['fates'] ?? '' });
    judgeNormalized(ground, record.job, raw, stories, faults);
  }
  for (const key of stories) faults.push(`normalized object ${key} has no raw object`);
  return landed;
}

function judgeNormalized(ground: Ground, job: FetchJob, raw: ParquetFile, stories: Set<string>, faults: string[]): void {
  if (!storyDataset.logTypes.includes(job.stream.logType)) return;
  const key = landingKey(storyDataset.name, job);
  const story = ground.parquetAt(key);
  stories.delete(key);
  if (!story) {
    if (raw.rows.length > 0) faults.push(`normalized object ${key} is missing`);
    return;
  }
  if (JSON.stringify(story.rows) !== JSON.stringify(normalizedOf(storyDataset, raw)))
    faults.push(`normalized object ${key} is not what its raw object says`);
}

/** Late at the most, from when Microsoft lists a blob to when its object is there: two lists, and a worker's time. */
const freshMs = minutes(45);
/** Listed later than this, it is left to the deep lists. */
const overlapMs = minutes(50);

/** While nothing fails and Microsoft refuses nothing, all comes in time, is fetched once and is sent once. */
function judgeCalm(ground: Ground, world: ContentWorld, landed: readonly Landed[]): string[] {
  const isBad = world.blobs.some(({ nature }) => nature !== 'good');
  if (ground.world.refusals() > 0 || isBad || ground.plan.mode === 'long') return [];
  const faults: string[] = [];
  const { fetches, sends } = ground.counts;
  const members = landed.reduce((sum, { job }) => sum + (job.kind === 'content' ? job.members.length : 0), 0);
  if (fetches > members) faults.push(`${String(fetches)} fetches for ${String(members)} blobs in the calm`);
  if (sends > landed.length) faults.push(`${String(sends)} messages for ${String(landed.length)} jobs in the calm`);
  for (const { job, key } of landed) {
    for (const { contentId } of job.kind === 'content' ? job.members : []) {
      const { created, listedAt } = world.blob(contentId);
      const lateMs = (ground.putAt.get(key) ?? Infinity) - Math.max(listedAt, ground.plan.start);
      if (listedAt - created < overlapMs && lateMs > freshMs)
        faults.push(`${contentId} landed ${String(Math.round(lateMs / 60_000))} minutes after it was listed`);
    }
  }
  return faults;
}

interface ContentOutcome {
  /** Every blob that some job has or had. */
  readonly members: ReadonlySet<string>;
  readonly landed: readonly Landed[];
  readonly gaps: readonly Gap[];
  readonly losses: readonly Loss[];
  readonly deaths: ReadonlyMap<string, number>;
}

function judgeContent(ground: Ground, world: ContentWorld, outcome: ContentOutcome): string[] {
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
      judgeBlob(ground, world, blob, { ...outcome, landings: landings.get(blob.contentId) ?? [], loss: losses.get(blob.contentId) }),
    ),
  ];
}

interface BlobOutcome extends ContentOutcome {
  readonly landings: readonly (readonly LandedRow[])[];
  readonly loss: Loss | undefined;
}

function judgeBlob(ground: Ground, world: ContentWorld, blob: Blob, outcome: BlobOutcome): string[] {
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
  if (loss) return judgeLoss(ground, blob, loss, outcome);
  if (world.isBeforeAnythingWasExpected(blob) || blob.created < (ground.begunAt ?? Infinity)) return [];
  // One listing names an hour for it that the next one does not: perhaps no listing had it in the hour it asked for.
  if (blob.drifts && !outcome.members.has(blob.contentId)) return [];
  const isInGap = gaps.some(({ from, to }) => blob.created >= from && blob.created < to);
  return isInGap && (!world.isPublished(blob) || blob.expires <= ground.scheduler.now + days(7))
    ? []
    : [`${who} created ${iso(blob.created)} is lost`];
}

function judgeLoss(ground: Ground, blob: Blob, loss: Loss, { deaths }: ContentOutcome): string[] {
  const who = `${blob.nature} blob ${blob.contentId}`;
  const isLong = ground.plan.mode === 'long';
  if (loss.reason === 'expired') {
    if (blob.expires > ground.scheduler.now) return [`${who} is expired before its time`];
    return isLong || blob.nature.startsWith('missing') || blob.nature.startsWith('deadly')
      ? []
      : [`${who} expired though Microsoft served it`];
  }
  const job = ground.jobs.get(loss.jobId)?.job as ContentJob | undefined;
  const index = job?.members.findIndex((member) => member.contentId === blob.contentId) ?? -1;
  if (!job || index < 0) return [`${who} is quarantined by a job that does not know it`];
  const bytes = ground.lake.objectAt(quarantineKey(logTypeById(job.stream.logType).dataset, job, index));
  if (!bytes) return [`${who} is quarantined without its bytes`];
  const isBad = blob.nature !== 'good' && !blob.nature.startsWith('missing');
  return isBad || (deaths.get(job.jobId) ?? 0) >= 4 ? [] : [`${who} is quarantined and can be read`];
}

function judgeWindows(ground: Ground, world: WindowWorld, landed: readonly Landed[], gaps: readonly Gap[]): string[] {
  const faults: string[] = [];
  const counts = new Map<string, number>();
  for (const { raw } of landed) for (const { key } of raw.rows) counts.set(key, (counts.get(key) ?? 0) + 1);
  for (const [key, count] of counts) if (count > 1) faults.push(`${key} landed ${String(count)} times`);

  const isGap = (time: Instant): boolean => gaps.some(({ from, to }) => time >= from && time < to);
  const lost = new Set<string>();
  for (const read of ground.decisive)
    for (const { key } of read.whole)
      if (!counts.has(key)) lost.add(`${key} was there when ${iso(read.window.start)} was read and has not landed`);
  for (const { window, at } of ground.empties) {
    for (const { key, time, from, until } of world.versions) {
      if (time >= window.start && time < window.end && from <= at && at < until && !counts.has(key))
        lost.add(`${key} was there when ${iso(window.start)} was found empty`);
    }
  }
  for (const { key, time, from, until } of world.versions) {
    const isOwed = until === Infinity && from <= time + days(1) && time >= (ground.begunAt ?? Infinity) && !isGap(time);
    if (isOwed && !counts.has(key)) lost.add(`${key} of ${iso(time)} is lost`);
  }
  return [...faults, ...lost];
}
