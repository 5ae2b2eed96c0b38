/** A ledger and a lake of one dataset in memory, where jobs land, runs die anywhere, and two runs are at work at once. */

import type { ChainPosition, ChainState } from '../../shared/domain/evidence/chain.ts';
import {
  digestOfText,
  manifestKey,
  manifestText,
  parseManifest,
  type EvidenceNote,
  type ManifestEntry,
  type StandingEntry,
} from '../../shared/domain/evidence/manifest.ts';
import { hourLater, type LandingHour } from '../../shared/domain/landing-hour.ts';
import { minutes, utcHour, type Instant } from '../../shared/domain/window.ts';
import type { Evidence } from '../../shared/ports/evidence.ts';
import type { Draw } from '../compaction/draw.ts';

export const dataset = 'd';

/** A run that was cut off: whether the store had done it by then, nobody knows. */
export class Crash extends Error {}

interface Job {
  readonly key: string;
  readonly hour: LandingHour;
  isPending: boolean;
  /** It was landed, and is again: that comes by a note, not by its hour. */
  isAgain: boolean;
}

export class ManifestWorld implements Evidence {
  now: Instant = Date.parse('2026-11-20T09:00:00Z');
  /** Runs die, and go on side by side. */
  isRough = true;
  private readonly draw: Draw;
  private readonly jobs: Job[] = [];
  private readonly noted: EvidenceNote[] = [];
  private readonly files = new Map<string, string>();
  private readonly listedNotes: string[] = [];
  private waiting: EvidenceNote[] = [];
  private state: ChainState = { version: 0, sequence: 0, open: [] };

  constructor(draw: Draw) {
    this.draw = draw;
  }

  /** A quarter of an hour at most, or days without a run. */
  step(): void {
    this.now += this.draw.chance(0.01) ? minutes(60 * 70) : minutes(this.draw.upTo(15));
    if (this.draw.chance(0.5)) this.create(utcHour(this.now));
    for (const job of this.jobs) if (job.isPending && this.draw.chance(0.1)) this.finish(job);
    const landed = this.jobs.filter(({ isPending }) => !isPending);
    // An object went, and its job is opened again.
    if (landed.length > 0 && this.draw.chance(0.02)) Object.assign(this.draw.of(landed), { isPending: true, isAgain: true });
    if (this.draw.chance(0.05)) this.note(`person-${String(this.noted.length)}`);
  }

  /** Every hour of a long stretch has something: more than one manifest lists. */
  backlog(): void {
    for (let hour = -60; hour <= 0; hour += 1) this.create(hourLater(utcHour(this.now), hour));
  }

  settle(): void {
    for (const job of this.jobs) if (job.isPending) this.finish(job);
    this.now += minutes(200);
  }

