/** Compaction on one machine: parts are Parquet files under `compacted/`, and a manifest says which of them count. */

import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import type { CompactableObject, DayOfObjects, EventDay, Part } from '../../shared/domain/compaction.ts';
import { latestCutoff } from '../../shared/domain/keeping.ts';
import { hourFolder } from '../../shared/domain/landing-key.ts';
import { seconds } from '../../shared/domain/window.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Compaction, CompactionStep, PartRequest } from '../../shared/ports/compaction.ts';
import { answer } from '../answer.ts';
import type { DaySpan } from '../day-span.ts';
import { flush, makeFlushedFolder } from '../flush.ts';
import type { LakeFolder } from '../lake-folder.ts';
import type { DroppedRows } from './dropped-rows.ts';
import { pastObjects, type ObjectsPlace } from './expired-objects.ts';
import { landedDates } from './landed-files.ts';
import { Manifest } from './manifest.ts';
import type { PartWriter } from './part-writer.ts';
import { readersLastMs } from './readers.ts';

/** A folder that changed less long ago may change again within the same tick of its clock. */
const settledAfterMs = seconds(10);

/** A lake folder that this process holds alone. */
export class LocalCompaction implements Compaction {
  private readonly folder: Pick<LakeFolder, 'path' | 'objectsTemp'>;
  private readonly writer: PartWriter;
  private readonly clock: Clock;
  private readonly manifest: Manifest;

  /** Opens the folder's manifest, which is made when it is missing. The caller closes this, and the writer. */
  constructor(folder: Pick<LakeFolder, 'path' | 'objectsTemp'>, writer: PartWriter, clock: Clock) {
    this.folder = folder;
    this.writer = writer;
    this.clock = clock;
    this.manifest = Manifest.openForWriting(folder.path);
  }

  async uncompacted(dataset: string): Promise<readonly CompactableObject[]> {
    const objects: CompactableObject[] = [];
    for (const { dt, changedNs, hours } of landedDates(this.folder.path, dataset, this.manifest)) {
      if (hours.length > 0) this.manifest.unsettleDate(dataset, dt);
      else if (this.isAtRest(changedNs)) this.manifest.settleDate(dataset, dt, changedNs);
      for (const { hour, names, changedNs } of hours) {
        if (names.length === 0 && this.isAtRest(changedNs)) this.manifest.settleHour(dataset, hour, changedNs);
        for (const name of names) {
          const key = `raw/${dataset}/${hourFolder(hour)}/${name}`;
          objects.push({ key, bytes: (await stat(this.fileOf(key))).size });
        }
      }
    }
    return objects;
  }

  private isAtRest(changedNs: string): boolean {
    return Number(BigInt(changedNs) / 1_000_000n) < this.clock.now() - settledAfterMs;
  }

  eventDays(dataset: string, objects: readonly CompactableObject[]): Promise<readonly DayOfObjects[]> {
    return this.writer.eventDays(dataset, objects);
  }

  parts(dataset: string, day: EventDay): Promise<readonly Part[]> {
    return answer(() => this.manifest.parts(dataset, day));
  }

  /** The parts that count of a span of event days, by day. */
  partsWithin(dataset: string, span: DaySpan): ReadonlyMap<EventDay, readonly Part[]> {
    const names = new Set(this.manifest.partsWithin(dataset, [span]).map(({ name }) => name));
    const days = [...this.manifest.partsByDay(dataset)].map(([day, parts]) => [day, parts.filter(({ name }) => names.has(name))] as const);
    return new Map(days.filter(([, parts]) => parts.length > 0));
  }

  async write(request: PartRequest): Promise<Part> {
    const { dataset, day } = request;
    return this.put(dataset, day, (file) => this.writer.write(request, file));
  }

  /** Writes a part's rows again without some. It does not count yet. @returns Undefined when none is left. */
  async writeWithout(dataset: string, day: EventDay, part: Part, rows: DroppedRows): Promise<Part | undefined> {
    const written = await this.put(dataset, day, (file) => this.writer.writeWithout(dataset, part, rows, file));
    if (written.rows > 0) return written;
    await rm(this.fileOf(written.name));
    return undefined;
  }

  commit(step: CompactionStep): Promise<void> {
    return answer(() => {
      this.manifest.commit(step, this.clock.now());
    });
  }

  /** @param when `at once` removes retired parts under the eyes of their readers: their queries fail. */
  async clean(when: 'after readers' | 'at once' = 'after readers'): Promise<void> {
    const retiredBefore = when === 'at once' ? Infinity : this.clock.now() - readersLastMs;
    for (const name of this.manifest.retiredBefore(retiredBefore)) this.manifest.removePart(name);
    const known = this.manifest.allNames();
    for (const name of await this.partFiles()) if (!known.has(name)) await rm(this.fileOf(name));
  }

  /**
   * From now on the dataset is read from its objects again, as if it had never been compacted; rows whose objects have expired stay in parts.
   */
  async forget(dataset: string): Promise<void> {
    const cutoffs = this.manifest.horizons(dataset);
    const hasExpired = latestCutoff(cutoffs) !== undefined;
    const parts = hasExpired ? [...this.manifest.partsByDay(dataset)] : [];
    const kept: { day: EventDay; part: Part }[] = [];
    for (const [day, ofDay] of parts)
      for (const part of ofDay) {
        const left = await this.writeWithout(dataset, day, part, { kind: 'landed since', cutoffs });
        if (left) kept.push({ day, part: left });
      }
    const past = hasExpired ? await pastObjects(this.place(), dataset, cutoffs) : [];
    const objects = past.flatMap(({ going, leaving }) => [...going, ...leaving]);
    this.manifest.forget(dataset, this.clock.now(), { added: kept, objects });
  }

  /** What expiring and erasing work on. */
  place(): ObjectsPlace {
    return { root: this.folder.path, manifest: this.manifest, writer: this.writer, now: () => this.clock.now() };
  }

  /** Ends its use of the manifest. */
  close(): void {
    this.manifest.close();
  }

  /** A part appears at its name complete, and is on disk then. */
  private async put(dataset: string, day: EventDay, write: (file: string) => Promise<number>): Promise<Part> {
    const id = randomUUID();
    const name = `compacted/${dataset}/day=${day}/${id}.parquet`;
    const [draft, target] = [join(this.folder.objectsTemp, `part-${id}`), this.fileOf(name)];
    const rows = await write(draft);
    await flush(draft);
    await makeFlushedFolder(dirname(target));
    await rename(draft, target);
    await flush(dirname(target));
    return { name, rows, bytes: (await stat(target)).size };
  }

  private fileOf(name: string): string {
    return join(this.folder.path, name);
  }

  private async partFiles(): Promise<string[]> {
    const folder = this.fileOf('compacted');
    if (!existsSync(folder)) return [];
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => relative(this.folder.path, join(entry.parentPath, entry.name)).split(sep).join('/'));
  }
}
