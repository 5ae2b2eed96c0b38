/**
 * A lake folder that is landed into, compacted, killed and read at random moments, with the real manifest, folders and station; rows are
 * lines of text, so that a seed takes milliseconds. What is asked at every step: does a reader have each row once?
 */

import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { compact } from '../../lambdas/compact/compact.ts';
import { filesAtOneMoment, landedDates } from '../../local/compaction/landed-files.ts';
import { pastObjects, removePastObjects, type ObjectsPlace } from '../../local/compaction/expired-objects.ts';
import { LocalCompaction } from '../../local/compaction/local-compaction.ts';
import { Manifest } from '../../local/compaction/manifest.ts';
import { noteSoleCopy } from '../../local/compaction/manifest-file.ts';
import type { PartWriter } from '../../local/compaction/part-writer.ts';
import type { CompactableObject, CompactionLimits } from '../../shared/domain/compaction.ts';
import { isPast, type Cutoffs } from '../../shared/domain/keeping.ts';
import { hourFolder, hourOfFolder } from '../../shared/domain/landing-key.ts';
import { hours, minutes, seconds, utcDate, utcHour } from '../../shared/domain/window.ts';
import type { Compaction } from '../../shared/ports/compaction.ts';
import { Draw } from './draw.ts';

const dataset = 'things_raw';
const limits: CompactionLimits = { maxObjects: 3, maxBytes: 400, partsToMerge: 3, fullPartBytes: 300 };
const start = Date.parse('2026-11-20T22:00:00Z');
const steps = 24;
/** The longest that a reader takes, of the hour that it has. */
const longestReadMs = minutes(59);

/** Calls of a run of compaction that change nothing in the folder. */
const isAsking: ReadonlySet<string> = new Set(['the days', 'the parts']);

/** A folder in memory saves time. */
const inMemory = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

class Killed extends Error {}

interface Reader {
  readonly files: readonly string[];
  readonly landedBefore: readonly string[];
  readonly until: number;
}

