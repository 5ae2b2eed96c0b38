/** What stateful rules remember on one machine: a SQLite file beside the ledger. It may be deleted: `lake detect --rebuild-state` makes it again. */

import type { DatabaseSync } from 'node:sqlite';
import type { Hit } from '../shared/detections/evaluate/hit.ts';
import { packedGroups, packedHits, unpackedGroups, unpackedHits } from '../shared/detections/evaluate/packed-hits.ts';
import type { Instant } from '../shared/domain/window.ts';
import { hoursOfRules, timelinesOf } from '../shared/ports/hours-together.ts';
import type { DayRange, GroupRef, SightedDays, SightedGroup, Sightings, TimelineRange } from '../shared/ports/sightings.ts';
import { answer } from './answer.ts';
import { inSnapshot, inTransaction, openDatabase } from './database.ts';

const schema = `
CREATE TABLE IF NOT EXISTS hits (
  rule       TEXT    NOT NULL,
  tenant_id  TEXT    NOT NULL,
  group_key  TEXT    NOT NULL,
  hour       INTEGER NOT NULL,                   -- the first instant of the hour that the hits are of
  object     TEXT    NOT NULL,
  hits       TEXT    NOT NULL,                   -- JSON: [time, record, part, value?] each
  keep_until INTEGER NOT NULL,
  PRIMARY KEY (rule, tenant_id, group_key, hour, object)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS together (
  rule       TEXT    NOT NULL,
  tenant_id  TEXT    NOT NULL,
  hour       INTEGER NOT NULL,                   -- as above
  object     TEXT    NOT NULL,
  groups     TEXT    NOT NULL,                   -- JSON: [group, hits as above] each
  keep_until INTEGER NOT NULL,
  PRIMARY KEY (rule, tenant_id, hour, object)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS days (
  rule       TEXT    NOT NULL,
  tenant_id  TEXT    NOT NULL,
  group_key  TEXT    NOT NULL,
  day        INTEGER NOT NULL,
  keep_until INTEGER NOT NULL,
  PRIMARY KEY (rule, tenant_id, group_key, day)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS known (
  finding_id TEXT    NOT NULL PRIMARY KEY,
  keep_until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
-- Lakes of earlier versions have them: keeping them up costs each put more than one look at everything costs a day.
DROP INDEX IF EXISTS hits_old;
DROP INDEX IF EXISTS days_old;
DROP INDEX IF EXISTS known_old;
`;

const hourMs = 3_600_000;

/** Sightings in a file, on disk before a put answers: a job that is final must not lose what others need of it. */
export function openSightings(file: string): LocalSightings {
  return new LocalSightings(openDatabase(file, schema, { synchronous: 'FULL' }));
}

/** See {@link openSightings}. */
export class LocalSightings implements Sightings {
  private readonly db: DatabaseSync;
  private readonly sql: ReturnType<typeof prepare>;

  constructor(db: DatabaseSync) {
    this.db = db;
    this.sql = prepare(db);
  }

  close(): void {
    this.db.close();
  }

  put(object: string, groups: readonly SightedGroup[]): Promise<void> {
    return this.write(() => {
      for (const { rule, tenantId, hour, groups: ofHour, keepUntil } of hoursOfRules(groups.filter(({ isTogether }) => isTogether)))
        this.sql.putTogether.run({ rule, tenantId, hour, object, groups: packedGroups(ofHour), keepUntil });
      for (const group of groups.filter(({ isTogether }) => !isTogether)) {
        for (const [hour, hits] of Map.groupBy(group.hits, ({ time }) => hourOf(time))) {
          this.sql.putHits.run(...keyOf(group), hour, object, packedHits(hits), group.keepUntil);
        }
      }
    });
  }

  timelines(ranges: readonly TimelineRange[]): Promise<readonly (readonly Hit[])[]> {
    return timelinesOf(ranges, {
      together: ({ rule, tenantId, from, to }) =>
        this.read(() => this.sql.hours.all({ rule, tenantId, from, to }).map(({ groups }) => unpackedGroups(groups as string))),
      apart: (those) =>
        this.read(() =>
          those.map((range) =>
            this.sql.timeline.all(...keyOf(range), hourOf(range.from), range.to).flatMap(({ hits }) => unpackedHits(hits as string)),
          ),
        ),
    });
  }

