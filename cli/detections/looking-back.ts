/** What a look back works with, in a lake folder or in a deployment, and how it is opened. */

import type { RuleSet } from '../../shared/detections/rule-set.ts';
import type { Detecting } from '../../shared/ports/detecting.ts';
import type { Outbox } from '../../shared/ports/ledger.ts';
import type { LookBackDeps } from './look-back.ts';

/** What a look back works with. Whoever opened it calls `close`. */
export interface LookBackPlace {
  /** The rules in force. */
  readonly set: RuleSet;
  readonly files: Detecting['files'];
  readonly outbox: Pick<Outbox, 'add'>;
  readonly deps: LookBackDeps;
  /** Forgets what stateful rules remember; absent where that goes by itself. */
  readonly forgetAll?: () => Promise<void>;
  close(): Promise<void>;
}

/** How it is opened. */
export interface LookBackOptions {
  /** Nothing that stateful rules remember is read or kept. */
  readonly isDryRun: boolean;
  /** Stands in the manifest of what is landed. @example 'lake detect' */
  readonly because: string;
}
