/** Bugs of compaction by hours, each of which the simulation of hours has to find. */

import { bug, type CodeBug } from '../proof/planted-bugs/planted-bug.ts';

const station = 'lambdas/compact/compact-hours.ts';
const decisions = 'shared/domain/hour-compaction.ts';
const changed = 'shared/domain/changed-hours.ts';
const statements = 'shared/domain/compaction-statements.ts';

/** Every planted bug. */
export const hourBugs: readonly CodeBug[] = [
  bug('hours with pending jobs are not opened', decisions, 'if (fresh.length > 0)', 'if (fresh.length > 99)'),
  bug('opening an hour forgets those that are open', decisions, 'open: [...state.open, ...fresh].sort()', 'open: fresh'),
  bug('an hour is due as soon as it is over', decisions, 'utcHour(asOf - graceMs - hours(1))', 'utcHour(asOf - hours(1))'),
  bug('the hour that is running is due', decisions, 'utcHour(asOf - graceMs - hours(1))', 'utcHour(asOf - graceMs)'),
  bug(
    'an hour is closed while a job of it is pending',
    decisions,
    '!pending.hours.has(one) && watermark !== undefined',
    'watermark !== undefined',
  ),
  bug(
    'an hour is closed without a merge',
    decisions,
    "return hour === undefined ? undefined : { kind: 'merge', hours: { from: hour, to: hour }, closes: true };",
    "return hour === undefined ? undefined : { kind: 'merge', hours: { from: '2000-01-01T00', to: '2000-01-01T00' }, closes: true };",
  ),
  bug('a closed hour stays open', decisions, 'open: to.open.filter((one) => one !== from)', 'open: to.open'),
  bug('closing an hour closes all', decisions, 'open: to.open.filter((one) => one !== from)', 'open: []'),
  bug(
    'the watermark passes hours that were not merged',
    decisions,
    'const watermark = to.watermark === undefined || hour > to.watermark ? hour : to.watermark;',
    'const watermark = hourLater(hour);',
  ),
  bug(
    'the watermark passes what is due although objects wait',
    decisions,
    'const passed = ready[0] ? hourLater(ready[0].hour, -1) : due;',
    'const passed = ready.length === 1 ? hourLater(ready[0]?.hour ?? due, -1) : due;',
  ),
  bug(
    'the watermark passes hours that wait',
    decisions,
    'const passed = ready[0] ? hourLater(ready[0].hour, -1) : due;',
    'const passed = due;',
  ),
  bug(
    'hours that wait are waited for for ever',
    decisions,
    'if (!isEnough && due < stretchEnd(first.hour, limits.everyHours)) return undefined;',
    'if (!isEnough) return undefined;',
  ),
  bug(
    'a statement takes more hours than it merges',
    decisions,
    "return { kind: 'merge', hours: { from: first.hour, to } };",
    "return { kind: 'merge', hours: { from: to, to } };",
  ),
  bug(
    'hours after those that are due are merged',
    decisions,
    'landed.filter(({ hour }) => hour <= due && (watermark === undefined || hour > watermark))',
    'landed.filter(({ hour }) => watermark === undefined || hour > watermark)',
  ),
  bug(
    'a failed statement counts as one that succeeded',
    decisions,
    "if (ended.kind === 'failed')",
    "if (ended.kind === 'failed' && turn.kind !== 'merge')",
  ),
  bug('only the first slice is merged', decisions, 'const left = slices.slice(1);', 'const left = slices.slice(slices.length);'),
  bug(
    'a merge that fails is not sliced',
    decisions,
    "if (turn.kind === 'merge' && turn.slices === undefined)",
    "if (turn.kind === 'merge' && turn.slices === null)",
  ),
  bug('the last slice is lost', statements, 'from < days.length; from += most', 'from + most < days.length; from += most'),
  bug(
    'a slice ends before its last day',
    statements,
    'days[Math.min(from + most, days.length) - 1]',
    'days[Math.min(from + most, days.length) - 2]',
  ),
  bug(
    'slices of a closing hour do not close it',
    decisions,
    'hours: those, ...(closes && { closes }), slices };',
    'hours: those, slices };',
  ),
  bug('a table is never made', decisions, "hasColumns(state, situation.columns) ? work : { kind: 'table' }", 'work'),
  bug(
    'the view is never written',
    decisions,
    'if (columns === undefined || watermark === undefined) return false;',
    'if (watermark !== undefined) return false;',
  ),
  bug(
    'hours that are opened are not shown',
    decisions,
    'return open.join() !== published.open.join();',
    'return open.length < published.open.length;',
  ),
  bug(
    'hours that are closed stay in the view',
    decisions,
    'return open.join() !== published.open.join();',
    'return open.length > published.open.length;',
  ),
  bug(
    'the view is written from the state before its version is read',
    station,
    'const view = await compaction.view(dataset); const state = await compaction.load(dataset);',
    'const state = await compaction.load(dataset); const view = await compaction.view(dataset);',
  ),
  bug(
    'the view is written whatever its version is',
    station,
    'await compaction.writeView(dataset, { watermark, open }, view.version)',
    'await compaction.writeView(dataset, { watermark, open }, (await compaction.view(dataset)).version)',
  ),
  bug(
    'the view has no open hours',
    station,
    'await compaction.writeView(dataset, { watermark, open }, view.version)',
    'await compaction.writeView(dataset, { watermark, open: [] }, view.version)',
  ),
  bug(
    'a statement that runs counts as one that has ended',
    station,
    "if (ended === 'running') return failures;",
    "if (ended === 'running') { await endTurn(dataset, state, { kind: 'succeeded' }, deps); continue; }",
  ),
  bug(
    'a refused statement counts as one that succeeded',
    station,
    "return { kind: 'failed', because: started.because };",
    "return { kind: 'succeeded' };",
  ),
  bug(
    'pending jobs are asked for by nobody',
    station,
    'nextStep(state, { ...found,',
    'nextStep(state, { ...found, pending: { ...found.pending, hours: new Set<string>() },',
  ),
  bug(
    'the view is written ahead of the state',
    station,
    'const { watermark, open } = state;',
    "const { open } = state; const watermark = state.watermark && state.watermark.replace(/.$/, '9');",
  ),
  bug(
    'rows of changed hours are deleted before the view reads their objects',
    decisions,
    'to === undefined || !again.every((hour) => open.includes(hour))',
    'to === undefined',
  ),
  bug(
    'changed hours are merged again with their old rows in place',
    decisions,
    'return { to: afterUnmerge(to, turn.hours) };',
    'return { to };',
  ),
  bug('hours that changed are forgotten when one is done', changed, 'first.hours.to <= to ? rest :', 'first.hours.to <= to ? [] :'),
  bug(
    'hours that changed are closed before their rows are deleted',
    decisions,
    'unmergeOf(state, again) ?? closingOf(state, situation.pending)',
    'closingOf(state, situation.pending) ?? unmergeOf(state, again)',
  ),
  bug('only the first slice is filled', decisions, 'const rest = slices.slice(1);', 'const rest = slices.slice(slices.length);'),
  bug(
    'only the first date of a refill is filled',
    decisions,
    'return last <= those.to ? [] : [{ hours: { from: hourLater(those.to), to: last } }];',
    'return [];',
  ),
  bug(
    'a refill is forgotten with another one',
    decisions,
    'if (from !== those.from || note.isGivenUp) return [note];',
    'if (from !== those.from || note.isGivenUp) return [];',
  ),
  bug(
    'a refill that fails is not sliced',
    decisions,
    "if (turn.kind === 'refill' && turn.slices === undefined)",
    "if (turn.kind === 'refill' && turn.slices === null)",
  ),
  bug('slices of a refill are merged instead', decisions, 'if (refills) {', 'if (refills === null) {'),
  bug('a note of changed hours replaces all others', changed, 'return [...notes, more];', 'return [more];'),
  bug('a note that joins another is forgotten', changed, 'hours: { from: one.hours.from, to }', 'hours: one.hours'),
  bug(
    'a statement that cannot be asked for counts as one that succeeded',
    station,
    "if (ended !== 'running') return ended;",
    "return ended === 'running' ? { kind: 'succeeded' } : ended;",
  ),
];