  remember(entities: readonly SightedDays[]): Promise<void> {
    return this.write(() => {
      for (const entity of entities) for (const day of entity.days) this.sql.addDay.run(...keyOf(entity), day, entity.keepUntil);
    });
  }

  days(ranges: readonly DayRange[]): Promise<readonly (readonly number[])[]> {
    return this.read(() => ranges.map((range) => this.sql.days.all(...keyOf(range), range.from, range.to).map(({ day }) => day as number)));
  }

  known(findingIds: readonly string[]): Promise<ReadonlySet<string>> {
    return this.read(() => new Set(findingIds.filter((id) => this.sql.isKnown.get(id) !== undefined)));
  }

  noteKnown(findingIds: readonly string[], keepUntil: Instant): Promise<void> {
    return this.write(() => {
      for (const findingId of findingIds) this.sql.noteKnown.run({ findingId, keepUntil });
    });
  }

  /** Forgets what nobody needs any more. */
  forget(now: Instant): Promise<void> {
    return this.write(() => {
      for (const forget of [this.sql.forgetHits, this.sql.forgetTogether, this.sql.forgetDays, this.sql.forgetKnown]) forget.run(now);
    });
  }

  /** Forgets everything, of every rule. */
  clear(): Promise<void> {
    return this.forget(Number.MAX_SAFE_INTEGER);
  }

  private read<T>(work: () => T): Promise<T> {
    return answer(() => inSnapshot(this.db, work));
  }

  private write<T>(work: () => T): Promise<T> {
    return answer(() => inTransaction(this.db, work));
  }
}

function prepare(db: DatabaseSync) {
  return {
    putHits: db.prepare(`
      INSERT OR REPLACE INTO hits (rule, tenant_id, group_key, hour, object, hits, keep_until)
      VALUES (?, ?, ?, ?, ?, ?, ?)`),
    putTogether: db.prepare(`
      INSERT OR REPLACE INTO together (rule, tenant_id, hour, object, groups, keep_until)
      VALUES (:rule, :tenantId, :hour, :object, :groups, :keepUntil)`),
    hours: db.prepare('SELECT groups FROM together WHERE rule = :rule AND tenant_id = :tenantId AND hour >= :from AND hour < :to'),
    timeline: db.prepare(`
      SELECT hits FROM hits WHERE rule = ? AND tenant_id = ? AND group_key = ? AND hour >= ? AND hour < ?`),
    addDay: db.prepare(`
      INSERT INTO days (rule, tenant_id, group_key, day, keep_until) VALUES (?, ?, ?, ?, ?)
      ON CONFLICT DO UPDATE SET keep_until = max(keep_until, excluded.keep_until)`),
    days: db.prepare(`
      SELECT day FROM days WHERE rule = ? AND tenant_id = ? AND group_key = ? AND day BETWEEN ? AND ?`),
    isKnown: db.prepare('SELECT 1 FROM known WHERE finding_id = ?'),
    noteKnown: db.prepare('INSERT OR REPLACE INTO known (finding_id, keep_until) VALUES (:findingId, :keepUntil)'),
    forgetHits: db.prepare('DELETE FROM hits WHERE keep_until < ?'),
    forgetTogether: db.prepare('DELETE FROM together WHERE keep_until < ?'),
    forgetDays: db.prepare('DELETE FROM days WHERE keep_until < ?'),
    forgetKnown: db.prepare('DELETE FROM known WHERE keep_until < ?'),
  };
}

const hourOf = (time: Instant): Instant => Math.floor(time / hourMs) * hourMs;
/** In the order of the primary keys. Parameters by their places bind in half the time of those by name, and every group of every object binds them. */
const keyOf = ({ rule, tenantId, group }: GroupRef) => [rule, tenantId, group] as const;
