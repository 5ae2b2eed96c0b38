/** The pipeline of one machine, put together: every port that the stations need, over one lake folder. */

import { landedDatasets, type DatasetChoice } from '../shared/datasets/index.ts';
import type { NormalizedDataset } from '../shared/datasets/normalized-dataset.ts';
import type { ConnectedMicrosoft } from '../shared/microsoft/connect.ts';
import { connectMicrosoft } from '../shared/microsoft/connect.ts';
import type { HostOverride } from '../shared/microsoft/host-override.ts';
import type { Pacing } from '../shared/microsoft/pacing.ts';
import { isLogTypeId, logTypeById } from '../shared/log-types/index.ts';
import type { RuleSet } from '../shared/detections/rule-set.ts';
import { openLanding } from '../shared/landing/landing.ts';
import type { Clock } from '../shared/ports/clock.ts';
import type { Landing } from '../shared/ports/landing.ts';
import type { Log } from '../shared/ports/log.ts';
import type { Tenants } from '../shared/ports/tenants.ts';
import type { Workspace } from '../shared/ports/workspace.ts';
import { openJobs, type LocalJobs } from './jobs.ts';
import type { LakeFolder } from './lake-folder.ts';
import type { LocalDetecting } from './detecting.ts';
import { openEvidence } from './evidence/local-evidence.ts';
import { NotingLake } from './evidence/noting-lake.ts';
import { LocalLake } from './lake.ts';
import { openLedger, type LocalLedger } from './ledger.ts';
import { refuseLostLedger } from './lost-ledger.ts';
import { openWorkspace } from './workspace.ts';

/** Every port of the stations, over one lake folder. */
export interface Adapters {
  readonly microsoft: ConnectedMicrosoft;
  readonly ledger: LocalLedger;
  readonly jobs: LocalJobs;
  readonly lake: LocalLake;
  /** One a worker: an embedded DuckDB runs one statement at a time. */
  readonly landings: readonly Landing[];
  readonly tenants: Tenants;
  readonly workspace: Workspace;
  /** Landed beside raw. */
  readonly normalized: readonly NormalizedDataset[];
  /** Rules, where any are evaluated. */
  readonly detecting?: LocalDetecting;
  /** Where absences land, noted for the manifests, and are notified from; there where rules are evaluated. */
  readonly absences?: { readonly lake: LocalLake; readonly outbox: LocalLedger };
  /** Hash of the rules that new jobs name. */
  readonly rules?: string;
  readonly clock: Clock;
  readonly log: Log;
  close(): void;
}

/** What the adapters of one machine are made of. */
export interface ConnectOptions {
  readonly tenants: Tenants;
  readonly clock: Clock;
  readonly log: Log;
  /** The simulator, instead of Microsoft. */
  readonly hostOverride?: HostOverride;
  /** Other than Microsoft's limits demand: for measuring against a simulator only. */
  readonly pacing?: Pacing;
  readonly workers?: number;
  /** A ledger that is gone is no reason to refuse: the caller looks at it, or makes it again. */
  readonly isReconciling?: boolean;
  /** What is landed beside raw besides what always is. */
  readonly datasets?: DatasetChoice;
  /** Rules that records are asked as they land; none where absent. */
  readonly rules?: RuleSet;
}

/** What each DuckDB may hold in memory before it spills. */
const landingMemoryMb = 300;

/** @param folder Opened exclusively: what a killed run had in flight is taken up again. */
export async function connect(folder: LakeFolder, options: ConnectOptions): Promise<Adapters> {
  const { tenants, clock, log, hostOverride, pacing, workers = 1, datasets = { ocsf: false } } = options;
  const ledger = openLedger(folder.ledgerFile);
  const lake = new LocalLake({ root: folder.path, temp: folder.objectsTemp });
  if (!options.isReconciling) await closedUnless(ledger, refuseLostLedger(folder, ledger, lake));
  const detecting = options.rules && (await (await import('./detecting.ts')).openDetecting(folder, options.rules));
  const rules = await detecting?.rules.current();
  const evidence = detecting && openEvidence(folder);
  const jobs = openJobs(folder.queueFile, { throttleOf, redeliver: true });
  const landings = await Promise.all(
    Array.from({ length: workers }, async () =>
      oneAtATime(await openLanding({ memoryMb: landingMemoryMb, spillFolder: folder.spillTemp, loadsLater: true, garbageMayWait: true })),
    ),
  );
  return {
    microsoft: connectMicrosoft({ tenants, clock, log, ...(hostOverride && { hostOverride }), ...(pacing && { pacing }) }),
    ledger,
    jobs,
    lake,
    landings,
    tenants,
    workspace: await openWorkspace(folder.workTemp),
    normalized: landedDatasets(datasets),
    ...(detecting && { detecting }),
    ...(evidence && {
      absences: {
        lake: new NotingLake({ root: folder.path, temp: folder.objectsTemp }, { evidence, clock, because: 'an absence' }),
        outbox: ledger,
      },
    }),
    ...(rules !== undefined && { rules }),
    clock,
    log,
    close: () => {
      for (const landing of landings) landing.close();
      detecting?.close();
      evidence?.close();
      jobs.close();
      ledger.close();
    },
  };
}

/** Closes the ledger when the work fails. */
async function closedUnless(ledger: LocalLedger, work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    ledger.close();
    throw error;
  }
}

/** Statements that run side by side would share the memory that one of them needs. */
function oneAtATime(landing: ClosableLanding): ClosableLanding {
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = last.then(work);
    last = turn.catch(() => undefined);
    return turn;
  };
  return {
    toParquet: (request) => inTurn(() => landing.toParquet(request)),
    occurring: (datasets, from) => inTurn(() => landing.occurring(datasets, from)),
    derive: (request) => inTurn(() => landing.derive(request)),
    close: () => {
      landing.close();
    },
  };
}

type ClosableLanding = Landing & { close(): void };

/** Window jobs of one throttle come one at a time; content jobs are never asked for theirs. */
export function throttleOf(logType: string): string {
  if (!isLogTypeId(logType)) return 'unthrottled';
  const { source } = logTypeById(logType);
  return source.kind === 'windows' ? source.throttle : 'unthrottled';
}