  /** A sentence about what is wrong at the end. */
  fault(): string | undefined {
    const counts = new Map<string, number>();
    let previous: string | null = null;
    for (let sequence = 1; sequence <= this.files.size; sequence += 1) {
      const text = this.files.get(manifestKey(dataset, sequence));
      const manifest = parseManifest(text ?? '');
      if (text === undefined || !manifest) return `manifest ${String(sequence)} is missing or no manifest`;
      if (manifest.previous !== previous) return `manifest ${String(sequence)} does not follow the one before`;
      previous = digestOfText(text);
      this.listedNotes.push(...manifest.notes);
      for (const { key } of manifest.entries) counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    if (this.state.head !== (previous ?? undefined)) return 'the ledger knows another head than lies there';
    if (this.state.sequence !== this.files.size) return 'the ledger knows another number than lies there';
    if (this.state.open.length > 0) return 'hours stay open though nothing is pending';
    // One that was landed again before its hour was listed is in its note alone.
    const ofHours = this.jobs.filter(({ key, isAgain }) => !isAgain || counts.has(key)).map(({ key }) => key);
    const expected = [...ofHours, ...this.noted.map(({ id }) => id)];
    const skipped = expected.filter((key) => !counts.has(key));
    if (skipped.length > 0) return `${String(skipped.length)} are in no manifest`;
    const doubled = expected.filter((key) => counts.get(key) !== 1);
    if (doubled.length > 0) return `${String(doubled.length)} are in manifests twice`;
    if (new Set(this.listedNotes).size !== this.noted.length || this.waiting.length > 0) return 'notes were not listed, or stay';
    return undefined;
  }

  /** Somebody who is not the station puts a manifest that is one, and follows none; with entries, one that follows. */
  forge(sequence: number, entries: readonly ManifestEntry[] = []): void {
    const rest = { format: 1, dataset, madeAt: '2026-11-20T09:00:00Z', through: '2026-11-20T08', open: [], hours: [], notes: [] } as const;
    this.files.set(
      manifestKey(dataset, sequence),
      manifestText({ ...rest, sequence, previous: entries.length > 0 ? (this.state.head ?? null) : 'f'.repeat(64), entries }),
    );
  }

  private create(hour: LandingHour): void {
    this.jobs.push({ key: `raw/d/${String(this.jobs.length)}`, hour, isPending: true, isAgain: false });
  }

  /** What is landed again comes by a note, in the write that ends the job. */
  private finish(job: Job): void {
    if (job.isAgain) this.note(`${job.key}#again-${String(this.noted.length)}`);
    job.isPending = false;
  }

  private note(id: string): void {
    const entry: StandingEntry = { kind: 'rewritten', key: id, sha256: '0'.repeat(64), bytes: 1, because: 'test' };
    const note = { dataset, id, entries: [entry] };
    this.noted.push(note);
    this.waiting.push(note);
  }

  /** Time goes by, another run has its turn, and this one may die, before or after the store has done it. */
  private async called<T>(work: () => T): Promise<T> {
    if (!this.isRough) return work();
    for (let turn = this.draw.upTo(3); turn > 0; turn -= 1) await Promise.resolve();
    if (this.draw.chance(0.2)) this.step();
    if (this.draw.chance(0.03)) throw new Crash('before');
    const done = work();
    if (this.draw.chance(0.03)) throw new Crash('after');
    return done;
  }

  load(): Promise<ChainState> {
    return this.called(() => this.state);
  }

  save(_dataset: string, version: number, to: ChainPosition, notes: readonly string[]): Promise<boolean> {
    return this.called(() => {
      if (this.state.version !== version) return false;
      this.state = { ...to, version: version + 1 };
      this.waiting = this.waiting.filter(({ id }) => !notes.includes(id));
      return true;
    });
  }

  pendingHours(): Promise<ReadonlyMap<string, ReadonlySet<LandingHour>>> {
    const pending = () => this.jobs.filter(({ isPending }) => isPending).map(({ hour }) => hour);
    return this.called(() => new Map([[dataset, new Set(pending())]]));
  }

  hours(_dataset: string, after: LandingHour | undefined): Promise<readonly LandingHour[]> {
    const landed = () => this.jobs.filter(({ isPending, isAgain }) => !isPending || isAgain).map(({ hour }) => hour);
    return this.called(() => [...new Set(landed())].filter((hour) => hour > (after ?? '')).sort());
  }

  landed(_dataset: string, hour: LandingHour): Promise<readonly StandingEntry[]> {
    const jobs = () => this.jobs.filter((job) => job.hour === hour && !job.isPending && !job.isAgain);
    return this.called(() => jobs().map(({ key }): StandingEntry => ({ kind: 'landed', key, sha256: '0'.repeat(64), bytes: 1, rows: 1 })));
  }

  isKnown(): Promise<boolean> {
    return Promise.resolve(true);
  }

  notes(): Promise<readonly EvidenceNote[]> {
    return this.called(() => this.waiting.slice(0, 3));
  }

  putManifest(key: string, text: string): Promise<string> {
    return this.called(() => {
      const there = this.files.get(key);
      if (there === undefined) this.files.set(key, text);
      return there ?? text;
    });
  }
}
