/** Wrappers that count: of the ledger, which knows what became of every job, and of the Microsoft client. */

import { cloudById } from '../shared/clouds.ts';
import type { JobRecord, JobRef } from '../shared/domain/fetch-job.ts';
import { isTenantStopped } from '../shared/domain/stopped-tenant.ts';
import { streamKey, type Stream } from '../shared/domain/stream.ts';
import { isStuck, publishedAt, stuckAfter } from '../shared/domain/stuck.ts';
import type { Tenant } from '../shared/domain/tenant.ts';
import { days, type Instant } from '../shared/domain/window.ts';
import { logTypeById } from '../shared/log-types/index.ts';
import type { LogType } from '../shared/log-types/log-type.ts';
import type { Clock } from '../shared/ports/clock.ts';
import type { CursorBody, Finish, Ledger, Park } from '../shared/ports/ledger.ts';
import type { Microsoft } from '../shared/ports/microsoft.ts';
import type { Meter } from './meter.ts';

/** A job that Microsoft stops serving sooner than this is close to being lost. */
const nearExpiryMs = days(1);

/** The ledger of a fetch worker: what lands, parks and is lost is counted once it is written. */
export function meteredLedger(ledger: Ledger, meter: Meter, clock: Clock): Ledger {
  const read = new Map<string, JobRecord>();
  const keyOf = ({ stream, key }: JobRef): string => `${streamKey(stream)} ${key}`;
  return forward(ledger, {
    readJob: async (ref) => {
      const record = await ledger.readJob(ref);
      if (record) read.set(keyOf(ref), record);
      return record;
    },
    finishJob: async (ref, finish) => {
      const isFinished = await ledger.finishJob(ref, finish);
      if (isFinished) countFinish(meter, ref, finish, read.get(keyOf(ref)));
      read.delete(keyOf(ref));
      return isFinished;
    },
    parkJob: async (ref, version, park) => {
      const isParked = await ledger.parkJob(ref, version, park);
      if (isParked) countPark(meter, ref, park, read.get(keyOf(ref)), clock.now());
      read.delete(keyOf(ref));
      return isParked;
    },
  });
}

function countFinish(meter: Meter, ref: JobRef, finish: Finish, record: JobRecord | undefined): void {
  const of = { tenant: ref.tenantName, logType: ref.stream.logType };
  const { rows, bytes = 0, losses, gaps, finishedAt } = finish;
  meter.count(of, 'recordsLanded', rows);
  meter.count(of, 'bytesLanded', bytes);
  for (const reason of ['expired', 'quarantined'] as const) meter.count(of, reason, losses.filter((loss) => loss.reason === reason).length);
  meter.count(of, 'gaps', gaps.length);
  const newest = rows > 0 && record ? newestOf(record) : undefined;
  if (newest !== undefined) meter.count(of, 'landingLag', Math.max(0, (finishedAt - newest) / 1_000));
}

/** When Microsoft published the newest of what a job brings. Later passes bring what is late by design, so they count for nothing. */
function newestOf({ job }: JobRecord): Instant | undefined {
  if (job.kind === 'content') return Math.max(...job.members.map(({ created }) => created));
  return job.pass === 0 ? job.window.end : undefined;
}

function countPark(meter: Meter, ref: JobRef, park: Park, record: JobRecord | undefined, now: Instant): void {
  const of = { tenant: ref.tenantName, logType: ref.stream.logType };
  // A job that waits for an earlier pass counts no park: nothing is wrong with it.
  if (record && park.parks > record.state.parks) meter.count(of, 'parked', 1);
  if (record) meter.count(of, 'nearExpiry', nearExpiryOf(record, now));
  if (record && isStuck(record, park, now)) meter.count(of, 'notLanded', secondsSince(publishedAt(record), now));
  if (isTenantStopped(park.because)) meter.tenantsBroken(1);
}

const secondsSince = (then: Instant, now: Instant): number => Math.round((now - then) / 1_000);

function nearExpiryOf({ job }: JobRecord, now: Instant): number {
  if (job.kind === 'content') return job.members.filter(({ expires }) => expires - now < nearExpiryMs).length;
  return job.window.start + logTypeById(job.stream.logType).retentionMs - now < nearExpiryMs ? 1 : 0;
}

/** The ledger for one run of a list, and how far that run came. */
export interface StreamProgress {
  readonly ledger: Ledger;
  /** The instant that the stream was listed up to; undefined before its first commit. */
  readonly watermark: () => Instant | undefined;
  /** Counts the hour that holds the stream back, where it has done so for hours. To be asked once the run has ended. */
  readonly countHeldBack: (now: Instant) => void;
}

