/** The ledger is lost and restored to an older point: the runbook, with the operator's own command, which may fail as well and is run again. */

import { minutes } from '../../shared/domain/window.ts';
import type { Ground } from './ground.ts';
import type { Stations } from './stations.ts';

/** What a later attempt waits after one that failed. */
const againMs = minutes(3);

/** Stop, wait, restore, rebuild, start: nothing when the plan has no restore. */
export function keepRestore(ground: Ground, stations: Stations): void {
  const { plan, scheduler, ledger } = ground;
  const { restore } = plan;
  if (!restore) return;
  let putBack = ledger.snapshot();
  if (restore.asOf >= plan.start)
    scheduler.at(restore.asOf, () => {
      putBack = ledger.snapshot();
    });
  scheduler.at(restore.stoppedAt, () => {
    ground.isStopped = true;
  });
  scheduler.at(restore.restoredAt, () => {
    putBack();
    ground.invariants.forgetFinals();
    ground.jobs.clear();
    rebuild(ground, stations);
  });
}

function rebuild(ground: Ground, stations: Stations): void {
  stations.rebuild((isDone) => {
    if (isDone) {
      stations.restart();
      ground.isStopped = false;
      return;
    }
    ground.scheduler.after(againMs, () => {
      rebuild(ground, stations);
    });
  });
}
