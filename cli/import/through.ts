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
    transform.end();
    await settled;
    yield* out.splice(0);
    await ended;
  } finally {
    transform.destroy();
  }
}

/** Resolves when the stream has done with the chunk, well or not, and has given everything that came of it. */
async function written(transform: Duplex, chunk: Buffer): Promise<void> {
  await new Promise<void>((resolve) => {
    transform.write(chunk, () => {
      resolve();
    });
  });
  await setImmediate();
}
