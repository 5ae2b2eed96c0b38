/**
 * Runs of a dataset that is compacted by hours: jobs land late, runs race, are killed at every call, go on after a stall, and statements fail.
 * After every step the view has to give what landed.
 */

import { compactHours, failuresOfRun } from '../../lambdas/compact/compact-hours.ts';
import type { MergeLimits, PendingHours } from '../../shared/domain/hour-compaction.ts';
import { hours, minutes, seconds } from '../../shared/domain/window.ts';
import type { HourCompaction } from '../../shared/ports/hour-compaction.ts';
import { FakeLog } from '../fakes/fake-log.ts';
import { Draw } from './draw.ts';
import { HoursWorld, type Rule } from './hours-world.ts';

const limits: Omit<MergeLimits, 'everyHours'> = { maxObjects: 2, maxBytes: 100, maxDays: 2, enoughObjects: 4, enoughBytes: 100 };
const columns = ['event_time', 'record_key'];
const start = Date.parse('2026-11-20T22:00:00Z');
const ticks = 40;

class Killed extends Error {}

/** @returns What was wrong first; undefined when nothing was. */
export async function simulate(seed: number): Promise<string | undefined> {
  const draw = new Draw(seed);
  const rule = draw.of<Rule>(['record', 'version', 'every row']);
  const world = new HoursWorld(draw, rule, start);
  const runs = new Runs(world, draw, { ...limits, everyHours: draw.of([1, 1, 1, 3]) });
  const isBusy = draw.chance(0.5);
  for (let tick = 0; tick < ticks && world.fault === undefined; tick += 1) {
    world.pass(draw.of([seconds(10), minutes(4), minutes(15), minutes(15), minutes(70)]));
    for (let jobs = isBusy ? draw.upTo(2) : draw.upTo(9) - 7; jobs > 0; jobs -= 1) world.makeJob();
    if (draw.chance(0.1)) makeLastJobOfHour(world);
    if (draw.chance(0.15)) world.reopenJob();
    if (draw.chance(0.04)) world.resetView();
    if (draw.chance(0.1)) world.replaceObject();
    if (draw.chance(0.2)) world.endReplacements();
    if (draw.chance(0.1)) world.askRefill();
    world.look();
    runs.begin(draw.chance(0.3) ? draw.upTo(14) : Infinity);
    if (draw.chance(0.4)) runs.begin(draw.chance(0.3) ? draw.upTo(14) : Infinity);
    await runs.letRun(draw.of([0, 5, 30, 200]));
  }
  world.isQuiet = true;
  world.endReplacements();
  world.pass(hours(20));
  await runs.letRun(Infinity);
  // A run ends after 14 minutes, and one statement may take 12: the backlog of a busy seed takes many runs.
  for (let turn = 0; turn < 40 && world.fault === undefined; turn += 1) {
    world.pass(hours(1));
    runs.begin(Infinity);
    await runs.letRun(Infinity);
  }
  return world.fault ?? runs.fault ?? world.leftovers();
}

/** A job of an hour's last second: the index may show it when the hour has been over for minutes. */
function makeLastJobOfHour(world: HoursWorld): void {
  world.pass(hours(1) - seconds(1) - (world.now % hours(1)));
  world.makeJob();
  world.pass(seconds(2));
}

/** Runs of the station, each of which goes on when it is let: between any two calls others may have their turn, or it is killed. */
class Runs {
  fault: string | undefined;
  private readonly world: HoursWorld;
  private readonly draw: Draw;
  private readonly limits: MergeLimits;
  private waiting: { readonly from: number; readonly go: () => void }[] = [];
  private calls = 0;
  private alive = 0;
  /** Calls of half the seeds take no time: a run that stalls then outlives whole merges of others, before the function's limit ends it. */
  private readonly isSwift: boolean;

