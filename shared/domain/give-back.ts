/** Memory of buffers that nobody uses any more. */

/**
 * Gives a buffer's memory back now, instead of when V8 next looks through all its objects: it does so whenever 64 MB of buffers have come and
 * gone, which took a sixth of all that collecting takes. The buffer, and every other view of the same memory, is empty afterwards.
 *
 * @param bytes Made by the caller's own code, and seen by nobody else any more. What is so small that Node may have taken it from its common
 *   pool is left alone.
 */
export function giveBack(bytes: Uint8Array): void {
  if (bytes.length >= Buffer.poolSize && bytes.buffer instanceof ArrayBuffer) bytes.buffer.transfer(0);
}
