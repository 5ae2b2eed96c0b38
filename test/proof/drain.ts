/** Letting promises run out. */

import { setFlagsFromString } from 'node:v8';
import { settle } from '../fakes/virtual-clock.ts';

let checkpoint: (() => void) | undefined;

/**
 * Lets V8 run all that waits without a turn of Node's event loop in between, which takes longer than what is run. Only for threads that
 * do nothing but simulate; a simulation is the same with and without it.
 */
export function drainQuickly(): void {
  setFlagsFromString('--allow-natives-syntax');
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the only way to say it, and only once the flag is set
  checkpoint = new Function('%PerformMicrotaskCheckpoint()') as () => void;
}

/** Does steps until one answers false; between two of them, everything that a step set free goes on. */
export async function stepwise(step: () => boolean): Promise<void> {
  const drain = checkpoint;
  if (!drain) {
    while (step()) await settle();
    return;
  }
  // From a turn of its own: V8 runs nothing while it is running something that waited.
  await new Promise<void>((resolve, reject) => {
    setImmediate(() => {
      try {
        while (step()) drain();
        resolve();
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    });
  });
}
