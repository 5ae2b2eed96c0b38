/** Compaction on one machine: parts are Parquet files under `compacted/`, and a manifest says which of them count. */

import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import type { CompactableObject, DayOfObjects, EventDay, Part } from '../../shared/domain/compaction.ts';
import { hourFolder } from '../../shared/domain/landing-key.ts';
import { minutes, seconds } from '../../shared/domain/window.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Compaction, CompactionStep, PartRequest } from '../../shared/ports/compaction.ts';
import { answer } from '../answer.ts';
import type { LakeFolder } from '../lake-folder.ts';
import { landedHours } from './landed-files.ts';
import { Manifest } from './manifest.ts';
import type { PartWriter } from './part-writer.ts';

/** A reader that began before a part was retired has ended by then. */
const readersLastMs = minutes(60);
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
    for (const { hour, names, changedNs } of landedHours(this.folder.path, dataset, this.manifest)) {
      const changedAt = Number(BigInt(changedNs) / 1_000_000n);
      if (names.length === 0 && changedAt < this.clock.now() - settledAfterMs) this.manifest.settleHour(dataset, hour, changedNs);
      for (const name of names) {
        const key = `raw/${dataset}/${hourFolder(hour)}/${name}`;
        objects.push({ key, bytes: (await stat(this.fileOf(key))).size });
      }
    }
    return objects;
  }

  eventDays(dataset: string, objects: readonly CompactableObject[]): Promise<readonly DayOfObjects[]> {
    return this.writer.eventDays(dataset, objects);
  }

  parts(dataset: string, day: EventDay): Promise<readonly Part[]> {
    return answer(() => this.manifest.parts(dataset, day));
  }

  async write(request: PartRequest): Promise<Part> {
    const id = randomUUID();
    const name = `compacted/${request.dataset}/day=${request.day}/${id}.parquet`;
    const [draft, target] = [join(this.folder.objectsTemp, `part-${id}`), this.fileOf(name)];
    const rows = await this.writer.write(request, draft);
    await flush(draft);
    await makeFolder(dirname(target));
    await rename(draft, target);
    await flush(dirname(target));
    return { name, rows, bytes: (await stat(target)).size };
  }

  commit(step: CompactionStep): Promise<void> {
    return answer(() => {
      this.manifest.commit(step, this.clock.now());
    });
  }

  async clean(): Promise<void> {
    for (const name of this.manifest.retiredBefore(this.clock.now() - readersLastMs)) this.manifest.removePart(name);
    const known = this.manifest.allNames();
    for (const name of await this.partFiles()) if (!known.has(name)) await rm(this.fileOf(name));
  }

  /** From now on the dataset is read from its objects again, as if it had never been compacted. */
  forget(dataset: string): void {
    this.manifest.forget(dataset, this.clock.now());
  }

  /** Ends its use of the manifest. */
  close(): void {
    this.manifest.close();
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

/** Makes the folder with all above it; a folder that was made is on disk, with its name in the one above, before this returns. */
async function makeFolder(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true, mode: 0o700 });
  if (first === undefined) return;
  for (let made = folder; made !== dirname(first); made = dirname(made)) await flush(dirname(made));
}

async function flush(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
