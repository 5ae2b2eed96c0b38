/** A lake whose new objects are noted for the manifests: for whoever puts objects beside the ledger's jobs. */

import { notesOf } from '../../shared/domain/evidence/manifest.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { EvidenceNotes } from '../../shared/ports/evidence.ts';
import { LocalLake, type LakePlace } from '../lake.ts';

/** Who puts, and where it is noted. */
export interface Noting {
  readonly evidence: EvidenceNotes;
  readonly clock: Clock;
  /** Stands in the manifest. @example 'lake import' */
  readonly because: string;
}

/** An object is noted after it was put: one that is put by a run that dies between the two is named by `lake verify`, and adopted by it. */
export class NotingLake extends LocalLake {
  private readonly noting: Noting;

  constructor(place: LakePlace, noting: Noting) {
    super(place);
    this.noting = noting;
  }

  override async putOnce(key: string, file: string): Promise<'put' | 'taken'> {
    const outcome = await super.putOnce(key, file);
    if (outcome === 'put' && key.startsWith('raw/')) await this.note(key);
    return outcome;
  }

  private async note(key: string): Promise<void> {
    const { evidence, clock, because } = this.noting;
    const digest = await this.digest(key);
    if (digest) await evidence.add(notesOf(clock.now(), key, [{ kind: 'landed', key, ...digest, because }]));
  }
}
