/** Unpacking of bodies that are small when packed, as nearly all are: in one go, for a third of what a stream of pieces costs. */

import type { IncomingMessage } from 'node:http';
import { gunzipSync } from 'node:zlib';

/** Packed bytes that are waited for; what is larger is unpacked as it comes. */
const mostAtOnce = 1_048_576;

/** A body's first bytes, and whether they are all. */
export interface Head {
  readonly packed: Buffer;
  readonly isWhole: boolean;
}

/** Reads up to a mebibyte of a body. Where that is not all of it, the rest can still be read from the response. */
export async function headOf(response: IncomingMessage): Promise<Head> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > mostAtOnce) return { packed: Buffer.concat(chunks), isWhole: false };
  }
  return { packed: Buffer.concat(chunks), isWhole: true };
}

/** Unpacks a whole body in one go. @returns Undefined for what is damaged or has more than `mostBytes`: unpacked piece by piece, it shows how far it can be read. */
export function gunzipAtOnce(packed: Buffer, mostBytes: number): Buffer | undefined {
  try {
    return gunzipSync(packed, { maxOutputLength: mostBytes, chunkSize: roomFor(packed, mostBytes) });
  } catch {
    return undefined;
  }
}

/** The size that the last four bytes name: with room for all of it, nothing has to be copied together from pieces. */
function roomFor(packed: Buffer, mostBytes: number): number {
  const named = packed.length < trailerBytes ? 0 : packed.readUInt32LE(packed.length - 4);
  return Math.min(Math.max(named, 1_024), mostBytes) + 1;
}
const trailerBytes = 8;
