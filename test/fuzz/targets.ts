import type { Target } from './target.ts';
import { bodyTargets } from './targets/bodies.ts';
import { byteTargets } from './targets/bytes.ts';
import { encodingTargets } from './targets/encodings.ts';
import { guardTargets } from './targets/guards.ts';
import { importTargets } from './targets/imports.ts';
import { keyTargets } from './targets/keys.ts';
import { listTargets } from './targets/lists.ts';
import { messageTargets } from './targets/messages.ts';
import { recordTargets } from './targets/records.ts';
import { terminalTargets } from './targets/terminal.ts';

/** Every target, in the order of the table. */
export const fuzzTargets: readonly Target[] = [
  ...guardTargets,
  ...keyTargets,
  ...bodyTargets,
  ...encodingTargets,
  ...listTargets,
  ...importTargets,
  ...byteTargets,
  ...messageTargets,
  ...terminalTargets,
  ...recordTargets,
];
