/**
 * What compaction by hours works on, in memory and by a clock of its own: jobs that land late, an index that lags, an engine whose
 * statements end some time later or not at all, and a view that is only its text's hours. Rows are a few numbers.
 */

import { withChanged } from '../../shared/domain/changed-hours.ts';
import type { ViewedHours } from '../../shared/domain/compacted-view.ts';
import type { DaySlice } from '../../shared/domain/compaction-statements.ts';
import type { CompactionState, Ended, LandedObjects, StateChange, Turn } from '../../shared/domain/hour-compaction.ts';
import type { HourRange, LandingHour } from '../../shared/domain/landing-hour.ts';
import { minutes, seconds, utcHour, type Instant } from '../../shared/domain/window.ts';
import type { HourCompaction, StandingView, Started } from '../../shared/ports/hour-compaction.ts';
import type { Draw } from './draw.ts';

/** A landed row: record `key` in its `version`. Keyed records have one version. */
export interface Row {
  readonly key: string;
  readonly day: string;
  readonly version: number;
  readonly landed: number;
  /** How often its object was replaced. */
  readonly edition: number;
  /** It has got the columns of a row that was made again. */
  readonly isFilled?: true;
}

/** Which rule the dataset of a run has. */
export type Rule = 'record' | 'version' | 'every row';

interface Job {
  readonly hour: LandingHour;
  readonly object: string;
  /** When the ledger's index shows it; jobs are made up to 15 minutes after the time that they name. */
  readonly visibleAt: Instant;
  /** Infinite for one that was reopened, until compaction has seen it. */
  landsAt: Instant;
  finalAt: Instant;
}

interface Query {
  readonly turn: Turn;
  readonly startedAt: Instant;
  readonly endsAt: Instant;
  ended: Ended | undefined;
}

const moreDaysThanFit = 3;

/** Everything outside of the station. */
export class HoursWorld {
  now: Instant;
  fault: string | undefined;
  /** Nothing fails or lands late any more. */
  isQuiet = false;
  readonly objects = new Map<string, { readonly hour: LandingHour; readonly rows: readonly Row[] }>();
  private readonly draw: Draw;
  private readonly rule: Rule;
  private readonly jobs: Job[] = [];
  /** Jobs that have not landed and queries that run: what time brings about. */
  private readonly ahead = { jobs: new Set<Job>(), queries: new Set<Query>() };
  private compacted: (Row & { readonly object: string })[] = [];
  private hasTable = false;
  private readonly queries = new Map<string, Query>();
  private readonly refused = new Set<string>();
  private state: CompactionState = { version: 0, open: [], failures: 0 };
  private text: { readonly version: number; readonly hours: ViewedHours | undefined } = { version: 1, hours: undefined };
  private landings = 0;
  private readonly replaced: LandingHour[] = [];
  /** Rows that were asked to be filled; not those that were merged again since, of objects that were replaced. */
  private readonly toFill = new Set<string>();
  /** Where the refill begins that failed as a whole, until its days are asked for, or another one is. */
  private tooLarge: LandingHour | undefined;
  private hasChanged = true;

  constructor(draw: Draw, rule: Rule, start: Instant) {
    this.draw = draw;
    this.rule = rule;
    this.now = start;
  }

  /** Makes a job now, which lands at once, minutes or hours later. */
  makeJob(): void {
    const made = this.now;
    const visibleAt = made + this.draw.of([0, seconds(2), minutes(14), minutes(15)]);
    const landsAt = visibleAt + (this.isQuiet ? 0 : this.draw.of([0, seconds(30), minutes(5), minutes(50), minutes(140), minutes(700)]));
    const finalAt = landsAt + this.draw.of([0, seconds(20), minutes(20)]);
    this.add({ hour: utcHour(made), object: `object${String(this.jobs.length)}`, visibleAt, landsAt, finalAt });
  }

  /** As an operator does whose object had gone: a job of an hour that was merged long ago is pending again, for as long as a run of compaction and the longest run before it. */
  reopenJob(): void {
    const final = this.jobs.filter(({ finalAt }) => finalAt <= this.now);
    if (final.length === 0) return;
    const { hour } = this.draw.of(final);
    this.add({ hour, object: `object${String(this.jobs.length)}`, visibleAt: this.now, landsAt: Infinity, finalAt: Infinity });
  }

  /** A run has ended that asked for pending jobs at a time: it has seen those that were reopened, and no run before it is alive. */
  ranWell(askedAt: Instant): void {
    for (const job of this.jobs.filter(({ landsAt, visibleAt }) => landsAt === Infinity && visibleAt + minutes(16) < askedAt)) {
      job.landsAt = this.now + minutes(1);
      job.finalAt = job.landsAt + minutes(1);
    }
  }

