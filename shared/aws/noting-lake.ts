/** A deployment's lake whose new objects are noted for the manifests: for commands that put objects beside the ledger's jobs. */

import { notesOf } from '../domain/evidence/manifest.ts';
import type { Clock } from '../ports/clock.ts';
import type { EvidenceNotes } from '../ports/evidence.ts';
import type { Lake } from '../ports/lake.ts';

/** Who puts, and where it is noted. */
export interface Noting {
  readonly evidence: EvidenceNotes;
  readonly clock: Pick<Clock, 'now'>;
  /** Stands in the manifest. @example 'lake detect' */
  readonly because: string;
}

/** An object is noted after it was put: one whose note is missing is named by `lake verify --aws`, and adopted by it. */
export function notingLake(lake: Lake, { evidence, clock, because }: Noting): Lake {
  return {
    head: (key) => lake.head(key),
    get: (key, folder) => lake.get(key, folder),
    digest: (key) => lake.digest(key),
    putOnce: async (key, file, metadata) => {
      const outcome = await lake.putOnce(key, file, metadata);
      const digest = outcome === 'put' ? await lake.digest(key) : undefined;
      if (digest) await evidence.add(notesOf(clock.now(), key, [{ kind: 'landed', key, ...digest, because }]));
      return outcome;
    },
  };
}
