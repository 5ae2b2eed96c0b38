/** New indicators against what has landed before. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../local/clock.ts';
import { UsageError } from '../../local/exit.ts';
import type { Detection } from '../../shared/detections/detection.ts';
import type { IndicatorEntry } from '../../shared/detections/indicator-lists/entry.ts';
import type { Instant } from '../../shared/domain/window.ts';
import { openAsking } from '../asking/open-asking.ts';
import type { AwsChoice } from '../aws/deployment.ts';
import type { LakeChoice } from '../commands/options.ts';
import { openLookBackPlace } from '../detections/look-back-place.ts';
import { lookBack, type LookBack } from '../detections/look-back.ts';
import { matchingObjects, statementsFor } from './matching-objects.ts';

/** What was looked at, or why nothing was. */
export type LookedBack = { readonly kind: 'looked'; readonly found: LookBack } | { readonly kind: 'not-now'; readonly why: string };

/**
 * Asks the rules of indicators of what landed since then. What they find lands like any finding; nobody is notified of it.
 *
 * @param entries What a list has; undefined where they are too many to be asked for by name.
 */
export async function lookBackForIndicators(
  choice: LakeChoice & AwsChoice,
  since: Instant,
  entries: readonly IndicatorEntry[] | undefined,
): Promise<LookedBack> {
  if (!choice.aws && !existsSync(join(choice.lake, 'raw'))) return { kind: 'not-now', why: 'nothing has landed yet' };
  try {
    const place = await openLookBackPlace(choice, { isDryRun: false, because: 'lake indicators import' });
    try {
      const detections = place.set.detections.filter(({ how }) => how.kind === 'indicator');
      const keys = choice.aws ? await keysInDeployment(choice, detections, since, entries) : undefined;
      const landing = { files: place.files, quietBecause: 'the indicator is newer than the record' };
      const request = { detections, since, landing, now: () => systemClock.now(), ...(keys && { keys }) };
      return { kind: 'looked', found: await lookBack(request, place.deps) };
    } finally {
      await place.close();
    }
  } catch (error) {
    // The list is there all the same.
    if (error instanceof UsageError) return { kind: 'not-now', why: error.message };
    throw error;
  }
}

async function keysInDeployment(
  choice: LakeChoice & AwsChoice,
  detections: readonly Detection[],
  since: Instant,
  entries: readonly IndicatorEntry[] | undefined,
): Promise<ReadonlySet<string> | undefined> {
  const asking = await openAsking(choice);
  try {
    return await matchingObjects(asking, entries && statementsFor(detections, entries, since));
  } finally {
    await asking.close();
  }
}