/** @returns What was wrong first; undefined when nothing was. */
export async function simulate(seed: number): Promise<string | undefined> {
  const root = mkdtempSync(join(inMemory, 'compaction-'));
  try {
    return await new SimulatedRun(root, new Draw(seed)).run();
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

class SimulatedRun {
  private readonly root: string;
  private readonly draw: Draw;
  private now = start;
  private objects = 0;
  private rows: string[] = [];
  private readers: Reader[] = [];
  /** Calls until the process is killed; infinite while it is not killed. */
  private callsLeft = Infinity;
  private fault: string | undefined;
  /** Nothing lands any more, and nobody asks to stop. */
  private isQuiet = false;
  /** What a reader is given who begins now; undefined since something has changed in the folder. */
  private given: readonly string[] | undefined;
  /** That reader has looked. */
  private hasLooked = false;

  constructor(root: string, draw: Draw) {
    this.root = root;
    this.draw = draw;
    mkdirSync(join(root, 'temp'));
  }

  async run(): Promise<string | undefined> {
    for (let step = 0; step < steps && this.fault === undefined; step += 1) {
      this.pass(this.draw.of([seconds(1), seconds(5), minutes(3), minutes(40), hours(3)]));
      if (this.draw.chance(0.6)) this.land();
      if (this.draw.chance(0.5)) this.beginToRead();
      if (this.draw.chance(0.5)) await this.compact(this.draw.chance(0.4) ? this.draw.upTo(14) : Infinity);
      if (this.draw.chance(0.1)) await this.landAroundCompaction();
      if (this.draw.chance(0.06)) await this.forget(this.draw.chance(0.4) ? this.draw.upTo(6) : Infinity);
      if (this.draw.chance(0.15)) await this.expire();
      this.look(`step ${String(step)}`);
    }
    this.pass(hours(2));
    this.isQuiet = true;
    // What the first retires, the second removes; the hours that the second settles, the third settles as dates.
    for (let time = 1; time <= 3; time += 1) {
      await this.compact(Infinity);
      this.pass(hours(2));
    }
    this.look('the end');
    return this.fault ?? this.leftovers();
  }

  /** Readers end on the way. */
  private pass(ms: number): void {
    const until = this.now + ms;
    for (const reader of this.readers.filter((one) => one.until <= until).sort((a, b) => a.until - b.until)) {
      this.now = Math.max(this.now, reader.until);
      this.endReading(reader);
    }
    this.readers = this.readers.filter((one) => one.until > until);
    this.now = until;
  }

  /** Now, or at the landing hour of a job that was parked for days. Folders keep the time of a change by the second. */
  private land(): void {
    const hour = utcHour(this.now - (this.draw.chance(0.3) ? hours(24 * this.draw.upTo(3)) : 0));
    const place = join(this.root, 'raw', dataset, hourFolder(hour));
    mkdirSync(place, { recursive: true });
    const rows = Array.from(
      { length: this.draw.upTo(4) },
      () => `2026-11-${String(14 + this.draw.upTo(4))} ${hour.slice(0, 10)} row${String(this.rows.length + this.draw.upTo(1e9))}`,
    );
    writeFileSync(join(place, `${String(this.objects++).padStart(4, '0')}.parquet`), rows.map((row) => `${row}\n`).join(''));
    const changed = Math.floor(this.now / 1_000);
    utimesSync(place, changed, changed);
    utimesSync(dirname(place), changed, changed);
    this.rows.push(...rows);
    this.change();
  }

  private change(): void {
    this.given = undefined;
    this.hasLooked = false;
  }

  /** All within one second, in which a folder's time of change does not move. */
  private async landAroundCompaction(): Promise<void> {
    this.land();
    this.isQuiet = true;
    await this.compact(Infinity);
    await this.compact(Infinity);
    this.isQuiet = false;
    this.land();
  }

  private async compact(calls: number): Promise<void> {
    this.callsLeft = calls;
    const clock = { now: () => this.now, sleep: () => Promise.resolve() };
    const local = new LocalCompaction({ path: this.root, objectsTemp: join(this.root, 'temp') }, this.writer(), clock);
    this.change();
    try {
      const compaction = this.mortal(local);
      await compaction.clean();
      await compact(dataset, { compaction, limits, isOver: () => !this.isQuiet && this.draw.chance(0.1) });
    } catch (error) {
      if (!(error instanceof Killed)) this.fault ??= `compaction failed: ${String(error)}`;
    } finally {
      local.close();
      this.change();
    }
  }

  /** Between any two calls things land, readers begin and end, and the process may be killed. */
  private mortal(local: LocalCompaction): Compaction {
    const call = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
      this.mayDie();
      if (!this.isQuiet) this.pass(this.draw.of([0, seconds(1), seconds(20), minutes(4)]));
      if (!this.isQuiet && this.draw.chance(0.15)) this.land();
      const result = await work().finally(() => {
        if (!isAsking.has(what)) this.change();
      });
      if (this.draw.chance(0.2)) this.beginToRead();
      this.look(what);
      this.mayDie();
      return result;
    };
    return {
      uncompacted: (name) => call('a look', () => local.uncompacted(name)),
      eventDays: (name, objects) => call('the days', () => local.eventDays(name, objects)),
      parts: (name, day) => call('the parts', () => local.parts(name, day)),
      write: (request) => call('a part', () => local.write(request)),
      commit: async (step) => {
        if (this.draw.chance(0.2)) await this.commitAgain(local);
        await call('a step', () => local.commit(step));
      },
      clean: () => call('a cleaning', () => local.clean()),
    };
  }

  /** A step that names an object for the second time, after one that is new, is refused and changes nothing. */
  private async commitAgain(local: LocalCompaction): Promise<void> {
    const [fresh] = await local.uncompacted(dataset);
    const taken = this.anObjectInAPart();
    if (!fresh || !taken) return;
    const refused = await local.commit({ dataset, objects: [fresh, taken], added: [], retired: [] }).then(
      () => false,
      () => true,
    );
    if (!refused) this.fault ??= 'an object was taken into a part twice';
    this.change();
    this.look('a step that was refused');
  }

  private anObjectInAPart(): CompactableObject | undefined {
    const manifest = Manifest.openForReading(this.root);
    const keysOf = (folder: string): string[] =>
      [...(manifest?.objects(dataset, hourOfFolder(folder) ?? '') ?? [])].map((name) => `raw/${dataset}/${folder}/${name}`);
    const keys = hourFolders(join(this.root, 'raw', dataset)).flatMap(keysOf);
    manifest?.close();
    return keys.length > 0 ? { key: this.draw.of(keys), bytes: 1 } : undefined;
  }

  private mayDie(): void {
    this.callsLeft -= 1;
    if (this.callsLeft < 0) throw new Killed();
  }

  private writer(): PartWriter {
    const linesOf = (name: string): string[] => linesIn(join(this.root, name));
    return {
      eventDays: (_, objects) =>
        Promise.resolve(
          [...new Set(objects.flatMap(({ key }) => linesOf(key)).map((row) => row.slice(0, 10)))]
            .sort()
            .map((day) => ({ day, objects: objects.filter(({ key }) => linesOf(key).some((row) => row.startsWith(day))) })),
        ),
      write: async ({ day, objects, parts }, file) => {
        const fresh = objects.flatMap(({ key }) => linesOf(key)).filter((row) => row.startsWith(day));
        const rows = [...fresh, ...parts.flatMap(({ name }) => linesOf(name))];
        // A write that is killed leaves half a file.
        const text = rows.map((row) => `${row}\n`).join('');
        if (this.callsLeft <= 1) await writeFile(file, text.slice(0, text.length / 2));
        this.mayDie();
        await writeFile(file, text);
        return rows.length;
      },
      writeWithout: async (_, { name }, dropped, file) => {
        if (dropped.kind !== 'landed since') throw new Error(`the simulation drops no rows '${dropped.kind}'`);
        const rows = linesOf(name).filter((row) => isPast(dropped.cutoffs, '', row.slice(11, 21)));
        this.mayDie();
        await writeFile(file, rows.map((row) => `${row}\n`).join(''));
        return rows.length;
      },
      count: () => Promise.reject(new Error('the simulation counts nothing')),
      tenants: () => Promise.resolve(new Map()),
      close: () => undefined,
    };
  }

  /** As `lake normalize --replace` does. */
  private async forget(calls: number): Promise<void> {
    this.callsLeft = calls;
    await this.withLocal((local) => local.forget(dataset));
    this.change();
    this.look('forgetting');
  }

  /** What was landed before some date expires, as far as it is compacted; the run may be killed at any object. */
  private async expire(): Promise<void> {
    this.callsLeft = Infinity;
    const cutoffs = { usual: utcDate(this.now - hours(24 * this.draw.upTo(3))), own: new Map<string, string>() };
    await this.withLocal(async (local) => {
      const place = local.place();
      const isAny = (await pastObjects(place, dataset, cutoffs)).some(({ going }) => going.length > 0);
      if (!isAny) return;
      noteSoleCopy(this.root);
      place.manifest.moveHorizons(dataset, new Map([['', cutoffs.usual]]));
      this.change();
      this.look('horizons');
      if (this.draw.chance(0.3)) return;
      if (this.draw.chance(0.3)) await this.removeSome(place, cutoffs);
      else await removePastObjects(place, dataset, cutoffs);
    });
    this.change();
    this.look('expiry');
  }

  private async removeSome(place: ObjectsPlace, cutoffs: Cutoffs): Promise<void> {
    for (const { going } of await pastObjects(place, dataset, cutoffs))
      for (const { key } of going) if (this.draw.chance(0.5)) rmSync(join(this.root, key));
  }

  private async withLocal(work: (local: LocalCompaction) => Promise<void>): Promise<void> {
    const clock = { now: () => this.now, sleep: () => Promise.resolve() };
    const local = new LocalCompaction({ path: this.root, objectsTemp: join(this.root, 'temp') }, this.writer(), clock);
    try {
      await work(local);
    } catch (error) {
      if (!(error instanceof Killed)) this.fault ??= `expiry failed: ${String(error)}`;
    } finally {
      local.close();
      this.change();
    }
  }

  private filesNow(): readonly string[] {
    this.given ??= this.filesOfReader();
    return this.given;
  }

  private filesOfReader(): string[] {
    const manifest = Manifest.openForReading(this.root);
    if (!manifest) return [join(this.root, 'raw', dataset, 'dt=*', 'hr=*', '*.parquet')];
    const { parts, objects } = filesAtOneMoment(this.root, dataset, manifest);
    manifest.close();
    return [...parts, ...objects];
  }

  private beginToRead(): void {
    const until = this.now + this.draw.upTo(longestReadMs);
    this.readers.push({ files: this.filesNow(), landedBefore: [...this.rows], until });
  }

  private endReading({ files, landedBefore }: Reader): void {
    this.compare('a slow reader', files, new Set(landedBefore));
  }

  private look(when: string): void {
    if (this.hasLooked) return;
    this.hasLooked = true;
    this.compare(when, this.filesNow(), new Set(this.rows));
  }

  /** What had landed before the reader began is there once; what landed since, at most once. */
  private compare(when: string, files: readonly string[], landedBefore: ReadonlySet<string>): void {
    if (this.fault !== undefined) return;
    try {
      const seen = files.flatMap((file) => expand(file)).flatMap(linesIn);
      const once = new Set(seen);
      if (once.size < seen.length) this.fault = `${when}: ${String(seen.length - once.size)} rows twice`;
      const missing = [...landedBefore].filter((row) => !once.has(row)).length;
      if (missing > 0) this.fault = `${when}: ${String(missing)} rows missing`;
    } catch (error) {
      this.fault = `${when}: ${String(error)}`;
    }
  }

  /** At the end everything is compacted, a day is few parts, and nothing is left that nobody needs. */
  private leftovers(): string | undefined {
    const manifest = Manifest.openForReading(this.root);
    if (!manifest) return 'nothing was compacted';
    const loose = landedDates(this.root, dataset, manifest)
      .flatMap(({ hours }) => hours)
      .flatMap(({ names }) => names);
    const files = new Set(
      readdirSync(join(this.root, 'compacted'), { recursive: true }).filter((name) => String(name).endsWith('.parquet')),
    );
    const parts = manifest.parts(dataset);
    const dates = landedDates(this.root, dataset, undefined).map(({ dt }) => dt);
    const settledHours = dates.flatMap((dt) => [...manifest.settledHours(dataset, dt)]).length;
    const settledDates = manifest.settledDates(dataset).size;
    manifest.close();
    if (loose.length > 0) return `${String(loose.length)} objects are in no part at the end`;
    if (settledHours === 0 && this.objects > 0) return 'no landing hour is settled at the end';
    if (settledDates === 0 && this.objects > 0) return 'no landing date is settled at the end';
    const days = new Set(parts.map(({ name }) => dirname(name))).size;
    if (parts.length > days * 8) return `${String(parts.length)} parts for ${String(days)} days`;
    return files.size > parts.length ? `${String(files.size - parts.length)} files that nobody needs` : undefined;
  }
}

const linesIn = (file: string): string[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '');

/** The patterns that readers are given: a star for the names of files, and of hours and dates. */
function expand(pattern: string): string[] {
  if (!pattern.includes('*')) return [pattern];
  const [folder, name] = [dirname(pattern), pattern.slice(dirname(pattern).length + 1)];
  const root = dirname(dirname(folder));
  const folders = folder.includes('*') ? hourFolders(root).map((one) => join(root, one)) : [folder];
  return folders.flatMap((one) => (name.includes('*') ? namesIn(one).map((file) => join(one, file)) : [join(one, name)]));
}

const hourFolders = (root: string): string[] => namesIn(root).flatMap((dt) => namesIn(join(root, dt)).map((hr) => `${dt}/${hr}`));

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
