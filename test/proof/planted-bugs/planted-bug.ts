import type { Mode } from '../plan.ts';

/** A replacement of text in one file of the project; the text must be there exactly once. */
export interface Edit {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

/** One small change of real code, which something has to find. */
export interface CodeBug {
  readonly name: string;
  readonly edits: readonly Edit[];
}

/** A change of the pipeline's code, and what it breaks. */
export interface PlantedBug extends CodeBug {
  /** The mode that can show it. */
  readonly mode: Mode;
  /**
   * - `safety`: something is lost, twice or untrue in the end; the outcome alone has to show it, with nothing mending it
   * - `rule`: an invariant, while the outcome is mended or masked by something else
   * - `liveness`: something never ends, or is late
   * - `nothing`: a cost, or a rule kept as a second guard; it may survive
   */
  readonly breaks: 'safety' | 'rule' | 'liveness' | 'nothing';
  /** Shows only where Microsoft lists late, which without healing it does not. */
  readonly needsHealing?: true;
  /** Why it is expected to survive, with the invariants on or by the outcome alone. */
  readonly survives?: string;
}

/** A replacement in one file. */
export const edit = (file: string, from: string, to: string): Edit => ({ file, from, to });

/** A bug of one replacement. */
export const bug = (name: string, file: string, from: string, to: string): CodeBug => ({ name, edits: [edit(file, from, to)] });

/** Frequent paths. */
export const files = {
  claimBlobs: 'lambdas/list/claim-blobs.ts',
  list: 'lambdas/list/list.ts',
  listing: 'lambdas/list/listing.ts',
  listContent: 'lambdas/list/list-content.ts',
  listWindows: 'lambdas/list/list-windows.ts',
  fetch: 'lambdas/fetch/fetch.ts',
  fetchHandler: 'lambdas/fetch/handler.ts',
  listHandler: 'lambdas/list/handler.ts',
  collector: 'local/collector.ts',
  follow: 'cli/run/follow.ts',
  fetchContent: 'lambdas/fetch/fetch-content.ts',
  fetchMembers: 'lambdas/fetch/fetch-members.ts',
  fetchWindow: 'lambdas/fetch/fetch-window.ts',
  finish: 'lambdas/fetch/finish.ts',
  isolate: 'lambdas/fetch/isolate.ts',
  land: 'lambdas/fetch/land.ts',
  normalize: 'lambdas/fetch/normalize.ts',
  park: 'lambdas/fetch/park.ts',
  sweep: 'lambdas/sweep/sweep.ts',
  fates: 'shared/domain/fates.ts',
  passes: 'shared/domain/passes.ts',
  retention: 'shared/domain/retention.ts',
  retry: 'shared/domain/retry.ts',
  window: 'shared/domain/window.ts',
  deepList: 'shared/domain/deep-list.ts',
  fetchJob: 'shared/domain/fetch-job.ts',
  finishedAt: 'shared/domain/finished-at.ts',
  signIns: 'shared/log-types/sign-ins.ts',
  ledger: 'test/fakes/memory-ledger.ts',
  lake: 'test/fakes/memory-lake.ts',
  ledgerPort: 'test/proof/ledger-port.ts',
  content: 'test/proof/content-world.ts',
  windows: 'test/proof/window-world.ts',
  landing: 'test/proof/stand-in-landing.ts',
  environment: 'test/proof/environment.ts',
  schedule: 'test/proof/schedule.ts',
  restore: 'test/proof/restore.ts',
  drawPlan: 'test/proof/draw-plan.ts',
  rebuild: 'shared/domain/rebuild.ts',
  pacing: 'shared/microsoft/pacing.ts',
} as const;

/** Overlap and deep lists off: what they would mend stays as it is. */
export const ablation: readonly Edit[] = [
  edit(files.listContent, 'const overlapMs = hours(1);', 'const overlapMs = hours(0);'),
  edit(files.listContent, 'if (!deep) return undefined;', 'if (!deep || deep.name) return undefined;'),
  // Without deep lists nobody knows what was listed late; nothing is.
  edit('shared/domain/retention.ts', 'const isLateLost = deepDoneAt - listedLateMs < oldest;', 'const isLateLost = deepDoneAt < 0;'),
];
