/** The first and the last byte of a body that goes by in pieces. */

import { byteOrderMark } from './json.ts';

/** What was written to a file: enough to distinguish a JSON array from anything else without reading it again. */
export interface FileFacts {
  readonly bytes: number;
  /** The first and the last byte that are neither white space nor a byte order mark at the beginning; absent in a blank file. */
  readonly firstByte?: number;
  readonly lastByte?: number;
}

/** Collects the facts of one body, piece by piece. */
export class BodyEnds {
  #bytes = 0;
  /** How much of a byte order mark the body has begun with. */
  #marked = 0;
  #first: number | undefined;
  #last: number | undefined;

  /** The next piece, of any length. */
  note(chunk: Buffer): void {
    const rest = this.#first === undefined && this.#bytes === this.#marked ? this.#afterMark(chunk) : chunk;
    this.#bytes += chunk.length;
    this.#first ??= firstNonSpace(rest);
    this.#last = lastNonSpace(rest) ?? this.#last;
  }

  /** Of all pieces so far. */
  get facts(): FileFacts {
    const [bytes, firstByte, lastByte] = [this.#bytes, this.#first, this.#last];
    return firstByte === undefined || lastByte === undefined ? { bytes } : { bytes, firstByte, lastByte };
  }

  /** Bytes that begin like a mark and do not go on like one are no mark. */
  #afterMark(chunk: Buffer): Buffer {
    let at = 0;
    while (this.#marked < byteOrderMark.length && at < chunk.length && chunk[at] === byteOrderMark[this.#marked]) {
      this.#marked += 1;
      at += 1;
    }
    const isBroken = this.#marked > 0 && this.#marked < byteOrderMark.length && at < chunk.length;
    if (isBroken) this.#first = byteOrderMark[0];
    return chunk.subarray(at);
  }
}

/** The facts of a body that is in memory. */
export function factsOf(body: Buffer): FileFacts {
  const ends = new BodyEnds();
  ends.note(body);
  return ends.facts;
}

const isNonSpace = (byte: number | undefined): boolean => byte !== undefined && byte > 0x20;

function firstNonSpace(chunk: Buffer): number | undefined {
  return isNonSpace(chunk[0]) ? chunk[0] : chunk.find(isNonSpace);
}

function lastNonSpace(chunk: Buffer): number | undefined {
  const last = chunk.at(-1);
  return isNonSpace(last) ? last : chunk.findLast(isNonSpace);
}
