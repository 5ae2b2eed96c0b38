/** Where rules look at what has landed: a lake folder, or a deployment. */

import { systemClock } from '../../local/clock.ts';
import { openDetecting } from '../../local/detecting.ts';
import { openEvidence } from '../../local/evidence/local-evidence.ts';
import { NotingLake } from '../../local/evidence/noting-lake.ts';
import { asUsage } from '../../local/exit.ts';
import { openLakeFolder, type LakeFolder } from '../../local/lake-folder.ts';
import { openLedger, type LocalLedger } from '../../local/ledger.ts';
import { openSightings } from '../../local/sightings.ts';
import { openWorkspace } from '../../local/workspace.ts';
import type { AwsChoice } from '../aws/deployment.ts';
import type { LakeChoice } from '../commands/options.ts';
import { rulesOfLake } from '../rules/rule-files.ts';
import type { LookBackDeps } from './look-back.ts';
import type { LookBackOptions, LookBackPlace } from './looking-back.ts';

/** @throws UsageError when there is no such lake or deployment, or the lake is in use. */
export async function openLookBackPlace({ lake, aws }: LakeChoice & AwsChoice, options: LookBackOptions): Promise<LookBackPlace> {
  if (!aws) return openFolder(lake, options);
  const { openDeploymentToLookBack } = await import('../aws/look-back-place.ts');
  return openDeploymentToLookBack(options);
}

async function openFolder(path: string, options: LookBackOptions): Promise<LookBackPlace> {
  const folder = await asUsage(() => openLakeFolder(path, { exclusive: true }));
  const place = await lookBackIn(folder, options);
  return {
    ...place,
    close: async () => {
      await place.close();
      folder.close();
    },
  };
}

/** The same in a folder that its caller holds exclusively, and closes. */
export async function lookBackIn(folder: LakeFolder, { isDryRun, because }: LookBackOptions): Promise<LookBackPlace> {
  const set = await rulesOfLake(folder.path);
  const evidence = openEvidence(folder);
  const lake = new NotingLake({ root: folder.path, temp: folder.objectsTemp }, { evidence, clock: systemClock, because });
  const detecting = await openDetecting(folder, set);
  const sightings = isDryRun ? openSightings(':memory:') : detecting.sightings;
  const ledger = openLedger(folder.ledgerFile);
  return {
    set,
    files: detecting.files,
    outbox: ledger,
    deps: {
      ...{ lake, inventory: lake, workspace: await openWorkspace(folder.workTemp) },
      detecting: { ...detecting, sightings },
      collected: await collectedIn(ledger),
    },
    forgetAll: () => sightings.clear(),
    close: () => {
      if (isDryRun) sightings.close();
      for (const open of [detecting, ledger, evidence]) open.close();
      return Promise.resolve();
    },
  };
}

/** By tenant, the log types that the ledger has a stream of. */
async function collectedIn(ledger: LocalLedger): Promise<LookBackDeps['collected']> {
  const byTenant = Map.groupBy(await ledger.streams(), ({ stream }) => stream.tenantId);
  return (tenantId) => new Set((byTenant.get(tenantId) ?? []).map(({ stream }) => stream.logType));
}
