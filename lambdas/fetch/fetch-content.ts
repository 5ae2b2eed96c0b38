/** Fetching of content blobs: every member gets its fate, and the ones that came land in one object. */

import { decideFates, letterOf, type MemberAnswer } from '../../shared/domain/fates.ts';
import type { ContentJob } from '../../shared/domain/fetch-job.ts';
import { nextMean } from '../../shared/domain/grouping.ts';
import type { Tenant } from '../../shared/domain/tenant.ts';
import type { Attempt, Fetched } from './fetching.ts';
import { fetchMembers, type MemberFetch } from './fetch-members.ts';
import { land } from './land.ts';
import { park } from './park.ts';
import { quarantine } from './quarantine.ts';

/** All members land, expire or are quarantined together, or the job parks and is tried again. */
export async function fetchContent(attempt: Attempt<ContentJob>, tenant: Tenant): Promise<Fetched> {
  let members = await fetchMembers(attempt, tenant);
  for (;;) {
    const letters = members.map(({ answer }, index) => letterOf(answer, malformedBefore(attempt, index)));
    const decision = decideFates(letters, attempt.state.parks);
    if (decision.kind === 'park') return parkMembers(attempt, members);

    const { fates } = decision;
    await quarantine(attempt, fates, members);
    const from = members.filter((_, index) => fates[index] === 'l').map(({ file, contentId }) => ({ file, contentId }));
    const landed = await land(attempt, { from, without: [], fates });
    if (landed.kind !== 'unreadable') {
      await noteBlobBytes(attempt, members);
      return landed;
    }
    // Found out only now: what cannot be read counts as a malformed answer, and the fates are decided again.
    members = members.map((member) => (landed.files.includes(member.file) ? { ...member, answer: 'malformed' } : member));
  }
}

function malformedBefore({ state }: Attempt<ContentJob>, index: number): number {
  return state.malformed[index] ?? 0;
}

function parkMembers(attempt: Attempt<ContentJob>, members: readonly MemberFetch[]): Promise<Fetched> {
  const malformed = members.map(({ answer }, index) => malformedBefore(attempt, index) + (answer === 'malformed' ? 1 : 0));
  const open = members.filter(({ answer }) => answer === 'malformed' || answer === 'not-yet');
  return park(attempt, {
    because: open.find(({ cause }) => cause)?.cause?.code ?? 'a member is malformed',
    retryAfterMs: Math.max(0, ...members.map(({ retryAfterMs }) => retryAfterMs)),
    malformed,
  });
}

/** Groups are sized by what blobs of the stream weigh; a write only where the mean has moved by a quarter. */
async function noteBlobBytes({ job, deps }: Attempt<ContentJob>, members: readonly MemberFetch[]): Promise<void> {
  const fetched = members.filter(({ answer }: { answer: MemberAnswer }) => answer === 'fetched');
  if (fetched.length === 0) return;
  const observed = fetched.reduce((sum, { bytes }) => sum + bytes, 0) / fetched.length;
  const mean = (await deps.ledger.readCursor(job.stream))?.meanBlobBytes;
  const next = nextMean(mean, observed);
  if (mean === undefined || Math.abs(next - mean) > mean / 4) await deps.ledger.noteBlobBytes(job.stream, next);
}
