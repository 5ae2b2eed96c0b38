import { claimKey } from '../../shared/domain/fetch-job.ts';
import type { EarlierList, Lateness } from '../../shared/domain/lateness.ts';
import { streamKey, type Stream } from '../../shared/domain/stream.ts';

/**
 * Claims this process has seen in the ledger. Claims never go away while Microsoft serves their blob, so what is in here
 * needs no read; what is not in here may still be claimed.
 */
export class KnownClaims {
  readonly #keys = new Set<string>();
  readonly #limit: number;
  readonly #listed = new Map<string, EarlierList>();
  readonly #lateness = new Map<string, Lateness>();

  /** @param limit Claims remembered at most, about 30 MB of them; beyond it the oldest are forgotten, and read again where they are listed. */
  constructor(limit = 60_000) {
    this.#limit = limit;
  }

  has(stream: Stream, contentId: string): boolean {
    return this.#keys.has(`${streamKey(stream)}#${claimKey(contentId)}`);
  }

  /** The last list of the stream that this process has brought to its end. */
  lastListed(stream: Stream): EarlierList | undefined {
    return this.#listed.get(streamKey(stream));
  }

  noteListed(stream: Stream, list: EarlierList): void {
    this.#listed.set(streamKey(stream), list);
  }

  /** Counts that may be ahead of the cursor's: they are written with its next commit. */
  latenessOf(stream: Stream): Lateness | undefined {
    return this.#lateness.get(streamKey(stream));
  }

  noteLateness(stream: Stream, lateness: Lateness): void {
    this.#lateness.set(streamKey(stream), lateness);
  }

  add(stream: Stream, contentIds: Iterable<string>): void {
    for (const contentId of contentIds) this.#keys.add(`${streamKey(stream)}#${claimKey(contentId)}`);
    for (const oldest of this.#keys) {
      if (this.#keys.size <= this.#limit) break;
      this.#keys.delete(oldest);
    }
  }
}
