/** Bugs of rules about time: deep lists, suspensions, where a stream begins, margins at the end of retention, and rests of a subscription. */

import { edit, files, type PlantedBug } from './planted-bug.ts';

const deepLists: readonly PlantedBug[] = [
  {
    name: 'no hourly deep list',
    mode: 'late',
    breaks: 'liveness',
    edits: [
      edit(
        files.deepList,
        '{ name: lastDay, everyMs: hours(1), spanMs: hours(24) }',
        '{ name: lastDay, everyMs: days(1), spanMs: hours(24) }',
      ),
    ],
  },
  {
    name: 'no daily deep list',
    mode: 'late',
    breaks: 'liveness',
    edits: [
      edit(
        files.deepList,
        "{ name: 'daily', everyMs: days(1), spanMs: days(7) }",
        "{ name: 'daily', everyMs: days(100), spanMs: days(7) }",
      ),
    ],
  },
  {
    name: 'the hourly deep list goes back two hours',
    mode: 'late',
    breaks: 'liveness',
    edits: [edit(files.deepList, 'everyMs: hours(1), spanMs: hours(24)', 'everyMs: hours(1), spanMs: hours(2)')],
  },
  {
    name: 'the daily deep list goes back two days',
    mode: 'late',
    breaks: 'liveness',
    edits: [edit(files.deepList, 'everyMs: days(1), spanMs: days(7)', 'everyMs: days(1), spanMs: days(2)')],
  },
  {
    name: 'a deep list does not remember where it is',
    mode: 'late',
    breaks: 'liveness',
    edits: [edit(files.listContent, 'deep: { ...deep, position: window.start }', 'deep: { ...deep, position: deep.position }')],
  },
  {
    name: 'a deep list that was interrupted goes on at its end',
    mode: 'late',
    breaks: 'liveness',
    edits: [edit(files.deepList, 'position: Math.max(running.position, oldest) };', 'position: Math.max(running.end, oldest) };')],
  },
  {
    name: 'the hourly deep list counts for the daily one',
    mode: 'late',
    breaks: 'liveness',
    edits: [edit(files.deepList, "return name === 'daily' ? everyDeepListDone(now)", "return name !== '' ? everyDeepListDone(now)")],
  },
];

const suspensions: readonly PlantedBug[] = [
  {
    name: 'a refused stream is asked for in every run',
    mode: 'refused',
    breaks: 'rule',
    edits: [edit(files.retry, 'export const suspensionMs = minutes(60);', 'export const suspensionMs = minutes(0);')],
  },
  {
    name: 'a refused stream rests for half an hour',
    mode: 'refused',
    breaks: 'rule',
    edits: [edit(files.retry, 'export const suspensionMs = minutes(60);', 'export const suspensionMs = minutes(30);')],
  },
  {
    name: 'a refused stream rests for a day',
    mode: 'refused',
    breaks: 'liveness',
    edits: [edit(files.retry, 'export const suspensionMs = minutes(60);', 'export const suspensionMs = hours(24);')],
  },
  {
    name: 'a refused token suspends nothing',
    mode: 'refused',
    breaks: 'rule',
    edits: [
      edit(
        files.list,
        'if (known) await noteRefusal(known.stream, identity, deps);',
        "if (known && identity.kind !== 'refused') await noteRefusal(known.stream, identity, deps);",
      ),
    ],
  },
  {
    name: 'a refused token suspends nothing, windows',
    mode: 'graph-refused',
    breaks: 'rule',
    edits: [
      edit(
        files.list,
        'if (known) await noteRefusal(known.stream, identity, deps);',
        "if (known && identity.kind !== 'refused') await noteRefusal(known.stream, identity, deps);",
      ),
    ],
  },
  {
    name: 'a refused stream of windows rests for a day',
    mode: 'graph-refused',
    breaks: 'liveness',
    edits: [edit(files.retry, 'export const suspensionMs = minutes(60);', 'export const suspensionMs = hours(24);')],
  },
  {
    name: 'a suspension forgets where listing was',
    mode: 'graph-refused',
    breaks: 'safety',
    edits: [edit(files.list, 'const body = cursor ? cursorBody(cursor) : { watermarks: [] };', 'const body = { watermarks: [] };')],
  },
  {
    name: 'a suspension forgets the subscription',
    mode: 'refused',
    breaks: 'safety',
    edits: [
      edit(
        files.list,
        'const body = cursor ? cursorBody(cursor) : { watermarks: [] };',
        'const { subscription: _on, subscriptionStartedAt: _at, ...body } = cursor ? cursorBody(cursor) : { watermarks: [] };',
      ),
    ],
  },
];