  /** As `lake normalize --replace` does: notes the hour, replaces an object of it by one that says more, and notes the hour at the end. */
  replaceObject(): void {
    if (this.objects.size === 0) return;
    const [object, { hour, rows }] = this.draw.of([...this.objects]);
    this.noteChanged(hour, this.now + minutes(this.draw.of([0, 60])));
    this.objects.set(object, { hour, rows: rows.map((row) => ({ ...row, edition: row.edition + 1 })) });
    this.hasChanged = true;
    this.replaced.push(hour);
  }

  /** The end of the replacements that were begun. */
  endReplacements(): void {
    for (const hour of this.replaced.splice(0)) this.noteChanged(hour, this.now);
  }

  /** As `lake compact --aws --rebuild` does once rows are made again: those of a run of merged hours are to be filled. */
  askRefill(): void {
    const { version, watermark, ...body } = this.state;
    if (watermark === undefined || this.objects.size === 0 || this.rule === 'every row') return;
    this.tooLarge = undefined;
    const ends = [this.draw.of([...this.objects.values()]).hour, this.draw.of([...this.objects.values()]).hour].sort();
    const hours = { from: ends[0] ?? '', to: ends[1] ?? '' };
    if (hours.to > watermark) return;
    const those = this.compacted.filter(({ object }) => this.hourIsWithin(object, hours)).map(({ key, landed }) => nameOfRow(key, landed));
    if (this.saved(version, { ...body, watermark, refill: [...(body.refill ?? []), { hours }] }))
      those.forEach((name) => this.toFill.add(name));
  }

  private hourIsWithin(object: string, { from, to }: HourRange): boolean {
    const hour = this.objects.get(object)?.hour ?? '';
    return hour >= from && hour <= to;
  }

  private noteChanged(hour: LandingHour, from: Instant): void {
    const { version, ...body } = this.state;
    if (version > 0) this.saved(version, { ...body, changed: withChanged(body.changed, { hours: { from: hour, to: hour }, from }) });
  }

  /** A deployment writes the view as it was before anything was compacted. */
  resetView(): void {
    this.text = { version: this.text.version + 1, hours: undefined };
    this.hasChanged = true;
  }

  /** Lets time pass: objects land, statements take effect. */
  pass(ms: number): void {
    const until = this.now + ms;
    for (;;) {
      const next = this.nextEvent(until);
      if (!next) break;
      this.now = Math.max(this.now, next.at);
      next.happen();
      this.look();
    }
    this.now = until;
  }

  /** Whether compaction has nothing left to do. */
  leftovers(): string | undefined {
    if (this.state.turn) return 'a turn is still under way at the end';
    if (this.state.open.length > 0) return `hours ${this.state.open.join(', ')} are open at the end`;
    const wanted = this.expected().size;
    if (this.keysOf(this.compacted).size !== wanted)
      return `${String(this.keysOf(this.compacted).size)} of ${String(wanted)} rows are compacted at the end`;
    const refill = this.state.refill ?? [];
    const isGivenUp = refill.some((note) => note.isGivenUp);
    const empty = isGivenUp
      ? []
      : this.compacted.filter(({ key, landed, isFilled }) => !isFilled && this.toFill.has(nameOfRow(key, landed)));
    if (empty.length > 0) return `${String(empty.length)} rows were not filled`;
    if (refill.some((note) => !note.isGivenUp)) return 'rows wait to be filled at the end';
    const old = this.compacted.filter((row) => this.objects.get(row.object)?.rows.every(({ edition }) => edition !== row.edition));
    if (old.length > 0) return `${String(old.length)} compacted rows are those of objects that were replaced`;
    if (this.objects.size > 0 && !this.text.hours) return 'the view reads every object at the end';
    if (this.text.hours && this.text.hours.open.length > 0) return 'the view reads hours that are closed';
    return undefined;
  }

  /** The view gives one row a record of all that landed: the very same ones where versions decide. */
  look(): void {
    if (this.fault !== undefined || !this.hasChanged) return;
    this.hasChanged = false;
    const want = this.expected();
    const got = this.viewed();
    const names = this.keysOf(got);
    if (names.size < got.length) this.fault = `${String(got.length - names.size)} rows twice`;
    const missing = [...want.keys()].filter((key) => !names.has(key));
    if (missing.length > 0) this.fault = `${String(missing.length)} rows missing`;
    if ([...names].some((key) => !want.has(key))) this.fault = 'an older version is shown';
  }

