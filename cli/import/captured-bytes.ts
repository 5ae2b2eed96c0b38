import { maxRecordBytes, tooLong, type Found } from './found.ts';

/** Bytes of one record that come in several pieces; never more of them than a record may have. */
export class CapturedBytes {
  readonly line: number;
  private readonly pieces: Buffer[] = [];
  private size = 0;
  private isTooLong = false;

  /** @param line Of the file, from 1, where it begins. */
  constructor(line: number) {
    this.line = line;
  }

  add(piece: Buffer): void {
    const room = maxRecordBytes - this.size;
    this.isTooLong ||= piece.length > room;
    // Not even an empty view: it would keep the whole chunk in memory that it was cut from.
    if (room <= 0 || piece.length === 0) return;
    const kept = piece.subarray(0, room);
    this.pieces.push(kept);
    this.size += kept.length;
  }

  /** What there is so far. */
  peek(): Buffer {
    const [only] = this.pieces;
    return this.pieces.length === 1 && only ? only : Buffer.concat(this.pieces);
  }

  /** @param why What is wrong with it, if anything is. */
  found(why?: string): Found {
    const bytes = this.peek();
    const wrong = this.isTooLong ? tooLong : why;
    return wrong === undefined ? { kind: 'record', line: this.line, bytes } : { kind: 'bad', line: this.line, bytes, why: wrong };
  }
}
