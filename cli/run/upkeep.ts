/** What a run that goes on for ever does with the lake every hour. */

import { compactLake } from '../../local/compaction/compact-lake.ts';
import { expireLake } from '../../local/compaction/expire-lake.ts';
import { makeLakeManifests } from '../../local/evidence/manifests-of-lake.ts';
import { lakeCutoffs, tenantsKeeping } from '../../local/keeping.ts';
import type { LakeFolder } from '../../local/lake-folder.ts';
import { utcDate } from '../../shared/domain/window.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Log } from '../../shared/ports/log.ts';

/** What upkeep works on. */
export interface UpkeepDeps {
  /** Opened exclusively. */
  readonly folder: LakeFolder;
  readonly clock: Clock;
  readonly log: Log;
  /** Tenants may have settings of their own. */
  readonly tenantsFile: string;
  readonly isStopped: () => boolean;
}

/**
 * Makes manifests of the hours that are over, and compacts what has landed; and, the first time on each day (UTC), deletes what is kept no longer.
 *
 * @returns Upkeep, to be called every hour. It throws when settings cannot be read: nothing is deleted then, and the next call tries again.
 */
export function hourlyUpkeep(deps: UpkeepDeps): () => Promise<void> {
  let expiredOn = '';
  return async () => {
    const { folder, clock, isStopped, log, tenantsFile } = deps;
    await makeLakeManifests(folder, { clock, isOver: isStopped });
    await compactLake(folder, { clock, isOver: isStopped });
    const today = utcDate(clock.now());
    if (expiredOn === today) return;
    const cutoffs = await lakeCutoffs(folder.path, await tenantsKeeping(tenantsFile), clock.now());
    for (const { dataset, objects, rows } of await expireLake(folder, { clock, ...cutoffs, isOver: isStopped }))
      log.info('expired', { dataset, objects, rows });
    expiredOn = today;
  };
}
