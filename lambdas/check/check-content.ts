import { days, gridFloor, hours, minutes, type Instant, type Window } from '../../shared/domain/window.ts';
import type { Answer } from '../../shared/ports/microsoft.ts';
import type { CheckedLogType } from './checked-tenant.ts';
import { hasAnswered, type CheckDeps, type Subject } from './checking.ts';
import { auditingOffCode, problemOf } from './problems.ts';

/** Whether the audit store is there, how the subscription stands, and what it brought last. No subscription is started here. */
export async function checkContent(subject: Subject, deps: CheckDeps): Promise<Partial<CheckedLogType>> {
  const { tenant, logType } = subject;
  const listed = await deps.microsoft.listSubscriptions(tenant, logType);
  if (listed.kind !== 'ok') {
    const isAuditing = listed.cause.code === auditingOffCode ? { isAuditing: false } : {};
    return { isReached: hasAnswered(listed), ...isAuditing, problem: problemOf(listed, subject, deps) };
  }
  const row = listed.value.find(({ contentType }) => logType.source.kind === 'content' && contentType === logType.source.contentType);
  if (row?.isEnabled !== true) return { isAuditing: true, ...notEnabled(row !== undefined) };

  const newest = await newestBlob(subject, deps);
  if (newest.kind !== 'ok') return { isAuditing: true, subscription: 'enabled', problem: problemOf(newest, subject, deps) };
  return { isAuditing: true, subscription: 'enabled', ...(newest.value !== undefined && { newest: newest.value }) };
}

function notEnabled(wasStarted: boolean): Partial<CheckedLogType> {
  if (!wasStarted) return { subscription: 'none' };
  return { subscription: 'disabled', warnings: ['the subscription was disabled; what appears until it is started again is lost'] };
}

/** The last hour first, for a large tenant lists thousands of blobs a day; then day by day, as far as content is kept. */
async function newestBlob({ tenant, logType }: Subject, { microsoft, clock }: CheckDeps): Promise<Answer<Instant | undefined>> {
  for (const window of lookedAt(clock.now())) {
    const listed = await microsoft.listBlobs(tenant, logType, window);
    if (listed.kind !== 'ok') return listed;
    if (listed.value.length > 0) return { kind: 'ok', value: listed.value.reduce((last, { created }) => Math.max(last, created), 0) };
  }
  return { kind: 'ok', value: undefined };
}

function lookedAt(now: Instant): Window[] {
  const end = gridFloor(now, 1_000);
  // Not quite seven days: a window that is older by a second is refused.
  const oldest = end - days(7) + minutes(5);
  const starts = [end, end - hours(1), ...[1, 2, 3, 4, 5, 6].map((count) => end - days(count)), oldest];
  return starts.slice(1).map((start, index) => ({ start, end: starts[index] ?? end }));
}