  /** The port. */
  readonly port: HourCompaction = {
    load: () => Promise.resolve(this.state),
    save: (_dataset, version, to) => Promise.resolve(this.saved(version, to)),
    pendingHours: () => Promise.resolve(new Map([['things', this.pending()]])),
    landedHours: (_dataset, after) => Promise.resolve(this.landedHours(after)),
    start: (_dataset, turn) => Promise.resolve(this.started(turn)),
    outcome: (queryId) => Promise.resolve(this.queries.get(queryId)?.ended ?? 'running'),
    view: () => Promise.resolve(this.standingView()),
    writeView: (_dataset, hours, version) => Promise.resolve(this.viewWritten(hours, version)),
  };

  private nextEvent(until: Instant): { readonly at: Instant; happen(): void } | undefined {
    const landing = [...this.ahead.jobs]
      .filter(({ landsAt }) => landsAt <= until)
      .map((job) => ({
        at: job.landsAt,
        happen: (): void => {
          this.land(job);
        },
      }));
    const ending = [...this.ahead.queries]
      .filter(({ endsAt }) => endsAt <= until)
      .map((query) => ({
        at: query.endsAt,
        happen: (): void => {
          this.end(query);
        },
      }));
    return [...landing, ...ending].sort((a, b) => a.at - b.at)[0];
  }

  private land(job: Job): void {
    const { hour, object } = job;
    this.ahead.jobs.delete(job);
    this.landings += 1;
    this.hasChanged = true;
    const rows = Array.from({ length: this.draw.upTo(3) }, (_, index): Row => {
      const key = this.draw.upTo(12);
      const landed = this.landings * 10 + index;
      return {
        key: `k${String(key)}`,
        day: `2026-11-${String(10 + (key % 5))}`,
        version: this.rule === 'version' ? this.draw.upTo(4) : 0,
        landed,
        edition: 0,
      };
    });
    this.objects.set(object, { hour, rows });
  }

  private add(job: Job): void {
    this.jobs.push(job);
    this.ahead.jobs.add(job);
  }

  private pending(): ReadonlySet<LandingHour> {
    return new Set(this.jobs.filter(({ visibleAt, finalAt }) => visibleAt <= this.now && finalAt > this.now).map(({ hour }) => hour));
  }

  private landedHours(after: LandingHour | undefined): LandedObjects[] {
    const hours = [...this.objects.values()].map(({ hour }) => hour).filter((hour) => after === undefined || hour > after);
    return [...new Set(hours)]
      .sort()
      .slice(0, 4)
      .map((hour) => ({ hour, objects: 1, bytes: 1 }));
  }

  private saved(version: number, to: StateChange): CompactionState | undefined {
    if (version !== this.state.version) return undefined;
    this.state = { ...to, version: version + 1 };
    return this.state;
  }

  private started(turn: Turn): Started {
    const { queryId: _unknown, ...token } = turn;
    const queryId = JSON.stringify(token);
    if (turn.kind === 'days') this.tooLarge = undefined;
    if (!this.queries.has(queryId)) {
      if (!this.isQuiet && this.draw.chance(0.03)) this.refused.add(queryId);
      if (this.refused.has(queryId)) return { kind: 'refused', because: 'another text had this token' };
      const endsAt = this.now + this.draw.of([0, seconds(4), seconds(40), minutes(12)]);
      const query = { turn, startedAt: this.now, endsAt, ended: undefined };
      this.queries.set(queryId, query);
      this.ahead.queries.add(query);
    }
    return { kind: 'started', queryId };
  }

  /** A statement that fails has changed nothing. Two of one table at a time would end in a conflict, or in rows that are there twice. */
  private end(query: Query): void {
    this.ahead.queries.delete(query);
    const others = [...this.ahead.queries];
    if (others.length > 0) this.fault ??= 'two statements of one table at once';
    this.hasChanged = true;
    const isFailing = !this.isQuiet && this.draw.chance(0.08);
    query.ended = isFailing ? { kind: 'failed', because: 'by chance' } : this.effectOf(query.turn);
  }

  private effectOf(turn: Turn): Ended {
    if (turn.kind === 'table') this.hasTable = true;
    if (turn.kind === 'refill') return this.refilled(turn);
    if (turn.kind === 'days') return { kind: 'succeeded', days: [...new Set(this.within(turn.hours).map(({ day }) => day))].sort() };
    if (turn.kind === 'merge') {
      if (!this.hasTable) return { kind: 'failed', because: 'no table' };
      const rows = this.within(turn.hours, turn.slices?.[0]);
      if (new Set(rows.map(({ day }) => day)).size > moreDaysThanFit && !turn.slices)
        return { kind: 'failed', because: 'too many open partitions' };
      this.merge(rows);
    }
    if (turn.kind === 'unmerge') this.unmerge(this.within(turn.hours));
    return { kind: 'succeeded' };
  }

