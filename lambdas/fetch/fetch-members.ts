/** The requests of a content job: every member to a file, as far as Microsoft lets us. */

import { join } from 'node:path';
import pMap from 'p-map';
import type { MemberAnswer } from '../../shared/domain/fates.ts';
import type { ContentJob, Member } from '../../shared/domain/fetch-job.ts';
import { unnamedRetryAfterMs, waitsInPlace } from '../../shared/domain/retry.ts';
import type { Tenant } from '../../shared/domain/tenant.ts';
import { hours, type Instant } from '../../shared/domain/window.ts';
import type { Cause, Refusal } from '../../shared/ports/microsoft.ts';
import { microsoftNow, type Attempt } from './fetching.ts';

/** What one attempt came to for one member of a content job. */
export interface MemberFetch {
  readonly contentId: string;
  readonly answer: MemberAnswer;
  /** Holds the blob when it was fetched and is not `content`, and whatever came when it was malformed. */
  readonly file: string;
  readonly content?: Buffer;
  readonly bytes: number;
  readonly retryAfterMs: number;
  /** When the answer came, by Microsoft's clock, which it carried, or by ours where that is earlier: what is given up later goes by this. */
  readonly answeredAt: Instant;
  readonly cause?: Cause;
  /** The landing has tried to read it, whatever the answer was called: nothing that reads as a whole JSON array is ever given up. */
  readonly isRead?: boolean;
}

const concurrentRequests = 8;
/** What the blobs of one attempt may take of memory together, about, and one of them; the others go through files. */
const keptTogetherBytes = 33_554_432;
const keptAtMostBytes = 4_194_304;
/**
 * A kept blob is used for so long after Microsoft has stopped to serve it: a landing that fails for hours loses nothing. One that fails
 * over this blob for ever would otherwise never learn that it has expired, and the job would stay open as long as the process lives.
 */
const usedBeyondExpiryMs = hours(12);
/** After this many failures, and nothing served in between, the rest is left for the next attempt: Microsoft is down. */
const failuresToStop = 3;

/** Fetches every member, in the job's order. Once Microsoft refuses or throttles beyond waiting, the rest is not asked for. */
export function fetchMembers(attempt: Attempt<ContentJob>, tenant: Tenant): Promise<MemberFetch[]> {
  const state: MembersState = { failures: 0, isOpen: false, keptBytes: 0 };
  return pMap(
    attempt.job.members,
    (member, index) => fetchMember(attempt, tenant, member, join(attempt.folder, `${String(index)}.json`), state),
    {
      concurrency: concurrentRequests,
    },
  );
}

/** Shared by the requests of one attempt. */
interface MembersState {
  failures: number;
  isOpen: boolean;
  /** Of the blobs that stay in memory. */
  keptBytes: number;
}

async function fetchMember(
  attempt: Attempt<ContentJob>,
  tenant: Tenant,
  member: Member,
  file: string,
  state: MembersState,
): Promise<MemberFetch> {
  const { deps, logType } = attempt;
  const nothing = { contentId: member.contentId, file, bytes: 0, retryAfterMs: 0 };
  const kept = deps.kept.take(attempt.job.stream, member.contentId);
  if (kept && microsoftNow(deps) < member.expires + usedBeyondExpiryMs) {
    state.keptBytes += kept.length;
    return { ...nothing, answer: 'fetched', content: kept, bytes: kept.length, answeredAt: microsoftNow(deps) };
  }
  for (let waits = 0; !state.isOpen; waits += 1) {
    const keptBytes = state.keptBytes < keptTogetherBytes ? keptAtMostBytes : 0;
    const answer = await deps.microsoft.fetchBlob(tenant, logType, member, file, keptBytes);
    // A `Date` that is ahead of the time it is makes nothing expire, nor does a clock here that is.
    const answeredAt = Math.min(deps.clock.now(), microsoftNow(deps));
    if (answer.kind === 'ok') {
      state.failures = 0;
      state.keptBytes += answer.value.content?.length ?? 0;
      return { ...nothing, ...answer.value, answer: 'fetched', answeredAt };
    }
    const retryAfterMs = retryAfterOf(answer);
    if (answer.kind === 'throttled' && waitsInPlace(retryAfterMs, waits, deps.deadline - deps.clock.now())) {
      await deps.clock.sleep(retryAfterMs);
      continue;
    }
    noteFailure(state, answer);
    return { ...nothing, answer: memberAnswer(answer, member, answeredAt), retryAfterMs, answeredAt, cause: answer.cause };
  }
  return { ...nothing, answer: 'not-yet', answeredAt: microsoftNow(deps) };
}

/** For the next attempt, here or of another job that these members come to. What the landing has not been able to read is fetched anew. */
export function keepFetched({ job, deps }: Attempt<ContentJob>, members: readonly MemberFetch[]): void {
  for (const { answer, content, contentId, isRead } of members)
    if (answer === 'fetched' && content && !isRead) deps.kept.keep(job.stream, contentId, content);
}

function noteFailure(state: MembersState, answer: Refusal): void {
  if (answer.kind === 'unavailable') state.failures += 1;
  if (answer.kind === 'throttled' || answer.kind === 'refused' || state.failures >= failuresToStop) state.isOpen = true;
}

function memberAnswer(answer: Refusal, member: Member, now: Instant): MemberAnswer {
  if (answer.kind === 'expired') return 'expired';
  if (answer.kind === 'malformed') return 'malformed';
  // Not there, and past the time Microsoft keeps it: it will not come any more.
  if (answer.kind === 'missing' && now > member.expires) return 'expired';
  return 'not-yet';
}

function retryAfterOf(answer: Refusal): number {
  if (answer.kind === 'throttled') return answer.retryAfterMs ?? unnamedRetryAfterMs;
  return answer.kind === 'unavailable' ? (answer.retryAfterMs ?? 0) : 0;
}