/** The ledger as one tenant's list sees it: gaps are counted, and how far the cursor came is remembered. */
export function watchedLedger(ledger: Ledger, meter: Meter, tenant: Tenant): StreamProgress {
  let watermark: Instant | undefined;
  let heldBackFrom: Instant | undefined;
  let logType = '';
  const note = (stream: Stream, cursor: CursorBody | undefined): void => {
    watermark = cursor?.watermarks[0] ?? watermark;
    heldBackFrom = cursor?.heldBackBy?.from;
    ({ logType } = stream);
  };
  const watched = forward(ledger, {
    readCursor: async (stream) => {
      const cursor = await ledger.readCursor(stream);
      note(stream, cursor);
      return cursor;
    },
    commitCursor: async (stream, version, to, alongside) => {
      const outcome = await ledger.commitCursor(stream, version, to, alongside);
      if (outcome === 'committed') {
        meter.count({ tenant: tenant.name, logType: stream.logType }, 'gaps', alongside.gaps.length);
        note(stream, to);
      }
      return outcome;
    },
  });
  const countHeldBack = (now: Instant): void => {
    if (heldBackFrom !== undefined && now - heldBackFrom > stuckAfter.ms)
      meter.count({ tenant: tenant.name, logType }, 'notLanded', secondsSince(heldBackFrom, now));
  };
  return { ledger: watched, watermark: () => watermark, countHeldBack };
}

/** Every call is counted, and every answer that is throttled or needs a person. */
export function meteredMicrosoft(microsoft: Microsoft, meter: Meter): Microsoft {
  const counted = async <A extends { readonly kind: string }>(tenant: Tenant, logType: LogType, call: Promise<A>): Promise<A> => {
    const choice = logType.source.kind === 'content' ? tenant.managementActivity : tenant.graph;
    if (choice) meter.request(cloudById(choice.cloud).api);
    const answer = await call;
    const { kind } = answer;
    if (kind === 'throttled' || kind === 'refused') meter.count({ tenant: tenant.name, logType: logType.id }, kind, 1);
    return answer;
  };
  return {
    clockLeadMs: () => microsoft.clockLeadMs(),
    // Mostly answered from a token that is there; a request only where it is refused.
    identify: async (tenant, logType) => {
      const answer = await microsoft.identify(tenant, logType);
      return answer.kind === 'ok' ? answer : counted(tenant, logType, Promise.resolve(answer));
    },
    listSubscriptions: (tenant, logType) => counted(tenant, logType, microsoft.listSubscriptions(tenant, logType)),
    startSubscription: (tenant, logType) => counted(tenant, logType, microsoft.startSubscription(tenant, logType)),
    listBlobs: (tenant, logType, window) => counted(tenant, logType, microsoft.listBlobs(tenant, logType, window)),
    fetchBlob: (tenant, logType, ...rest) => counted(tenant, logType, microsoft.fetchBlob(tenant, logType, ...rest)),
    probeWindow: (tenant, logType, window) => counted(tenant, logType, microsoft.probeWindow(tenant, logType, window)),
    fetchWindow: (tenant, logType, ...rest) => counted(tenant, logType, microsoft.fetchWindow(tenant, logType, ...rest)),
  };
}

/** The ledger with some of its methods replaced. */
function forward(ledger: Ledger, instead: Partial<Ledger>): Ledger {
  return {
    readCursor: (stream) => ledger.readCursor(stream),
    commitCursor: (...commit) => ledger.commitCursor(...commit),
    noteBlobBytes: (...note) => ledger.noteBlobBytes(...note),
    tenantId: (tenantName) => ledger.tenantId(tenantName),
    noteTenantId: (...note) => ledger.noteTenantId(...note),
    tokenFailure: (tenantName) => ledger.tokenFailure(tenantName),
    noteTokenFailure: (...note) => ledger.noteTokenFailure(...note),
    claims: (...claims) => ledger.claims(...claims),
    createJob: (...created) => ledger.createJob(...created),
    readJob: (ref) => ledger.readJob(ref),
    startJob: (ref) => ledger.startJob(ref),
    parkJob: (...park) => ledger.parkJob(...park),
    finishJob: (...finish) => ledger.finishJob(...finish),
    splitJob: (...split) => ledger.splitJob(...split),
    overlappingJobs: (...overlapping) => ledger.overlappingJobs(...overlapping),
    dueJobs: (...due) => ledger.dueJobs(...due),
    postponeJob: (...postponed) => ledger.postponeJob(...postponed),
    losses: (stream) => ledger.losses(stream),
    gaps: (stream) => ledger.gaps(stream),
    ...instead,
  };
}
