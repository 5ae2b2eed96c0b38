/** Compaction of a deployment, now: its function is asked, and its state in the ledger says how far it is. */

import type { CompactEvent } from '../../lambdas/compact/handler.ts';
import { BadAnswer } from '../../local/exit.ts';
import type { ChangedHours } from '../../shared/domain/changed-hours.ts';
import type { CompactionState, Turn } from '../../shared/domain/hour-compaction.ts';
import type { LandingHour } from '../../shared/domain/landing-hour.ts';
import { seconds } from '../../shared/domain/window.ts';
import type { Clock } from '../../shared/ports/clock.ts';

/** What is asked of a deployment. */
export interface DeployedCompaction {
  /** Consistent; a dataset that was never compacted has version 0. */
  state(dataset: string): Promise<CompactionState>;
  /** Runs the function to its end. `busy`: another run is at work, and this one did not begin. @throws BadAnswer when it needs a person. */
  run(event: CompactEvent): Promise<'ended' | 'busy'>;
  /** Has the rows of landed hours deleted and merged again. @returns False for a dataset that was never merged. */
  mergeAgain(dataset: string, hours: ChangedHours): Promise<boolean>;
}

/** How far a dataset is. */
export interface CompactedOnAws {
  readonly dataset: string;
  /** Every landing hour up to this one is merged; absent where nothing was. */
  readonly mergedUpTo?: LandingHour;
  /** Hours that are merged, and read from their objects as well: jobs of them are pending. */
  readonly openHours: number;
}

/** What to compact, and who follows it. */
export interface CompactRequest {
  readonly datasets: readonly string[];
  readonly clock: Clock;
  readonly onProgress: (text: string) => void;
}

const pollMs = seconds(5);
/** As often a run may end with statements that fail before it is given up. */
const failingRuns = 2;

/**
 * Has everything that is due merged, until a run finds nothing to do.
 *
 * @throws BadAnswer when statements of a dataset fail run after run.
 */
export async function compactDeployment(request: CompactRequest, deployed: DeployedCompaction): Promise<CompactedOnAws[]> {
  const { datasets } = request;
  for (let failing = 0; ;) {
    const before = await statesOf(datasets, deployed);
    const how = await withProgress(request, deployed, deployed.run({ now: true, datasets: [...datasets] }));
    const after = await statesOf(datasets, deployed);
    const isAtRest = how === 'ended' && after.every(([, { version, turn }], index) => !turn && version === before[index]?.[1].version);
    if (isAtRest) return after.map(([dataset, state]) => compactedOf(dataset, state));
    const failed = after.find(([, { failures }]) => failures > 0);
    failing = failed && how === 'ended' ? failing + 1 : 0;
    if (failed && failing >= failingRuns) throw new BadAnswer(failureOf(failed));
    if (how === 'busy') await request.clock.sleep(pollMs);
  }
}

const statesOf = (datasets: readonly string[], deployed: DeployedCompaction): Promise<(readonly [string, CompactionState])[]> =>
  Promise.all(datasets.map(async (dataset) => [dataset, await deployed.state(dataset)] as const));

/** A run takes minutes: what its state says meanwhile is shown. */
async function withProgress<T>({ datasets, clock, onProgress }: CompactRequest, deployed: DeployedCompaction, run: Promise<T>): Promise<T> {
  let isOver = false;
  const ended = run.finally(() => {
    isOver = true;
  });
  const reporting = async (): Promise<void> => {
    while (!isOver) {
      const [at] = (await statesOf(datasets, deployed)).flatMap(([dataset, { turn }]) => (turn ? [`${dataset}: ${wordsOf(turn)}`] : []));
      onProgress(at ?? 'compaction looks for what is due');
      await Promise.race([clock.sleep(pollMs), ended.catch(() => undefined)]);
    }
  };
  const [outcome] = await Promise.all([ended, reporting()]);
  return outcome;
}

function wordsOf(turn: Turn): string {
  switch (turn.kind) {
    case 'merge':
      return `merging ${turn.hours.from} to ${turn.hours.to}`;
    case 'refill':
      return `filling columns of rows that landed from ${turn.hours.from} to ${turn.hours.to}`;
    case 'unmerge':
      return `deleting rows that landed from ${turn.hours.from} to ${turn.hours.to}, which are merged again`;
    case 'days':
      return 'looking which event days are to be written';
    case 'table':
      return 'making the table, or adding columns';
    case 'erase':
      return 'deleting rows that are erased';
    case 'expire':
      return 'deleting rows of events that are kept no longer';
    case 'optimize':
      return 'rewriting small files';
    case 'vacuum':
      return 'removing files that nothing needs';
  }
}

const failureOf = ([dataset, { failures }]: readonly [string, CompactionState]): string =>
  `${String(failures)} statements of ${dataset} failed one after the other: the log of the compact function says why (docs/runbook.md#compaction); its queries are right all the same`;

function compactedOf(dataset: string, { watermark, open }: CompactionState): CompactedOnAws {
  return { dataset, ...(watermark !== undefined && { mergedUpTo: watermark }), openHours: open.length };
}
