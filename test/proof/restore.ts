/** The ledger is lost and restored to an older point: the runbook, with the operator's own command, which may fail as well and is run again. */

import { minutes } from '../../shared/domain/window.ts';
import type { Harness } from './harness.ts';
import type { Stations } from './stations.ts';

/** What a later attempt waits after one that failed. */
const againMs = minutes(3);

/** Stop, wait, restore, rebuild, start: nothing when the plan has no restore. */
export function keepRestore(harness: Harness, stations: Stations): void {
  const { plan, scheduler, ledger } = harness;
  const { restore } = plan;
  if (!restore) return;
  let putBack = ledger.snapshot();
  if (restore.asOf >= plan.start)
    scheduler.at(restore.asOf, () => {
      putBack = ledger.snapshot();
    });
  scheduler.at(restore.stoppedAt, () => {
    harness.environment.isStopped = true;
  });
  scheduler.at(restore.restoredAt, () => {
    putBack();
    harness.invariants.forgetFinals();
    harness.jobs.clear();
    rebuild(harness, stations);
  });
}

function rebuild(harness: Harness, stations: Stations): void {
  stations.rebuild((isDone) => {
    if (isDone) {
      harness.processes.restart();
      harness.environment.isStopped = false;
      return;
    }
    harness.scheduler.after(againMs, () => {
      rebuild(harness, stations);
    });
  });
}
