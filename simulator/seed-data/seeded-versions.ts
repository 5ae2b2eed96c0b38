/** Seed data of a Graph log type whose records keep their time: some are visible late, some are corrected later. */

import { gridFloor, hours, minutes, seconds, type Instant, type Window } from '../../shared/domain/window.ts';
import { boundedCache } from '../bounded-cache.ts';
import type { Company } from '../people.ts';
import { random, type Random } from '../random.ts';
import type { Version } from '../world.ts';
import type { IncidentEvent } from './incident-event.ts';
import type { JsonRecord, Maker, Moment } from './maker.ts';
import { recordsInSlot } from './rhythm.ts';

/** What the versions of one log type of one tenant are made from. */
export interface VersionsOptions {
  readonly seed: string;
  readonly company: Company;
  readonly logTypeId: string;
  /** Records of a usual day. */
  readonly perDay: number;
  /** There are no versions before. */
  readonly from: Instant;
  readonly incidents: (window: Window) => readonly IncidentEvent[];
}

/** Versions by the window of their time. */
export type VersionsByWindow = (window: Window) => readonly Version[];

/** The same record with details that were not known at first; its id and time stay. */
export type Correct = (record: JsonRecord, moment: Moment) => JsonRecord;

interface CorrectedOptions extends VersionsOptions {
  readonly make: Maker;
  readonly correct: Correct;
}

/** Versions of records that keep their time: one in forty is corrected some minutes or hours after it was first visible. */
export function correctedLater(make: Maker, correct: Correct): (options: VersionsOptions) => VersionsByWindow {
  return (options) => versionsByWindow({ ...options, make, correct });
}

function versionsByWindow(options: CorrectedOptions): VersionsByWindow {
  const slots = boundedCache<readonly Version[]>((versions) => versions.length + 1, 12_000);
  return (window) => {
    const versions: Version[] = [];
    for (
      let start = Math.max(gridFloor(window.start, slotMs), options.from);
      start < Math.min(window.end, options.from + longestMs);
      start += slotMs
    ) {
      const slot = slots.get(String(start), () => versionsOfSlot(options, start));
      for (const version of slot) if (version.time >= window.start && version.time < window.end) versions.push(version);
    }
    return versions;
  };
}

const slotMs = minutes(10);
/** A query without an end must end somewhere. */
export const longestMs = hours(24 * 60);

function versionsOfSlot(options: CorrectedOptions, start: Instant): readonly Version[] {
  const { seed, company, logTypeId, make } = options;
  const count = recordsInSlot(random(seed, company.tenantId, logTypeId, start), start, slotMs, options.perDay);
  const usual = Array.from({ length: count }, (_, index) => {
    const chance = random(seed, company.tenantId, logTypeId, start, index);
    return versionsOf(options, { chance, company, at: start + chance.int(0, slotMs - 1) }, make);
  });
  const ofIncidents = options.incidents({ start, end: start + slotMs }).map((event, index) => {
    const chance = random(seed, company.tenantId, logTypeId, start, 'incident', index);
    return versionsOf(options, { chance, company, at: event.at }, event.make);
  });
  return [...usual, ...ofIncidents].flat();
}

function versionsOf({ correct }: CorrectedOptions, moment: Moment, make: Maker): readonly Version[] {
  const { chance, at } = moment;
  const visibleFrom = at + arrivalMs(chance);
  const correctedAt = chance.chance(0.025) ? visibleFrom + chance.int(minutes(4), hours(6)) : Number.POSITIVE_INFINITY;
  const record = make(moment);
  const first = versionOf(record, at, visibleFrom, correctedAt);
  return correctedAt === Number.POSITIVE_INFINITY
    ? [first]
    : [first, versionOf(correct(record, moment), at, correctedAt, Number.POSITIVE_INFINITY)];
}

function versionOf(record: JsonRecord, time: Instant, visibleFrom: Instant, visibleUntil: Instant): Version {
  return { id: String(record.id), time, visibleFrom, visibleUntil, text: JSON.stringify(record) };
}

/** Most within eight minutes; some after pass 0 has read their window, a few after pass 1. */
function arrivalMs(chance: Random): number {
  return chance.weighted([
    [950, chance.int(seconds(20), minutes(8))],
    [38, chance.int(minutes(11), minutes(50))],
    [12, chance.int(minutes(70), hours(20))],
  ]);
}