  private refilled({ hours, slices }: Extract<Turn, { kind: 'refill' }>): Ended {
    const rows = this.within(hours, slices?.[0]);
    if (new Set(rows.map(({ day }) => day)).size > moreDaysThanFit && !slices) {
      if (this.tooLarge === hours.from) this.fault ??= 'a refill that was too large is tried as it was';
      this.tooLarge = hours.from;
      return { kind: 'failed', because: 'too many open partitions' };
    }
    const those = new Set(rows.map(({ key, landed }) => nameOfRow(key, landed)));
    this.compacted = this.compacted.map((row) => (those.has(nameOfRow(row.key, row.landed)) ? { ...row, isFilled: true } : row));
    return { kind: 'succeeded' };
  }

  private unmerge(rows: readonly (Row & { readonly object: string })[]): void {
    const nameOf = ({ key, landed, object }: Row & { readonly object: string }): string =>
      this.rule === 'every row' ? object : `${key} ${String(landed)}`;
    const gone = new Set(rows.map(nameOf));
    for (const { key, landed } of rows) this.toFill.delete(nameOfRow(key, landed));
    this.compacted = this.compacted.filter((row) => !gone.has(nameOf(row)));
  }

  private within({ from, to }: HourRange, slice?: DaySlice): (Row & { readonly object: string })[] {
    return [...this.objects]
      .filter(([, { hour }]) => hour >= from && hour <= to)
      .flatMap(([object, { rows }]) => rows.map((row) => ({ ...row, object })))
      .filter(({ day }) => !slice || (day >= slice.first && day <= slice.last));
  }

  private merge(rows: readonly (Row & { readonly object: string })[]): void {
    if (this.rule === 'every row') {
      const known = new Set(this.compacted.map(({ object, day }) => `${object} ${day}`));
      this.compacted.push(...rows.filter(({ object, day }) => !known.has(`${object} ${day}`)));
      return;
    }
    for (const row of oneOfEach(rows)) {
      const at = this.compacted.findIndex(({ key }) => key === row.key);
      const there = this.compacted[at];
      if (!there) this.compacted.push(row);
      else if (this.rule === 'version' && isNewer(row, there)) this.compacted[at] = row;
    }
  }

  /** As compacted-view.ts says it in SQL; only `npm run test:trino` compares that text with the tables. */
  private viewed(): (Row & { readonly object: string })[] {
    const { hours } = this.text;
    const everything = this.within({ from: '', to: '9' });
    if (!hours) return this.rule === 'every row' ? everything : oneOfEach(everything);
    const isRecent = (object: string): boolean => {
      const hour = this.objects.get(object)?.hour ?? '';
      return hour > hours.watermark || hours.open.includes(hour);
    };
    const recent = everything.filter(({ object }) => isRecent(object));
    if (this.rule === 'every row') {
      const known = new Set(this.compacted.map(({ object, day }) => `${object} ${day}`));
      return [...this.compacted, ...recent.filter(({ object, day }) => !known.has(`${object} ${day}`))];
    }
    const fresh = oneOfEach(recent);
    const compacted = this.compacted.filter((c) => this.rule === 'record' || !fresh.some((r) => r.key === c.key && isNewer(r, c)));
    return [
      ...compacted,
      ...fresh.filter((r) => !this.compacted.some((c) => c.key === r.key && (this.rule === 'record' || !isNewer(r, c)))),
    ];
  }

  private expected(): ReadonlySet<string> {
    const rows = this.within({ from: '', to: '9' });
    return this.keysOf(this.rule === 'every row' ? rows : oneOfEach(rows));
  }

  private keysOf(rows: readonly (Row & { readonly object: string })[]): Set<string> {
    if (this.rule === 'record') return new Set(rows.map(({ key }) => key));
    return new Set(rows.map(({ key, version, landed, object }) => `${key} ${String(version)} ${String(landed)} ${object}`));
  }

  private standingView(): StandingView {
    const { version, hours } = this.text;
    return { version: String(version), isFor: (other) => JSON.stringify(hours) === JSON.stringify(other) };
  }

  private viewWritten(hours: ViewedHours, version: string): boolean {
    if (version !== String(this.text.version)) return false;
    if (hours.watermark < (this.text.hours?.watermark ?? '')) this.fault ??= 'the view went back';
    this.text = { version: this.text.version + 1, hours };
    this.hasChanged = true;
    return true;
  }
}

const nameOfRow = (key: string, landed: number): string => `${key} ${String(landed)}`;

const isNewer = (one: Row, other: Row): boolean =>
  one.version > other.version || (one.version === other.version && one.landed > other.landed);

/** The newest of each key; of keyed records the first, whose versions are all the same. */
function oneOfEach<T extends Row>(rows: readonly T[]): T[] {
  const best = new Map<string, T>();
  for (const row of rows) {
    const there = best.get(row.key);
    if (!there || isNewer(row, there)) best.set(row.key, row);
  }
  return [...best.values()];
}
