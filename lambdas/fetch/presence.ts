/** In which hours there was a record that a rule of absence is about: remembered as each object lands. */

import type { Row } from '../../shared/detections/compile/row.ts';
import type { Detection } from '../../shared/detections/detection.ts';
import { selectionsOn } from '../../shared/detections/evaluate/findings.ts';
import { timeOf } from '../../shared/detections/evaluate/hit.ts';
import { days, hours, type Instant } from '../../shared/domain/window.ts';
import type { SightedDays, Sightings } from '../../shared/ports/sightings.ts';

const hourMs = hours(1);
/** Hours count as days do, and stand under a name of their own. */
const group = 'hours with a record';
/** Longer than any silence is looked for, and than records are late. */
const keptMs = days(12);

const refOf = ({ id, version }: Detection, tenantId: string) => ({ rule: `${id}@${version}`, tenantId, group });

/** The hours, counted since 1970, of rows that the rule matches. */
export function hoursOf(detection: Detection, rows: readonly Row[], dataset: string): readonly number[] {
  const selections = selectionsOn(detection, dataset);
  const found = new Set<number>();
  for (const row of rows) {
    const time = timeOf(row);
    if (time !== undefined && !found.has(Math.floor(time / hourMs)) && selections.some((selection) => selection.matches(row)))
      found.add(Math.floor(time / hourMs));
  }
  return [...found];
}

/** What sightings keep of them. */
export function presence(detection: Detection, tenantId: string, seen: readonly number[], now: Instant): SightedDays {
  const quietMs = detection.how.kind === 'absence' ? detection.how.quietMs : 0;
  return { ...refOf(detection, tenantId), days: seen, keepUntil: Math.max(now, Math.max(...seen) * hourMs) + quietMs + keptMs };
}

/** The first instants of those hours, within a span. */
export async function presenceOf(
  sightings: Pick<Sightings, 'days'>,
  detection: Detection,
  tenantId: string,
  { from, to }: { readonly from: Instant; readonly to: Instant },
): Promise<readonly Instant[]> {
  const range = { ...refOf(detection, tenantId), from: Math.floor(from / hourMs), to: Math.floor(to / hourMs) };
  const [found = []] = await sightings.days([range]);
  return found.map((hour) => hour * hourMs);
}
