/** Rules over what an import lands. */

import { systemClock } from '../../local/clock.ts';
import type { LakeFolder } from '../../local/lake-folder.ts';
import { jobOfKey } from '../../shared/domain/landing-key.ts';
import { lookBackIn } from '../detections/look-back-place.ts';
import { lookAt } from '../detections/look-back.ts';

/** Evaluates rules, object by object, and counts what they found. */
export interface ImportedDetecting {
  /** Asks every rule of an object that an import has landed, now or before it was killed; leaves any other object alone. */
  detect(key: string, dataset: string): Promise<void>;
  readonly findings: () => number;
  /** Rules that failed, and why. */
  readonly failures: ReadonlyMap<string, string>;
  close(): Promise<void>;
}

/**
 * The rules of a lake folder, for an import. Findings of events that are older than 48 hours are quiet; of others, a collector that runs
 * later sends.
 *
 * @param folder Opened exclusively by the caller, who closes it.
 */
export async function openImportedDetecting(folder: LakeFolder): Promise<ImportedDetecting> {
  const place = await lookBackIn(folder, { isDryRun: false, because: 'lake import' });
  const { files, outbox, set, deps } = place;
  const request = { detections: set.detections, since: 0, now: () => systemClock.now(), landing: { files, outbox } };
  const failures = new Map<string, string>();
  let findings = 0;
  return {
    detect: async (key, dataset) => {
      const job = jobOfKey(key);
      if (!job || (await deps.lake.head(key))?.import !== 'yes') return;
      const found = await lookAt({ key, dataset, jobId: job.jobId }, request, deps);
      findings += found.findings.filter(({ state }) => state === 'new').length;
      for (const [title, reason] of found.failed) failures.set(title, reason);
    },
    findings: () => findings,
    failures,
    close: () => place.close(),
  };
}
