/** Collects everything that can be had now, and ends. */

import { minutes, seconds, type Instant } from '../../shared/domain/window.ts';
import type { JobRecord } from '../../shared/domain/fetch-job.ts';
import type { Refusal } from '../../shared/ports/microsoft.ts';
import { listAll, type Collector, type CollectorAdapters, type Source } from '../../local/collector.ts';

/** What a run that was drained leaves. */
export interface Drained {
  /** Sources that Microsoft did not let us list to the end. */
  readonly stopped: readonly { readonly source: Source; readonly by: Refusal }[];
  /** Jobs that are left for later, the first due first: later passes, or trouble that lasts. */
  readonly waiting: readonly JobRecord[];
}

/** Trouble that passes sooner than this is waited out. */
const patienceMs = minutes(15);
const concurrentLists = 6;
const stepMs = 100;

/** Lists every source, then works until no job is queued or due soon. */
export async function drain(adapters: CollectorAdapters, collector: Collector, isStopped: () => boolean): Promise<Drained> {
  await collector.resume();
  let isOver = false;
  const working = collector.work(() => isOver || isStopped());
  try {
    const listed = await listAll(collector, concurrentLists, isStopped);
    const stopped = listed.flatMap(({ source, listed: end }) => (end.kind === 'stopped' ? [{ source, by: end.by }] : []));
    const waiting = await untilNothingIsDue(adapters, collector, isStopped);
    if (!isStopped()) await collector.absences(collector.sources);
    return { stopped, waiting };
  } finally {
    isOver = true;
    await working;
  }
}

async function untilNothingIsDue(
  { jobs, ledger, clock }: CollectorAdapters,
  collector: Collector,
  isStopped: () => boolean,
): Promise<JobRecord[]> {
  for (;;) {
    if (isStopped()) return [...(await ledger.pendingJobs())];
    if ((await jobs.size(clock.now())).queued > 0) {
      await clock.sleep(stepMs);
      continue;
    }
    const pending = [...(await ledger.pendingJobs())].sort((a, b) => dueAtOf(a) - dueAtOf(b));
    const next = pending.find((job) => isTrouble(job));
    if (!next || dueAtOf(next) - clock.now() > patienceMs) return pending;
    await clock.sleep(Math.max(stepMs, Math.min(seconds(1), dueAtOf(next) - clock.now())));
    await collector.sweep();
  }
}

/** A job that waits for an earlier pass to settle has not been parked for trouble. */
function isTrouble({ state }: JobRecord): boolean {
  return state.parks > 0;
}

/** When a job is due; 0 for one that is final. */
export function dueAtOf({ state }: JobRecord): Instant {
  return state.dueAt ?? 0;
}
