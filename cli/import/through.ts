import type { Duplex } from 'node:stream';
import { finished } from 'node:stream/promises';
import { setImmediate } from 'node:timers/promises';

/**
 * Sends chunks through a transforming stream, one after the other, and gives what comes out.
 *
 * Unlike a pipe it gives everything that came out before an error, of the stream or of the source, and throws the error then.
 */
export async function* through<T>(source: AsyncIterable<Buffer>, transform: Duplex): AsyncGenerator<T> {
  const out: T[] = [];
  transform.on('data', (piece: T) => out.push(piece));
  const ended = finished(transform);
  const settled = ended.catch(() => undefined);
  try {
    for await (const chunk of source) {
      await written(transform, chunk);
      yield* out.splice(0);
      if (transform.errored) break;
    }
    const isEnded = transform.readableEnded;
    transform.end();
    if (!isEnded) await settled;
    yield* out.splice(0);
    if (!isEnded) await ended;
  } finally {
    transform.destroy();
  }
}

/**
 * Resolves when the stream has done with the chunk, well or not, and has given everything that came of it. A stream of zlib that finds
 * damage, or the end of what is packed, never calls back for the chunk (Node 24).
 */
async function written(transform: Duplex, chunk: Buffer): Promise<void> {
  if (transform.readableEnded || transform.errored) return;
  await new Promise<void>((resolve) => {
    const done = (): void => {
      transform.off('close', done).off('end', done);
      resolve();
    };
    transform.once('close', done).once('end', done).write(chunk, done);
  });
  await setImmediate();
}
