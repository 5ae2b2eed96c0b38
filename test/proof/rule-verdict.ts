/** The verdict of the calm over single rules: what was listed late is found in time, a refused stream goes on in time, and a stream begins with all that is served. */

import { hours, iso, minutes, type Instant } from '../../shared/domain/window.ts';
import type { Gap } from '../../shared/ports/ledger.ts';
import { contentServedMs, type ContentWorld } from './content-world.ts';
import type { Harness } from './harness.ts';
import type { Landed } from './landed.ts';
import { rowsServedMs, type WindowWorld } from './window-world.ts';

/** Found by a deep list: the hourly one goes back a day, the daily one a week. Each takes a few runs. */
const deepListMs = { hourly: hours(4), daily: hours(28) } as const;
/** An hour of rest, and what two clocks may differ by. */
const restMs = minutes(72);
/** From when a stream may be listed again to when its object is there: what was refused a fetch is parked for up to 36 minutes. */
const afterRefusalMs = minutes(95);
/** Gone by before the first windows are fetched; no more of what was served at the beginning may be missing. */
const firstHoursMs = { content: minutes(45), windows: hours(3.5) } as const;
const passMs = minutes(16);
/** What is listed later than this is found by a deep list, not by the overlap of every run. */
const overlapMs = minutes(45);
/** Lists ask for nothing of the last three minutes, by clocks that may differ by one. */
const listMarginMs = minutes(4);

/** What a mode about one rule wants in the calm. Answers what is wrong, one line each. */
export function judgeRules(harness: Harness, landed: readonly Landed[], gaps: readonly Gap[]): string[] {
  const { mode, isCalm } = harness.plan;
  if (!isCalm) return [];
  if (mode === 'late') return lateFaults(harness, landed, ({ created, listedAt }) => listedAt + deepBound(listedAt - created));
  if (mode === 'refused' || mode === 'graph-refused') {
    return lateFaults(harness, landed, ({ created, listedAt }) => {
      const foundAt = listedAt - created < overlapMs ? listedAt : listedAt + deepBound(listedAt - created);
      return whenAsked(harness, foundAt) + afterRefusalMs;
    });
  }
  return mode === 'begin' || mode === 'graph-begin' ? firstFaults(harness, landed, gaps) : [];
}

/** A record or a blob: what it is called, when it became available, and when Microsoft first served it. */
interface Served {
  readonly id: string;
  readonly created: Instant;
  readonly listedAt: Instant;
}

function deepBound(lateMs: number): number {
  return lateMs < hours(22) ? deepListMs.hourly : deepListMs.daily;
}

/** When a stream is asked for that would be asked for now: not while it is refused, and not in the hour of rest after it. */
function whenAsked({ plan }: Harness, at: Instant): Instant {
  const refusals = plan.outages.filter(({ kind }) => kind === 'refused').sort((a, b) => a.start - b.start);
  return refusals.reduce((asked, { start, end }) => {
    const until = end + restMs + plan.listEveryMs;
    return asked > start - plan.listEveryMs - listMarginMs && asked < until ? until : asked;
  }, at);
}

function lateFaults(harness: Harness, landed: readonly Landed[], latest: (served: Served) => Instant): string[] {
  const lastTick = harness.plan.faultsUntil + hours(11);
  return servedOf(harness, landed).flatMap(({ putAt, ...served }) => {
    const bound = latest({ ...served, listedAt: Math.max(served.listedAt, harness.plan.start) });
    const lateMs = putAt - bound;
    return bound < lastTick && lateMs > 0
      ? [`${served.id} landed ${String(Math.round(lateMs / 60_000))} minutes later than its rule allows`]
      : [];
  });
}

/** All that landed, and when. */
function servedOf({ world, putAt }: Harness, landed: readonly Landed[]): (Served & { readonly putAt: Instant })[] {
  const { content, windows } = world;
  return landed.flatMap(({ job, key, raw }) => {
    const at = putAt.get(key) ?? Infinity;
    if (job.kind === 'content') {
      const blobs = job.members.map(({ contentId }) => content?.blob(contentId)).filter((blob) => blob !== undefined);
      return blobs.map(({ contentId, created, listedAt }) => ({ id: contentId, created, listedAt, putAt: at }));
    }
    const keys = new Set(raw.rows.map((row) => row.key));
    const prompt = windows?.versions.filter((one) => keys.has(one.key) && one.from - one.time < minutes(4) && one.until === Infinity) ?? [];
    return prompt.map(({ key: id, time }) => ({ id, created: time, listedAt: time + passMs, putAt: at }));
  });
}

/** All that is served when a stream begins, and for a while yet, lands; and nothing of it is a gap. */
function firstFaults({ world, plan }: Harness, landed: readonly Landed[], gaps: readonly Gap[]): string[] {
  const keys = new Set(landed.flatMap(({ raw }) => raw.rows.map(({ key }) => key)));
  const owed = world.content ? firstBlobs(world.content, plan.start) : firstRows(world.windows, plan.start);
  const missing = owed.filter(({ keys: own }) => own.some((key) => !keys.has(key)));
  return [
    ...missing.map(({ id }) => `${id} was served when the stream began and has not landed`),
    ...gaps.map(({ from, to, reason }) => `a gap from ${iso(from)} to ${iso(to)} of a stream that began: ${reason}`),
  ];
}

interface Owed {
  readonly id: string;
  readonly keys: readonly string[];
}

function firstBlobs(content: ContentWorld, start: Instant): Owed[] {
  const owed = content.blobs.filter(
    ({ created, listedAt }) => created > start - contentServedMs + firstHoursMs.content && listedAt <= start,
  );
  return owed.map(({ contentId, rows }) => ({ id: contentId, keys: rows.map(({ key }) => key) }));
}

function firstRows(windows: WindowWorld | undefined, start: Instant): Owed[] {
  const owed = windows?.versions.filter(({ time, from }) => time > start - rowsServedMs + firstHoursMs.windows && from <= start) ?? [];
  return owed.map(({ key }) => ({ id: key, keys: [key] }));
}
