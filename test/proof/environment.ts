/** What all streams of a seed share: time, the stores, the processes, and the line where faults happen. */

import { FakeFiles } from '../fakes/fake-files.ts';
import { FakeWorkspace } from '../fakes/fake-workspace.ts';
import { MemoryJobs } from '../fakes/memory-jobs.ts';
import { MemoryLake } from '../fakes/memory-lake.ts';
import { MemoryLedger } from '../fakes/memory-ledger.ts';
import { MemorySightings } from '../fakes/memory-sightings.ts';
import type { Log } from '../../shared/ports/log.ts';
import { Line, type FaultSource } from './faults.ts';
import type { Plan } from './plan.ts';
import { Processes } from './processes.ts';
import { Random } from './random.ts';
import type { Scheduler } from './scheduler.ts';

/** The adapters in memory, and everything else that there is once in a seed. */
export class Environment<Stream> {
  readonly scheduler: Scheduler;
  readonly line: Line;
  readonly files = new FakeFiles();
  readonly ledger = new MemoryLedger();
  readonly lake: MemoryLake;
  readonly queue = new MemoryJobs();
  readonly workspace = new FakeWorkspace(this.files);
  readonly processes: Processes;
  /** What rules remember, in seeds that have rules. */
  readonly sightings = new MemorySightings();
  /** Every finding that lies in the lake. */
  readonly landedFindings = new Set<string>();
  readonly areRulesOn: boolean;
  /** Every stream of the seed. */
  readonly streams: Stream[] = [];
  /** Files that were read for a put: each has a number. */
  filesInFlight = 0;
  /** By an operator. */
  isStopped = false;
  /** Knows what is logged that the simulation has not caused: a bug. */
  readonly log: Log;
  /** Something new is in the queue. */
  onSent: () => void = () => undefined;

  constructor(plan: Plan, scheduler: Scheduler, faults: FaultSource, isTraced: boolean, fail: (failure: string) => void) {
    this.scheduler = scheduler;
    this.areRulesOn = plan.areRulesOn === true;
    this.lake = new MemoryLake(this.files, () => scheduler.now);
    this.line = new Line(scheduler, new Random(plan.seed, 'line'), faults, isTraced);
    this.processes = new Processes(plan, scheduler.clock);
    this.log = watchingLog(fail);
  }
}

/** A handler logs what a station threw, and goes on: what the simulation has not thrown into it is a bug. */
function watchingLog(fail: (failure: string) => void): Log {
  const quiet = (): void => undefined;
  return {
    info: quiet,
    warn: quiet,
    error: (message, { reason, error = reason } = {}) => {
      if (isOfAFailure.test(message) && !isOurs.test(String(error))) fail(`${message}: ${String(error)}`);
    },
  };
}

const isOfAFailure = /failed and is tried again$|^a list failed$/;
/** What landing throws is the simulation's own as well: it is a stand-in. */
const isOurs = /^InjectedError|could not be written as Parquet: /;