  constructor(world: HoursWorld, draw: Draw, mergeLimits: MergeLimits) {
    this.world = world;
    this.draw = draw;
    this.limits = mergeLimits;
    this.isSwift = draw.chance(0.5);
  }

  /** @param calls Until it is killed. */
  begin(calls: number): void {
    let left = calls;
    const diesAt = this.world.now + minutes(15);
    const port = this.gated(() => {
      left -= 1;
      if (left < 0 || this.world.now > diesAt) throw new Killed();
    });
    this.alive += 1;
    this.run(port)
      .catch((error: unknown) => {
        if (!(error instanceof Killed)) this.fault ??= `a run failed: ${String(error)}`;
      })
      .finally(() => {
        this.alive -= 1;
      });
  }

  private async run(compaction: HourCompaction): Promise<void> {
    const endsAt = this.world.now + minutes(14);
    const asOf = this.world.now;
    const found = await compaction.pendingHours();
    const pending: PendingHours = { asOf, hours: found.get('things') ?? new Set() };
    const clock = { now: () => this.world.now, sleep: (ms: number) => this.turn(ms) };
    const isOver = (): boolean => this.world.now > endsAt;
    const deps = { compaction, clock, log: new FakeLog(), limits: this.limits, columns, isOver };
    const failures = await compactHours('things', pending, deps);
    // A run that gave up may have looked at nothing but the turn that it found.
    if (!isOver() && failures < failuresOfRun) this.world.ranWell(asOf);
  }

  /** Lets waiting runs make so many calls, in any order. */
  async letRun(calls: number): Promise<void> {
    for (let call = 0; call < calls && this.alive > 0 && this.world.fault === undefined && call < 5_000; call += 1) {
      for (let spin = 0; spin < 12 && this.waiting.length < this.alive; spin += 1) await Promise.resolve();
      const next = this.next();
      if (!next) {
        await new Promise((resolve) => setImmediate(resolve));
        continue;
      }
      next.go();
      await Promise.resolve();
    }
  }

  /** Any that waits, but for those that stall, as long as there are others. */
  private next(): { readonly go: () => void } | undefined {
    this.calls += 1;
    const ready = this.waiting.filter(({ from }) => from <= this.calls);
    const choices = ready.length > 0 ? ready : this.waiting;
    if (choices.length === 0) return undefined;
    const chosen = this.draw.of(choices);
    this.waiting = this.waiting.filter((one) => one !== chosen);
    return chosen;
  }

  private turn(ms = 0): Promise<void> {
    return new Promise((resolve) => {
      const from = this.draw.chance(0.04) ? this.calls + this.draw.upTo(120) : 0;
      const go = (): void => {
        const takes = this.draw.of([0, 0, 0, 0, 0, 0, seconds(1), seconds(2), seconds(20), minutes(3)]);
        this.world.pass(Math.max(ms, this.world.isQuiet || this.isSwift ? 0 : takes));
        resolve();
      };
      this.waiting.push({ from, go });
    });
  }

  /** A call waits for its turn, may be the last of its run, and may take effect without its run learning of it. */
  private gated(mayDie: () => void): HourCompaction {
    const { port } = this.world;
    const gate = async <T>(work: () => Promise<T>): Promise<T> => {
      await this.turn();
      mayDie();
      const result = await work();
      this.world.look();
      await this.turn();
      mayDie();
      return result;
    };
    return {
      load: (dataset) => gate(() => port.load(dataset)),
      save: (dataset, version, to) => gate(() => port.save(dataset, version, to)),
      pendingHours: () => gate(() => port.pendingHours()),
      landedHours: (dataset, after) => gate(() => port.landedHours(dataset, after)),
      start: (dataset, turn) => gate(() => port.start(dataset, turn)),
      outcome: (queryId, turn) => gate(() => port.outcome(queryId, turn)),
      view: (dataset) => gate(() => port.view(dataset)),
      writeView: (dataset, viewed, version) => gate(() => port.writeView(dataset, viewed, version)),
    };
  }
}
