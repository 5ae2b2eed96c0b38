/** Which parts count and which objects are in them: one SQLite file of the lake folder. */

import type { DatabaseSync } from 'node:sqlite';
import type { EventDay, Part } from '../../shared/domain/compaction.ts';
import type { Cutoffs } from '../../shared/domain/keeping.ts';
import { hourOfFolder } from '../../shared/domain/landing-key.ts';
import type { Instant } from '../../shared/domain/window.ts';
import type { CompactionStep } from '../../shared/ports/compaction.ts';
import type { DaySpan } from '../day-span.ts';
import { inSnapshot, inTransaction } from '../database.ts';
import { isCompacted, openManifestFile } from './manifest-file.ts';

/** The manifest of one lake. */
export class Manifest {
  private readonly db: DatabaseSync;

  private constructor(db: DatabaseSync) {
    this.db = db;
  }

  /** Opens it for the one process that compacts; made when it is missing. */
  static openForWriting(root: string): Manifest {
    return new Manifest(openManifestFile(root, false));
  }

  /** Opens it for reading. @returns Undefined for a lake that was never compacted. */
  static openForReading(root: string): Manifest | undefined {
    if (!isCompacted(root)) return undefined;
    return new Manifest(openManifestFile(root, true));
  }

  /** Runs reads against one state of it, whatever is committed meanwhile. */
  atOneMoment<T>(read: () => T): T {
    return inSnapshot(this.db, read);
  }

  /** The parts that count: of a day, or of all. */
  parts(dataset: string, day?: EventDay): Part[] {
    const where = day === undefined ? '' : 'AND day = ?';
    const rows = this.db
      .prepare(`SELECT name, rows, bytes FROM parts WHERE dataset = ? ${where} AND retired_at IS NULL ORDER BY name`)
      .all(...(day === undefined ? [dataset] : [dataset, day]));
    return rows.map(partOf);
  }

  /** The parts that count of any of these event days, and of years that have a sign; those of rows without an event time where all are asked. */
  partsWithin(dataset: string, spans: readonly DaySpan[]): Part[] {
    if (spans.some(({ from, to }) => from === undefined && to === undefined)) return this.parts(dataset);
    // Each span is looked up by itself: with OR, SQLite would look at every part of the dataset.
    const distinct = [...new Map(spans.map((span) => [`${span.from ?? ''} ${span.to ?? ''}`, span])).values()];
    const one = 'SELECT name, rows, bytes FROM parts WHERE dataset = ? AND retired_at IS NULL AND day';
    const each = [`${one} < '0'`, ...distinct.map(() => `${one} BETWEEN ? AND ?`)];
    const rows = this.db
      .prepare(`${each.join(' UNION ')} ORDER BY name`)
      .all(dataset, ...distinct.flatMap(({ from = '', to = lastDay }) => [dataset, from, to]));
    return rows.map(partOf);
  }

  /** Names of every part, counting or retired. */
  allNames(): Set<string> {
    return new Set(
      this.db
        .prepare('SELECT name FROM parts')
        .all()
        .map(({ name }) => String(name)),
    );
  }

  /** File names of the compacted objects of a landing hour. */
  objects(dataset: string, hour: string): Set<string> {
    const rows = this.db.prepare('SELECT name FROM objects WHERE dataset = ? AND hour = ?').all(dataset, hour);
    return new Set(rows.map(({ name }) => String(name)));
  }

  /** Of them, those that a step took into parts before a time: no reader that began earlier reads them any more. */
  objectsNotedBefore(dataset: string, hour: string, time: Instant): Set<string> {
    const rows = this.db.prepare('SELECT name FROM objects WHERE dataset = ? AND hour = ? AND noted_at < ?').all(dataset, hour, time);
    return new Set(rows.map(({ name }) => String(name)));
  }

  /** Whether any row of the dataset is in a part, or any object of it noted. */
  has(dataset: string): boolean {
    const either = 'SELECT 1 FROM objects WHERE dataset = ?1 UNION ALL SELECT 1 FROM parts WHERE dataset = ?1 AND retired_at IS NULL';
    return this.db.prepare(`${either} LIMIT 1`).get(dataset) !== undefined;
  }

  /** The hours of a landing date whose objects were all compacted, with the time of change of their folder then, in ns. */
  settledHours(dataset: string, dt: string): Map<string, string> {
    const rows = this.db
      .prepare('SELECT hour, changed_ns FROM hours WHERE dataset = ? AND hour BETWEEN ? AND ?')
      .all(dataset, `${dt}T00`, `${dt}T23`);
    return new Map(rows.map(({ hour, changed_ns: changed }) => [String(hour), String(changed)]));
  }

  /** Notes such an hour. */
  settleHour(dataset: string, hour: string, changedNs: string): void {
    this.db.prepare('INSERT OR REPLACE INTO hours VALUES (?, ?, ?)').run(dataset, hour, changedNs);
  }

  /** The horizons of a dataset; see {@link Cutoffs}, as of which they are read. */
  horizons(dataset: string): Cutoffs {
    const rows = this.db.prepare('SELECT tenant, dt FROM horizons WHERE dataset = ?').all(dataset);
    const all = new Map(rows.map(({ tenant, dt }) => [String(tenant), String(dt)]));
    const usual = all.get('');
    all.delete('');
    return { usual, own: new Map([...all].filter(([, dt]) => usual === undefined || dt > usual)) };
  }

