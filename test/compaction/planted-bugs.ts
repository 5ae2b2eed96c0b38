/** Bugs of compaction, each of which the simulation has to find. */

import { bug, type CodeBug } from '../proof/planted-bugs/planted-bug.ts';

const station = 'lambdas/compact/compact.ts';
const decisions = 'shared/domain/compaction.ts';
const manifest = 'local/compaction/manifest.ts';
const landed = 'local/compaction/landed-files.ts';
const expired = 'local/compaction/expired-objects.ts';
const local = 'local/compaction/local-compaction.ts';

/** Every planted bug. */
export const compactionBugs: readonly CodeBug[] = [
  bug(
    'objects are noted although their parts are not',
    station,
    'await deps.compaction.commit(step);',
    'await deps.compaction.commit({ ...step, added: [] });',
  ),
  bug(
    'parts count although their objects are not noted',
    station,
    'await deps.compaction.commit(step);',
    'await deps.compaction.commit({ ...step, objects: [] });',
  ),
  bug('merged parts go on counting', station, 'retired.push(...parts);', ''),
  bug(
    'merged parts are retired and not written again',
    station,
    'compaction.write({ dataset, day, objects: ofDay, parts })',
    'compaction.write({ dataset, day, objects: ofDay, parts: [] })',
  ),
  bug(
    'the rows of merged parts alone are written',
    station,
    'compaction.write({ dataset, day, objects: ofDay, parts })',
    'compaction.write({ dataset, day, objects: parts.length > 0 ? [] : ofDay, parts })',
  ),
  bug(
    'only the first event day of a step is written',
    station,
    'of await compaction.eventDays(dataset, objects))',
    'of (await compaction.eventDays(dataset, objects)).slice(0, 1))',
  ),
  bug(
    'a step is taken before its parts are written',
    station,
    'await deps.compaction.commit(step);',
    'await deps.compaction.commit({ ...step, added: [], retired: [] }); await deps.compaction.commit({ ...step, objects: [] });',
  ),
  bug(
    'a step is taken in two: parts first',
    station,
    'await deps.compaction.commit(step);',
    'await deps.compaction.commit({ ...step, objects: [] }); await deps.compaction.commit({ ...step, added: [], retired: [] });',
  ),
  bug('the object that begins a step is left out', decisions, 'steps.push([object]);', 'steps.push(step ? [] : [object]);'),
  bug('an object is in two steps', decisions, 'step.push(object);', 'step.push(object); steps.push([object]);'),
  bug('small parts are never merged', decisions, 'return small.length + 1 >= limits.partsToMerge ? small : [];', 'return [];'),
  bug(
    'an object that is noted already is passed over',
    manifest,
    "'INSERT INTO objects VALUES (?, ?, ?, ?)'",
    "'INSERT OR IGNORE INTO objects VALUES (?, ?, ?, ?)'",
  ),
  bug(
    'a step is no transaction',
    manifest,
    'commit({ dataset, objects, added, retired }: CompactionStep, now: Instant): void { inTransaction(this.db, () => {',
    'commit({ dataset, objects, added, retired }: CompactionStep, now: Instant): void { (((_: unknown, work: () => void) => { work(); }))(this.db, () => {',
  ),
  bug('retired parts count', manifest, '${where} AND retired_at IS NULL ORDER BY name', '${where} ORDER BY name'),
  bug(
    'parts of every day are taken for those of one',
    manifest,
    "const where = day === undefined ? '' : 'AND day = ?';",
    "const where = day === undefined ? '' : 'AND day >= ?';",
  ),
  bug(
    'forgetting leaves the parts',
    manifest,
    "this.db.prepare('UPDATE parts SET retired_at = ? WHERE dataset = ? AND retired_at IS NULL').run(now, dataset);",
    '',
  ),
  bug('forgetting leaves the objects', manifest, "this.db.prepare('DELETE FROM objects WHERE dataset = ?').run(dataset);", ''),
  bug('forgetting leaves the settled hours', manifest, "this.db.prepare('DELETE FROM hours WHERE dataset = ?').run(dataset);", ''),
  bug('retired parts are removed at once', local, ': this.clock.now() - readersLastMs;', ': this.clock.now();'),
  bug('retired parts are never removed', local, 'this.manifest.removePart(name);', 'void name;'),
  bug(
    'what is removed is what counts',
    local,
    'if (!known.has(name)) await rm(this.fileOf(name));',
    'if (known.has(name)) await rm(this.fileOf(name));',
  ),
  bug('what a killed run wrote stays for ever', local, 'if (!known.has(name)) await rm(this.fileOf(name));', 'void known;'),
  bug('a landing hour is settled while objects are in no part', local, 'if (names.length === 0 && this.isAtRest', 'if (this.isAtRest'),
  bug('a landing hour is settled in the second in which it changed', local, '< this.clock.now() - settledAfterMs', '<= this.clock.now()'),
  bug('a landing hour is never settled', local, 'this.manifest.settleHour(dataset, hour, changedNs)', 'void 0'),
  bug(
    'a settled landing hour is never looked at again',
    landed,
    'settledHours.get(hour) === changedNs) return [];',
    'settledHours.has(hour)) return [];',
  ),
  bug(
    'a landing date is settled while an hour of it is not',
    local,
    'if (hours.length > 0) this.manifest.unsettleDate(dataset, dt); else if',
    'if',
  ),
  bug(
    'a settled landing date is never looked at again',
    landed,
    'settledDates.get(dt) === changedNs) return [];',
    'settledDates.has(dt)) return [];',
  ),
  bug('a landing date is never settled', local, 'this.manifest.settleDate(dataset, dt, changedNs)', 'void 0'),
  bug('forgetting leaves the settled dates', manifest, "this.db.prepare('DELETE FROM dates WHERE dataset = ?').run(dataset);", ''),
  bug('objects that are in parts are read, too', landed, 'names: all.filter((name) => !compacted.has(name)).sort()', 'names: all.sort()'),
  bug('a landing hour with objects in parts is read whole', landed, 'isWhole: compacted.size === 0', 'isWhole: true'),
  bug(
    'readers take the objects before the parts, at two moments',
    landed,
    'return manifest.atOneMoment(() => ({ parts: manifest.partsWithin(dataset, asked)',
    'return (((work: () => { parts: string[]; objects: string[] }) => work()))(() => ({ parts: manifest.partsWithin(dataset, asked).slice(0, -1)',
  ),
  bug(
    'a part has its name before it is whole',
    local,
    'const rows = await write(draft);',
    'const rows = await write(draft); await this.commit({ dataset, objects: [], added: [{ day, part: { name, rows, bytes: 0 } }], retired: [] });',
  ),
  bug(
    'an object that is in no part expires',
    expired,
    'going: gone.filter((object) => isIn(long, object)),',
    'going: gone.filter((object) => isIn(long, object) || !isIn(noted, object)),',
  ),
  bug('an object expires that a reader may still open', expired, 'place.now() - readersLastMs', 'place.now()'),
  bug(
    'horizons are forgotten',
    local,
    'const cutoffs = this.manifest.horizons(dataset);',
    'const cutoffs = { usual: undefined, own: new Map<string, string>() };',
  ),
  bug(
    'rows that have an object stay in parts when those are forgotten',
    local,
    "await this.writeWithout(dataset, day, part, { kind: 'landed since', cutoffs })",
    'part',
  ),
  bug('the rows of expired objects are not kept when parts are forgotten', manifest, 'this.addParts(dataset, kept.added);', ''),
  bug('objects that are about to expire are read beside their rows', manifest, 'this.noteObjects(dataset, kept.objects, now);', ''),
  bug(
    'notes go before their objects',
    expired,
    'for (const { key } of going) unlinkSync(join(place.root, key));',
    'place.manifest.forgetObjects(dataset, hour, going.slice(1).map(({ key }) => nameOf(key)));',
  ),
];
