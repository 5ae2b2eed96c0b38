/**
 * Runs synchronous work for a port that returns promises: what it throws becomes a rejection, as the ports' callers expect.
 *
 * The work is done before the call returns, so that calls take effect in the order they were made.
 */
export function answer<T>(work: () => T): Promise<T> {
  return new Promise((resolve) => {
    resolve(work());
  });
}