  /** Moves horizons on; one that is further already stays. On disk before this returns: objects may be removed then. */
  moveHorizons(dataset: string, to: ReadonlyMap<string, string>): void {
    const move = 'INSERT INTO horizons VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET dt = max(dt, excluded.dt)';
    inTransaction(this.db, () => {
      for (const [tenant, dt] of to) this.db.prepare(move).run(dataset, tenant, dt);
    });
  }

  /** Forgets objects of a landing hour that are there no more. */
  forgetObjects(dataset: string, hour: string, names: readonly string[]): void {
    inTransaction(this.db, () => {
      const forget = this.db.prepare('DELETE FROM objects WHERE dataset = ? AND hour = ? AND name = ?');
      for (const name of names) forget.run(dataset, hour, name);
    });
  }

  /** Landing hours of the compacted objects. */
  landingHours(dataset: string): string[] {
    const rows = this.db.prepare('SELECT DISTINCT hour FROM objects WHERE dataset = ? ORDER BY hour').all(dataset);
    return rows.map(({ hour }) => String(hour));
  }

  /** The parts that count, with their days. */
  partsByDay(dataset: string): Map<EventDay, Part[]> {
    const rows = this.db.prepare('SELECT DISTINCT day FROM parts WHERE dataset = ? AND retired_at IS NULL ORDER BY day').all(dataset);
    return new Map(rows.map(({ day }) => [String(day), this.parts(dataset, String(day))]));
  }

  /** Landing dates of which every hour is settled, with the time of change of their folder then, in ns. */
  settledDates(dataset: string): Map<string, string> {
    const rows = this.db.prepare('SELECT dt, changed_ns FROM dates WHERE dataset = ?').all(dataset);
    return new Map(rows.map(({ dt, changed_ns: changed }) => [String(dt), String(changed)]));
  }

  /** Notes such a date. */
  settleDate(dataset: string, dt: string, changedNs: string): void {
    this.db
      .prepare(
        'INSERT INTO dates VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET changed_ns = excluded.changed_ns WHERE changed_ns <> excluded.changed_ns',
      )
      .run(dataset, dt, changedNs);
  }

  /** Such a date has an object that is in no part, or may have. */
  unsettleDate(dataset: string, dt: string): void {
    this.db.prepare('DELETE FROM dates WHERE dataset = ? AND dt = ?').run(dataset, dt);
  }

  /** Takes a step, in one transaction. @throws When an object is in a part already, or a part does not count: nothing is taken then. */
  commit({ dataset, objects, added, retired }: CompactionStep, now: Instant): void {
    inTransaction(this.db, () => {
      this.noteObjects(dataset, objects, now);
      this.addParts(dataset, added);
      const retire = this.db.prepare('UPDATE parts SET retired_at = ? WHERE name = ? AND retired_at IS NULL');
      for (const { name } of retired) if (retire.run(now, name).changes !== 1) throw new Error(`part ${name} does not count any more`);
    });
  }

  /**
   * From now on the dataset is read from its objects again, as if it had never been compacted, and from these parts.
   *
   * @param kept The parts with the rows of objects that have expired, and no others; and those of these objects that are still there.
   */
  forget(dataset: string, now: Instant, kept: Pick<CompactionStep, 'added' | 'objects'> = { added: [], objects: [] }): void {
    inTransaction(this.db, () => {
      this.db.prepare('UPDATE parts SET retired_at = ? WHERE dataset = ? AND retired_at IS NULL').run(now, dataset);
      this.addParts(dataset, kept.added);
      this.db.prepare('DELETE FROM objects WHERE dataset = ?').run(dataset);
      this.noteObjects(dataset, kept.objects, now);
      this.db.prepare('DELETE FROM hours WHERE dataset = ?').run(dataset);
      this.db.prepare('DELETE FROM dates WHERE dataset = ?').run(dataset);
    });
  }

  private noteObjects(dataset: string, objects: CompactionStep['objects'], now: Instant): void {
    const note = this.db.prepare('INSERT INTO objects VALUES (?, ?, ?, ?)');
    for (const { key } of objects) note.run(dataset, ...placeOf(key), now);
  }

  private addParts(dataset: string, added: CompactionStep['added']): void {
    const add = this.db.prepare('INSERT INTO parts VALUES (?, ?, ?, ?, ?, NULL)');
    for (const { day, part } of added) add.run(part.name, dataset, day, part.rows, part.bytes);
  }

  /** Names of parts that were retired before a time. */
  retiredBefore(time: Instant): string[] {
    const rows = this.db.prepare('SELECT name FROM parts WHERE retired_at < ?').all(time);
    return rows.map(({ name }) => String(name));
  }

  /** Forgets a retired part: its file is nobody's then. */
  removePart(name: string): void {
    this.db.prepare('DELETE FROM parts WHERE name = ? AND retired_at IS NOT NULL').run(name);
  }

  /** Ends its use. */
  close(): void {
    this.db.close();
  }
}

const partOf = ({ name, rows, bytes }: Record<string, unknown>): Part => ({ name: String(name), rows: Number(rows), bytes: Number(bytes) });

/** No date is after it, and the unknown day is. */
const lastDay = '9999-12-31';

/** Landing hour and file name of an object. @throws For a key that is none of landing-key.ts. */
function placeOf(key: string): [hour: string, name: string] {
  const [, folder = '', name] = /\/(dt=[^/]+\/hr=[^/]+)\/([^/]+)$/.exec(key) ?? [];
  const hour = hourOfFolder(folder);
  if (hour === undefined || name === undefined) throw new Error(`'${key}' is no key of a landed object`);
  return [hour, name];
}
