/** Microsoft's Graph rows: late ones, corrected ones, and what one reads while they change. */

import { days, hours, minutes, type Instant, type Window } from '../../shared/domain/window.ts';
import type { Plan, RowPlan } from './plan.ts';
import { Random } from './random.ts';
import type { ServedRow } from './stand-in-landing.ts';

/** One version of a row, and while it is what Microsoft serves. */
export interface Version extends ServedRow {
  readonly id: string;
  readonly from: Instant;
  readonly until: Instant;
}

/** What one complete read of a window had to contain. */
export interface Read {
  readonly window: Window;
  readonly begun: Instant;
  readonly ended: Instant;
  /** Versions that were served from beginning to end. */
  readonly whole: readonly Version[];
}

/** How long Microsoft serves rows. */
export const rowsServedMs = days(30);

/** Microsoft's rows of one log type, and what a probe or a read of them gives. */
export class WindowWorld {
  readonly versions: readonly Version[];
  private readonly rowPlan: RowPlan;
  private readonly random: Random;

  constructor(plan: Plan, rowPlan: RowPlan) {
    this.rowPlan = rowPlan;
    this.random = new Random(plan.seed, 'windows');
    this.versions = makeVersions(plan, rowPlan, new Random(plan.seed, 'rows'));
  }

  /** Both boundaries are asked for; a page may be empty and have a next one. */
  probe(window: Window, now: Instant): 'empty' | 'rows' {
    if (this.versions.some((version) => isServed(version, now) && isAskedFor(version, window))) return 'rows';
    return this.random.chance(0.02) ? 'rows' : 'empty';
  }

  /** The pages of a read that takes its time: what appears or goes meanwhile is on them or not, or in two versions. */
  read(window: Window, begun: Instant, ended: Instant): { readonly pages: readonly (readonly ServedRow[])[]; readonly read: Read } {
    const whole = this.versions.filter((version) => isServed(version, begun) && isServed(version, ended) && isAskedFor(version, window));
    const partly = this.versions.filter((version) => isServed(version, begun) !== isServed(version, ended) && isAskedFor(version, window));
    const seen = partly.filter(() => this.random.chance(0.5));
    const moved = whole.filter(() => this.random.chance(0.05));
    const rows = [...whole, ...seen].sort((a, b) => a.time - b.time);
    const read = { window, begun, ended, whole: whole.filter(({ time }) => time >= window.start && time < window.end) };
    return { pages: this.paged([...rows, ...moved]), read };
  }

  private paged(rows: readonly Version[]): ServedRow[][] {
    const pages: ServedRow[][] = [];
    for (let from = 0; from < rows.length; from += this.rowPlan.rowsPerPage) {
      if (this.random.chance(0.05)) pages.push([]);
      pages.push(rows.slice(from, from + this.rowPlan.rowsPerPage).map(({ key, time }) => ({ key, time })));
    }
    return pages.length === 0 ? [[]] : pages;
  }
}

/** Whether this version is what Microsoft serves now. */
export function isServed(version: Version, now: Instant): boolean {
  return version.from <= now && now < version.until && version.time > now - rowsServedMs;
}

function isAskedFor({ time }: Version, window: Window): boolean {
  return time >= window.start && time <= window.end;
}

function makeVersions(plan: Plan, rowPlan: RowPlan, random: Random): Version[] {
  const bursts = Array.from({ length: 3 }, () => random.between(plan.start, plan.publishUntil));
  return Array.from({ length: rowPlan.count }, (_, index) => {
    const inBurst = random.chance(rowPlan.burstShare);
    const time = inBurst
      ? random.pick(bursts) + random.between(0, minutes(4))
      : onGridSometimes(random, random.between(plan.begunEarlier ?? plan.start, plan.publishUntil));
    return versionsOf(`row-${String(index)}`, time, rowPlan, random);
  }).flat();
}

/** Rows exactly on a boundary of two windows belong to one of them. */
function onGridSometimes(random: Random, time: Instant): Instant {
  return random.chance(0.1) ? Math.ceil(time / minutes(5)) * minutes(5) : time;
}

function versionsOf(id: string, time: Instant, plan: RowPlan, random: Random): Version[] {
  const lateMs = random.chance(plan.lateShare) ? random.between(minutes(4), plan.latestMs) : random.between(0, minutes(4));
  const { heldBack } = plan;
  const isHeldBack = heldBack && time < heldBack.until.start && random.chance(heldBack.share);
  const from = isHeldBack ? random.between(heldBack.until.start, heldBack.until.end) : time + lateMs;
  const first: Version = { id, key: `${id} v1`, time, from, until: Infinity };
  if (!random.chance(plan.correctedShare)) return [first];
  const changedAt = first.from + random.between(minutes(1), hours(20));
  const isAlert = plan.logType === 'alerts';
  const second: Version = {
    id,
    key: `${id} v2`,
    time: isAlert ? changedAt : time,
    from: changedAt + (isAlert ? random.between(0, minutes(4)) : 0),
    until: Infinity,
  };
  const versions = [{ ...first, until: second.from }, second];
  if (isAlert || !random.chance(0.2)) return versions;
  // Changed back: the third version is the first one again, and no new record.
  const changedBackAt = second.from + random.between(minutes(1), hours(4));
  return [
    { ...first, until: second.from },
    { ...second, until: changedBackAt },
    { ...first, from: changedBackAt },
  ];
}
