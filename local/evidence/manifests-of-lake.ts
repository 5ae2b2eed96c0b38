/** Manifests of a lake folder: made while the lake is collected into, and when somebody asks. */

import { makeManifests } from '../../lambdas/manifest/make-manifests.ts';
import { chainedDatasets } from '../../shared/datasets/chained-datasets.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { LakeFolder } from '../lake-folder.ts';
import { openEvidence } from './local-evidence.ts';

/** When, and whether to go on. */
export interface ManifestOptions {
  readonly clock: Clock;
  readonly isOver?: () => boolean;
}

/** @param folder Opened exclusively. @returns How many manifests were made. */
export async function makeLakeManifests(folder: LakeFolder, { clock, isOver = () => false }: ManifestOptions): Promise<number> {
  const evidence = openEvidence(folder);
  try {
    const asOf = clock.now();
    const pending = await evidence.pendingHours();
    let made = 0;
    for (const { dataset } of chainedDatasets) {
      const hours = pending.get(dataset) ?? new Set<string>();
      made += await makeManifests(dataset, { asOf, hours }, { evidence, clock, isOver });
    }
    return made;
  } finally {
    evidence.close();
  }
}
