/** Seed data of records that are created in groups (an incident), updated later, and found by the time of their last update. */

import { gridFloor, hours, minutes, seconds, type Instant, type Window } from '../../shared/domain/window.ts';
import { boundedCache } from '../bounded-cache.ts';
import { random, type Random } from '../random.ts';
import type { Version } from '../world.ts';
import type { JsonRecord, Moment } from './maker.ts';
import { longestMs, type VersionsByWindow, type VersionsOptions } from './seeded-versions.ts';
import { recordsInSlot } from './rhythm.ts';

/** The state of a record at one of its updates. */
export interface Stage {
  readonly status: 'new' | 'inProgress' | 'resolved';
  readonly updatedAt: Instant;
}

/**
 * Makes the record as it is at one stage; with the same state of `moment.chance` what the stage does not change is the same.
 *
 * @param incidentId Records of one incident are updated in the same instant, so that the field of the last update has ties.
 */
export type StageMaker = (moment: Moment, stage: Stage, incidentId: number) => JsonRecord;

interface UpdatedOptions extends VersionsOptions {
  readonly name: string;
  readonly make: StageMaker;
}

/**
 * Versions of records that are found by the time of their last update: those of an hour belong to one incident, and most are updated.
 *
 * @param name Keeps the random numbers of two such log types apart.
 */
export function updatedLater(name: string, make: StageMaker): (options: VersionsOptions) => VersionsByWindow {
  return (options) => versionsByWindow({ ...options, name, make });
}

function versionsByWindow(options: UpdatedOptions): VersionsByWindow {
  const slots = boundedCache<readonly Version[]>((versions) => versions.length + 1, 5_000);
  return (window: Window) => {
    const versions: Version[] = [];
    const first = Math.max(gridFloor(window.start - longestOpenMs, slotMs), options.from);
    for (let start = first; start < Math.min(window.end, options.from + longestMs); start += slotMs) {
      const slot = slots.get(String(start), () => versionsOfSlot(options, start));
      versions.push(...slot.filter((version) => version.time >= window.start && version.time < window.end));
    }
    return versions;
  };
}

const slotMs = hours(1);
/** From a record's creation to its last change. */
const longestOpenMs = hours(30);

function versionsOfSlot(options: UpdatedOptions, start: Instant): readonly Version[] {
  const { seed, company, perDay, from, logTypeId } = options;
  const chance = random(seed, company.tenantId, logTypeId, start);
  const count = recordsInSlot(chance, start, slotMs, perDay);
  const incidentId = 1_000 + Math.floor((start - from) / slotMs);
  // One plan for all records of the hour: they belong to one incident, and are updated in the same instants.
  const plan = updatePlan(chance, start + slotMs);
  const usual = Array.from({ length: count }).flatMap((_, index) => {
    const createdAt = start + chance.int(0, slotMs - 1);
    return versionsOf(options, { createdAt, incidentId, key: `${String(start)} ${String(index)}` }, plan);
  });
  return [...usual, ...versionsOfIncidents(options, start)];
}

/** What incidents leave is never updated. */
function versionsOfIncidents({ seed, company, logTypeId, incidents }: UpdatedOptions, start: Instant): readonly Version[] {
  return incidents({ start, end: start + slotMs }).map(({ at, make }, index) => {
    const chance = random(seed, company.tenantId, logTypeId, start, 'incident', index);
    const record = make({ chance, company, at });
    const visibleFrom = at + chance.int(seconds(20), minutes(4));
    return { id: String(record.id), time: at, visibleFrom, visibleUntil: Number.POSITIVE_INFINITY, text: JSON.stringify(record) };
  });
}

function updatePlan(chance: Random, after: Instant): readonly Stage[] {
  const seen = after + chance.int(minutes(5), hours(4));
  const plan: Stage[] = [];
  if (chance.chance(0.7)) plan.push({ status: 'inProgress', updatedAt: seen });
  if (chance.chance(0.5)) plan.push({ status: 'resolved', updatedAt: seen + chance.int(minutes(20), hours(20)) });
  return plan;
}

interface NewRecord {
  readonly createdAt: Instant;
  readonly incidentId: number;
  readonly key: string;
}

function versionsOf(options: UpdatedOptions, { createdAt, incidentId, key }: NewRecord, plan: readonly Stage[]): readonly Version[] {
  const { seed, company, name, make } = options;
  const arrival = random(seed, company.tenantId, `${name} arrival`, key);
  const stages: readonly Stage[] = [{ status: 'new', updatedAt: createdAt + arrival.int(seconds(20), minutes(3)) }, ...plan];
  const visible = visibleTimes(arrival, stages);
  return stages.map((stage, index) => {
    // The same numbers at every stage, so that only what the stage changes is different.
    const chance = random(seed, company.tenantId, name, key);
    const record = make({ chance, company, at: createdAt }, stage, incidentId);
    const visibleUntil = visible[index + 1] ?? Number.POSITIVE_INFINITY;
    return {
      id: String(record.id),
      time: stage.updatedAt,
      visibleFrom: visible[index] ?? stage.updatedAt,
      visibleUntil,
      text: JSON.stringify(record),
    };
  });
}

/** A little after the update, now and then late; never in another order than the updates. */
function visibleTimes(chance: Random, stages: readonly Stage[]): readonly Instant[] {
  const times: Instant[] = [];
  for (const { updatedAt } of stages) {
    const delay = chance.chance(0.05) ? chance.int(minutes(8), minutes(40)) : chance.int(seconds(10), minutes(4));
    times.push(Math.max(updatedAt + delay, (times.at(-1) ?? 0) + 1_000));
  }
  return times;
}