const beginnings: readonly PlantedBug[] = [
  {
    name: 'a stream of content begins now',
    mode: 'begin',
    breaks: 'safety',
    edits: [
      edit(
        files.listContent,
        'const begun = { watermarks: [oldestOf(run)], deepDoneAt',
        'const begun = { watermarks: [run.now], deepDoneAt',
      ),
    ],
  },
  {
    name: 'a stream of windows begins now',
    mode: 'graph-begin',
    breaks: 'safety',
    edits: [
      edit(
        files.listWindows,
        'const from = Math.max(oldestServed(now, logType.retentionMs) + firstMarginMs,',
        'const from = Math.max(now - firstMarginMs,',
      ),
    ],
  },
  {
    name: 'a stream of windows begins where Microsoft stops serving next',
    mode: 'graph-begin',
    breaks: 'rule',
    edits: [edit(files.listWindows, 'const firstMarginMs = hours(2);', 'const firstMarginMs = hours(0);')],
  },
  {
    name: 'a stream of windows begins a day late',
    mode: 'graph-begin',
    breaks: 'safety',
    edits: [edit(files.listWindows, 'const firstMarginMs = hours(2);', 'const firstMarginMs = hours(26);')],
  },
];

const margins: readonly PlantedBug[] = [
  {
    name: 'content is asked for to the end of retention',
    mode: 'begin',
    breaks: 'rule',
    edits: [edit(files.retention, 'const marginMs = minutes(15);', 'const marginMs = -minutes(5);')],
  },
  {
    name: 'a day at the end of retention is never asked for',
    mode: 'begin',
    breaks: 'safety',
    edits: [edit(files.retention, 'const marginMs = minutes(15);', 'const marginMs = hours(24);')],
  },
  {
    name: 'what stays malformed is quarantined in its last hour',
    mode: 'mixed',
    breaks: 'liveness',
    edits: [edit(files.retry, 'export const quarantineBeforeExpiryMs = hours(12);', 'export const quarantineBeforeExpiryMs = hours(1);')],
  },
];

const rests: readonly PlantedBug[] = [
  {
    name: 'a subscription rests for ten minutes',
    mode: 'mixed',
    breaks: 'rule',
    edits: [edit(files.retry, 'export const subscriptionRestMs = minutes(15);', 'export const subscriptionRestMs = minutes(10);')],
  },
  {
    name: 'a subscription rests for a day',
    mode: 'mixed',
    breaks: 'liveness',
    edits: [edit(files.retry, 'export const subscriptionRestMs = minutes(15);', 'export const subscriptionRestMs = hours(24);')],
  },
  {
    name: 'the start of a subscription is not noted',
    mode: 'mixed',
    breaks: 'rule',
    edits: [
      edit(
        files.listContent,
        'if (!(await commit(run, { ...off, subscriptionStartedAt: run.now })))',
        'if (!(await commit(run, { ...off })))',
      ),
    ],
  },
  {
    name: 'a job that the sweep sends is due again after 150 minutes',
    mode: 'mixed',
    breaks: 'rule',
    edits: [edit(files.sweep, 'const next = deps.clock.now() + resendAfterMs;', 'const next = deps.clock.now() + 10 * resendAfterMs;')],
  },
];

/** Bugs that the modes about single rules were made for, and their like. */
export const ruleBugs: readonly PlantedBug[] = [...deepLists, ...suspensions, ...beginnings, ...margins, ...rests];
