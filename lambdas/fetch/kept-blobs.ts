import { streamKey, type Stream } from '../../shared/domain/stream.ts';

/** Of all of a process, in bytes: enough for the jobs that wait on one machine, and no more than what one of them takes while it is fetched. */
const mostBytes = 32 * 2 ** 20;

/**
 * Blobs that were fetched for jobs which could not land yet, as long as the process lives: Microsoft is not asked for them again.
 *
 * A blob never changes, so it does not matter which attempt has fetched it, or for which job. The oldest make room for newer ones.
 */
export class KeptBlobs {
  private readonly byId = new Map<string, Buffer>();
  private bytes = 0;

  /** Keeps a blob for the next attempt. One that was kept before is replaced. */
  keep(stream: Stream, contentId: string, content: Buffer): void {
    this.take(stream, contentId);
    this.byId.set(idOf(stream, contentId), content);
    this.bytes += content.length;
    for (const [id, { length }] of this.byId) {
      if (this.bytes <= mostBytes) break;
      this.byId.delete(id);
      this.bytes -= length;
    }
  }

  /** The blob, which is not kept any more; undefined where it was not. */
  take(stream: Stream, contentId: string): Buffer | undefined {
    const id = idOf(stream, contentId);
    const content = this.byId.get(id);
    this.byId.delete(id);
    this.bytes -= content?.length ?? 0;
    return content;
  }
}

const idOf = (stream: Stream, contentId: string): string => `${streamKey(stream)} ${contentId}`;
