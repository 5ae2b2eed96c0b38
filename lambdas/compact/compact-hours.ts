/** The station where an engine compacts: it merges one dataset's landed hours, statement by statement, and keeps the view's text up to date. */

import {
  afterTurn,
  isMaintenanceTime,
  isViewDue,
  nextStep,
  type CompactionState,
  type Ended,
  type LandedObjects,
  type MergeLimits,
  type Next,
  type PendingHours,
  type Situation,
  type StateChange,
  type Work,
} from '../../shared/domain/hour-compaction.ts';
import type { Cutoffs } from '../../shared/domain/keeping.ts';
import { seconds } from '../../shared/domain/window.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { HourCompaction } from '../../shared/ports/hour-compaction.ts';
import type { Log } from '../../shared/ports/log.ts';

/** What the station needs. */
export interface CompactHoursDeps {
  readonly compaction: HourCompaction;
  readonly clock: Clock;
  readonly log: Log;
  readonly limits: MergeLimits;
  /** Columns that the compacted table has to have. */
  readonly columns: readonly string[];
  /** What compacted rows are kept, asked for when there is time to delete others; for ever where absent. */
  readonly keeping?: (() => Promise<Cutoffs | 'unknown'>) | undefined;
  /** Asked before each step. What is under way then goes on, and the next run follows it. */
  readonly isOver: () => boolean;
}

/** After so many failures in a row a run leaves the dataset to the next one. */
export const failuresOfRun = 3;
const pollMs = seconds(5);

/**
 * Does what is due for a dataset, in as many steps as there are. Every step is one conditional write of the state: of two runs at the same
 * time one is overtaken, and a run that dies anywhere is gone on with by the next.
 *
 * @returns How many statements failed in this run.
 */
export async function compactHours(dataset: string, pending: PendingHours, deps: CompactHoursDeps): Promise<number> {
  let failures = 0;
  // A listing is paid for: one that led to no statement serves for the next step too.
  let landed: readonly LandedObjects[] | undefined;
  while (!deps.isOver() && failures < failuresOfRun) {
    const state = await deps.compaction.load(dataset);
    if (isViewDue(state)) await publish(dataset, deps);
    else if (state.turn) {
      const ended = await followTurn(dataset, state, deps);
      if (ended === 'overtaken') continue;
      if (ended === 'running') return failures;
      if (ended.kind === 'failed') failures += 1;
      await endTurn(dataset, state, ended, deps);
      landed = undefined;
    } else {
      landed ??= await deps.compaction.landedHours(dataset, state.watermark);
      if ((await takeStep(dataset, state, { pending, landed }, deps)) === 'nothing') return failures;
    }
  }
  return failures;
}

async function takeStep(
  dataset: string,
  state: CompactionState,
  found: Pick<Situation, 'pending' | 'landed'>,
  deps: CompactHoursDeps,
): Promise<'nothing' | 'taken'> {
  const keeping = isMaintenanceTime(state, found.pending.asOf) ? await deps.keeping?.() : undefined;
  const step = nextStep(state, { ...found, columns: deps.columns, limits: deps.limits, keeping });
  if (step.kind === 'nothing') return 'nothing';
  const { version: _version, ...body } = state;
  await deps.compaction.save(dataset, state.version, step.kind === 'turn' ? claimed(state, body, step.work) : step.to);
  return 'taken';
}

/** Claimed before it is started: whoever finds it goes on with it, under the same token. */
const claimed = (state: CompactionState, to: StateChange, work: Work): StateChange => ({ ...to, turn: { ...work, claim: state.version } });

/** Waits for the turn's statement, which it starts unless that was done. */
async function followTurn(dataset: string, state: CompactionState, deps: CompactHoursDeps): Promise<Ended | 'running' | 'overtaken'> {
  const { turn } = state;
  if (!turn) return 'overtaken';
  if (turn.queryId === undefined) {
    const started = await deps.compaction.start(dataset, turn);
    if (started.kind === 'refused') return { kind: 'failed', because: started.because };
    const { version: _version, ...body } = state;
    await deps.compaction.save(dataset, state.version, { ...body, turn: { ...turn, queryId: started.queryId } });
    return 'overtaken';
  }
  for (;;) {
    const ended = await deps.compaction.outcome(turn.queryId, turn);
    if (ended !== 'running') return ended;
    if (deps.isOver()) return 'running';
    await deps.clock.sleep(pollMs);
  }
}

async function endTurn(dataset: string, state: CompactionState, ended: Ended, deps: CompactHoursDeps): Promise<void> {
  const { to, work }: Next = afterTurn(state, ended, { columns: deps.columns, now: deps.clock.now(), limits: deps.limits });
  if (ended.kind === 'failed') {
    const about = { dataset, statement: state.turn?.kind, because: ended.because, inARow: to.failures };
    deps.log.warn('a statement of compaction failed; it is tried again', about);
  }
  await deps.compaction.save(dataset, state.version, work ? claimed(state, to, work) : to);
}

/**
 * Writes the view's text as the state says it: after the state, so that it is never ahead of it. The view's version is read before the state: a text that was written meanwhile, from a newer
 * state, is not replaced by an older one.
 */
async function publish(dataset: string, { compaction }: CompactHoursDeps): Promise<void> {
  const view = await compaction.view(dataset);
  const state = await compaction.load(dataset);
  const { watermark, open } = state;
  if (watermark === undefined) return;
  const isWritten = view.isFor({ watermark, open }) || (await compaction.writeView(dataset, { watermark, open }, view.version));
  if (!isWritten) return;
  const { version, ...body } = state;
  await compaction.save(dataset, version, { ...body, published: { watermark, open } });
}
