/** Collects for ever: every source on its schedule, the sweep on its own, the workers all the time. */

import { hours, minutes, seconds, type Instant } from '../../shared/domain/window.ts';
import { clockFault } from '../../shared/domain/clock.ts';
import { notifyEveryMs } from './notifying.ts';
import { firstRuns, isDue, listEveryMs, type Collector, type CollectorAdapters, type Source } from '../../local/collector.ts';

const sweepEveryMs = seconds(30);
const compactEveryMs = hours(1);
/** A run that is started often compacts, too; one that has just begun has better things to do. */
const firstCompactionMs = minutes(10);
const absencesEveryMs = hours(1);
const forgetEveryMs = hours(24);
const reloadEveryMs = minutes(1);
const tickMs = seconds(1);

/** What a run that goes on for ever asks of and reports to its caller. */
export interface Following {
  readonly isStopped: () => boolean;
  /** What is configured now; asked once a minute, so that a tenant is added, enabled and disabled while this runs. */
  readonly sources: () => Promise<readonly Source[]>;
  /** Compacts what has landed; called every hour, never twice at a time. */
  readonly compact: () => Promise<unknown>;
  /** Notifies of what was found; called every few seconds, never twice at a time. */
  readonly notify: () => Promise<unknown>;
  /** Called about once a second. */
  readonly onTick: (now: Instant) => void;
}

/** Runs until it is stopped, then lets what has begun end. A list or a sweep that fails is tried again at its next time. */
export async function follow(
  adapters: CollectorAdapters,
  collector: Collector,
  { isStopped, sources, compact, notify, onTick }: Following,
): Promise<void> {
  const { clock, log, ledger } = adapters;
  await collector.resume();
  const working = collector.work(isStopped);
  let schedule = scheduleOf(firstRuns(collector.sources, clock.now()));
  const running = new Map<string, Promise<unknown>>();
  let [sweepAt, forgetAt, reloadAt] = [clock.now() + sweepEveryMs, clock.now(), clock.now() + reloadEveryMs];
  let lastTick = clock.now();
  let compactAt = clock.now() + firstCompactionMs;
  let notifyAt = clock.now();
  let absencesAt = clock.now() + firstCompactionMs;

  const attempt = (what: string, work: Promise<unknown>): Promise<unknown> =>
    work.catch((error: unknown) => {
      log.error(`${what} failed and is tried again`, { error: String(error) });
    });
  while (!isStopped()) {
    const now = clock.now();
    for (const [key, { source, at }] of schedule) {
      if (!isDue(at, now, listEveryMs) || running.has(key)) continue;
      schedule.set(key, { source, at: now + listEveryMs });
      running.set(
        key,
        attempt('a list', collector.list(source)).finally(() => running.delete(key)),
      );
    }
    if (isDue(sweepAt, now, sweepEveryMs)) {
      sweepAt = now + sweepEveryMs;
      await attempt('the sweep', collector.sweep());
    }
    if (isDue(reloadAt, now, reloadEveryMs)) {
      reloadAt = now + reloadEveryMs;
      await attempt(
        'reading the tenants',
        sources().then((configured) => {
          schedule = rescheduled(schedule, configured, now);
        }),
      );
    }
    if (hasJumped(lastTick, now)) forgetAt = now + afterJumpMs;
    lastTick = now;
    if (isDue(compactAt, now, compactEveryMs) && !running.has(compaction)) {
      compactAt = now + compactEveryMs;
      running.set(
        compaction,
        attempt(compaction, compact()).finally(() => running.delete(compaction)),
      );
    }
    if (isDue(absencesAt, now, absencesEveryMs) && !running.has(absence)) {
      absencesAt = now + absencesEveryMs;
      running.set(
        absence,
        attempt(
          absence,
          sources().then((configured) => collector.absences(configured)),
        ).finally(() => running.delete(absence)),
      );
    }
    if (isDue(notifyAt, now, notifyEveryMs) && !running.has(notification)) {
      notifyAt = now + notifyEveryMs;
      running.set(
        notification,
        attempt(notification, notify()).finally(() => running.delete(notification)),
      );
    }
    if (isDue(forgetAt, now, forgetEveryMs) && isTimeKnown(adapters)) {
      forgetAt = now + forgetEveryMs;
      await attempt('forgetting', ledger.forget(now));
      if (adapters.detecting) await attempt('forgetting sightings', adapters.detecting.sightings.forget(now));
    }
    onTick(now);
    await clock.sleep(tickMs);
  }
  await Promise.all([working, ...running.values()]);
}

/** What is forgotten can land again: so only while our clock is as Microsoft's, by an answer that came after the clock last jumped. */
function isTimeKnown({ microsoft }: CollectorAdapters): boolean {
  const leadMs = microsoft.clockLeadMs();
  return leadMs !== undefined && clockFault(leadMs) === undefined;
}

const afterJumpMs = hours(1);

/** A tick comes every second or so; a machine that slept looks the same as one whose clock was set. */
function hasJumped(lastTick: Instant, now: Instant): boolean {
  return Math.abs(now - lastTick) > minutes(5);
}
/** What they are called among what runs; no source has such a key. */
const [compaction, notification, absence] = ['compaction', 'notification', 'looking for absences'];

/** When each source is listed next, by its tenant's name and its log type. */
type Schedule = Map<string, { readonly source: Source; readonly at: Instant }>;

function scheduleOf(runs: ReadonlyMap<Source, Instant>): Schedule {
  return new Map([...runs].map(([source, at]) => [keyOf(source), { source, at }]));
}

/** The schedule of what is configured now: what goes on keeps its time, what is new begins at once, what has gone is not listed any more. */
function rescheduled(schedule: Schedule, configured: readonly Source[], now: Instant): Schedule {
  return new Map(configured.map((source) => [keyOf(source), { source, at: schedule.get(keyOf(source))?.at ?? now }]));
}

function keyOf({ tenant, logType }: Source): string {
  return `${tenant.name} ${logType.id}`;
}
