/** Fetching of content blobs: every member gets its fate, and the ones that came land in one object. */

import { decideFates, letterOf, type MemberPast } from '../../shared/domain/fates.ts';
import type { ContentJob } from '../../shared/domain/fetch-job.ts';
import { nextMean } from '../../shared/domain/grouping.ts';
import { malformedToQuarantine, rarelyMs } from '../../shared/domain/retry.ts';
import { giveBack } from '../../shared/domain/give-back.ts';
import type { Tenant } from '../../shared/domain/tenant.ts';
import type { Attempt, Fetched } from './fetching.ts';
import { fetchMembers, keepFetched, type MemberFetch } from './fetch-members.ts';
import { land } from './land.ts';
import { park } from './park.ts';
import { keepMalformed } from './quarantine.ts';

/** All members land, expire or are quarantined together, or the job parks and is tried again. */
export async function fetchContent(attempt: Attempt<ContentJob>, tenant: Tenant): Promise<Fetched> {
  let members = await fetchMembers(attempt, tenant);
  await keepMalformed(attempt, members);
  for (;;) {
    const letters = members.map(({ answer, answeredAt }, index) => letterOf(answer, pastOf(attempt, index), answeredAt));
    const decision = decideFates(letters, attempt.state.parks);
    if (decision.kind === 'park') {
      keepFetched(attempt, members);
      return parkMembers(attempt, members);
    }

    const { fates } = decision;
    const unread = members.filter(({ isRead }, index) => fates[index] === 'q' && !isRead);
    if (unread.length > 0) {
      members = members.map((member) => (unread.includes(member) ? { ...member, answer: 'fetched', isRead: true } : member));
      continue;
    }
    const from = members
      .filter((_, index) => fates[index] === 'l')
      .map(({ file, content, contentId }) => ({ file, ...(content && { content }), contentId }));
    const landed = await land(attempt, { from, without: [], fates }).catch((error: unknown) => {
      keepFetched(attempt, members);
      throw error;
    });
    if (landed.kind !== 'unreadable') {
      for (const { content } of members) if (content) giveBack(content);
      await noteBlobBytes(attempt, members);
      return landed;
    }
    members = await withUnreadable(attempt, members, landed.files);
  }
}

/** Found out only while landing: what cannot be read is a malformed answer after all, and the fates are decided again. */
async function withUnreadable(
  attempt: Attempt<ContentJob>,
  members: readonly MemberFetch[],
  files: readonly string[],
): Promise<MemberFetch[]> {
  const found = members.map((member) => (files.includes(member.file) ? { ...member, answer: 'malformed' as const, isRead: true } : member));
  await keepMalformed(attempt, found);
  return found;
}

function pastOf({ job, state }: Attempt<ContentJob>, index: number): MemberPast {
  return { malformedBefore: state.malformed[index] ?? 0, expires: job.members[index]?.expires ?? 0 };
}

/** Counts malformed answers. Where nothing but such members is left, and has been for long, it is asked for ever more rarely. */
function parkMembers(attempt: Attempt<ContentJob>, members: readonly MemberFetch[]): Promise<Fetched> {
  const malformed = members.map(({ answer }, index) => pastOf(attempt, index).malformedBefore + (answer === 'malformed' ? 1 : 0));
  const open = members.filter(({ answer }) => answer === 'malformed' || answer === 'not-yet');
  const isHopeless = members.every(({ answer }, index) => answer !== 'not-yet' && (malformed[index] ?? 0) >= malformedToQuarantine);
  return park(attempt, {
    because: open.find(({ cause }) => cause)?.cause?.code ?? 'a member is malformed',
    retryAfterMs: Math.max(0, ...members.map(({ retryAfterMs }) => retryAfterMs)),
    malformed,
    ...(isHopeless ? { mostMs: rarelyMs } : {}),
  });
}

/** Groups are sized by what blobs of the stream weigh; a write only where the mean has moved by a quarter. */
async function noteBlobBytes({ job, deps }: Attempt<ContentJob>, members: readonly MemberFetch[]): Promise<void> {
  const fetched = members.filter(({ answer }) => answer === 'fetched');
  if (fetched.length === 0) return;
  const observed = fetched.reduce((sum, { bytes }) => sum + bytes, 0) / fetched.length;
  const mean = (await deps.ledger.readCursor(job.stream))?.meanBlobBytes;
  const next = nextMean(mean, observed);
  if (mean === undefined || Math.abs(next - mean) > mean / 4) await deps.ledger.noteBlobBytes(job.stream, next);
}
