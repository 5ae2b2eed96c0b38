/** Of commands whose answer names everything that a station would log. */

import type { Log } from '../shared/ports/log.ts';

const ignore = (): void => {
  // The answer says it.
};

/** A log that keeps nothing. */
export const silentLog: Log = { info: ignore, warn: ignore, error: ignore };
