/** Seed data of alerts: created in groups (an incident), updated later, and found by the time of their last update. */

import { gridFloor, hours, minutes, seconds, type Instant, type Window } from '../../shared/domain/window.ts';
import { boundedCache } from '../bounded-cache.ts';
import type { Company } from '../people.ts';
import { random, type Random } from '../random.ts';
import type { Version } from '../world.ts';
import { alert, type AlertStage } from './alerts.ts';
import { longestMs, type VersionsByWindow } from './seeded-versions.ts';
import { recordsInSlot } from './rhythm.ts';

export interface SeededAlertsOptions {
  readonly seed: string;
  readonly company: Company;
  readonly perDay: number;
  readonly from: Instant;
}

export function seededAlerts(options: SeededAlertsOptions): VersionsByWindow {
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
/** From an alert's creation to its last change. */
const longestOpenMs = hours(30);

function versionsOfSlot({ seed, company, perDay, from }: SeededAlertsOptions, start: Instant): readonly Version[] {
  const chance = random(seed, company.tenantId, 'alerts', start);
  const count = recordsInSlot(chance, start, slotMs, perDay);
  const incidentId = 1_000 + Math.floor((start - from) / slotMs);
  // One plan for all alerts of the hour: they belong to one incident, and are updated in the same instants.
  const plan = updatePlan(chance, start + slotMs);
  return Array.from({ length: count }).flatMap((_, index) => {
    const createdAt = start + chance.int(0, slotMs - 1);
    return versionsOf({ seed, company, createdAt, incidentId, key: `${String(start)} ${String(index)}` }, plan);
  });
}

function updatePlan(chance: Random, after: Instant): readonly AlertStage[] {
  const seen = after + chance.int(minutes(5), hours(4));
  const plan: AlertStage[] = [];
  if (chance.chance(0.7)) plan.push({ status: 'inProgress', updatedAt: seen });
  if (chance.chance(0.5)) plan.push({ status: 'resolved', updatedAt: seen + chance.int(minutes(20), hours(20)) });
  return plan;
}

interface NewAlert {
  readonly seed: string;
  readonly company: Company;
  readonly createdAt: Instant;
  readonly incidentId: number;
  readonly key: string;
}

function versionsOf({ seed, company, createdAt, incidentId, key }: NewAlert, plan: readonly AlertStage[]): readonly Version[] {
  const arrival = random(seed, company.tenantId, 'alert arrival', key);
  const stages: readonly AlertStage[] = [{ status: 'new', updatedAt: createdAt + arrival.int(seconds(20), minutes(3)) }, ...plan];
  const visible = visibleTimes(arrival, stages);
  return stages.map((stage, index) => {
    // The same numbers at every stage, so that only what the stage changes is different.
    const chance = random(seed, company.tenantId, 'alert', key);
    const record = alert({ chance, company, at: createdAt }, stage, incidentId);
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
function visibleTimes(chance: Random, stages: readonly AlertStage[]): readonly Instant[] {
  const times: Instant[] = [];
  for (const { updatedAt } of stages) {
    const delay = chance.chance(0.05) ? chance.int(minutes(8), minutes(40)) : chance.int(seconds(10), minutes(4));
    times.push(Math.max(updatedAt + delay, (times.at(-1) ?? 0) + 1_000));
  }
  return times;
}
