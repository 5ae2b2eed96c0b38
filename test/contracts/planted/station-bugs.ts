/** Bugs of the stations that once were planted and found by no test, and the next of their kind. */

import type { AdapterBug, PlantedAdapter } from './adapter-bug.ts';

const fetch = 'lambdas/fetch/fetch.ts';
const members = 'lambdas/fetch/fetch-members.ts';
const content = 'lambdas/fetch/fetch-content.ts';
const window = 'lambdas/fetch/fetch-window.ts';
const finish = 'lambdas/fetch/finish.ts';
const isolate = 'lambdas/fetch/isolate.ts';
const listContent = 'lambdas/list/list-content.ts';
const listWindows = 'lambdas/list/list-windows.ts';
const sweep = 'lambdas/sweep/sweep.ts';
const fates = 'shared/domain/fates.ts';
const instant = 'shared/landing/engine/instant.ts';
const activity = 'shared/microsoft/management-activity.ts';
const landing = 'shared/landing/land.ts';

const bug = (name: string, file: string, from: string, to: string): AdapterBug => ({ name, edits: [{ file, from, to }] });

const bugs: readonly AdapterBug[] = [
  bug('what is missing a day before its expiry counts as expired', members, 'now > member.expires)', 'now > member.expires - 86_400_000)'),
  bug('what is missing is waited for a day after its expiry', members, 'now > member.expires)', 'now > member.expires + 86_400_000)'),
  bug(
    'a tenant that moved to another cloud is fetched all the same',
    fetch,
    'choice?.cloud !== job.stream.cloud',
    'choice?.cloud === undefined',
  ),
  bug(
    'a tenant that has switched its API off is fetched all the same',
    fetch,
    'choice?.cloud !== job.stream.cloud',
    '(choice?.cloud ?? job.stream.cloud) !== job.stream.cloud',
  ),
  bug(
    'a tenant that leads elsewhere is fetched all the same',
    fetch,
    'identity.value.tenantId === job.stream.tenantId ?',
    'identity.value.tenantId.length > 0 ?',
  ),
  bug('a landing that throws is never isolated', fetch, 'if (!(error instanceof LandingFailed)) await park', 'await park'),
  bug(
    'a store that fails is held against the members',
    fetch,
    'if (!(error instanceof LandingFailed)) await park',
    'if (error === undefined) await park',
  ),
  bug(
    'a window that kills its workers is never split',
    isolate,
    'return canSplit ? split(attempt) :',
    'return !attempt.deps ? split(attempt) :',
  ),
  bug(
    'members that kill their workers are never isolated',
    fetch,
    'return isPoison ? isolated(attempt, isolateMembers(content, starts)) :',
    'return isPoison === undefined ? isolated(attempt, isolateMembers(content, starts)) :',
  ),
  bug(
    'a window that fails the same way is never halved',
    window,
    'state.parks + 1 < failuresToHalve',
    'state.parks + 1 < Number.MAX_SAFE_INTEGER',
  ),
  bug(
    'children begin without the malformed answers',
    finish,
    'malformed: group.map((index) => state.malformed[index] ?? 0),',
    'malformed: group.map(() => 0),',
  ),
  bug('a malformed answer is not counted', content, "(answer === 'malformed' ? 1 : 0)", '(answer === undefined ? 1 : 0)'),
  bug(
    'a member counts the malformed answers of its neighbour',
    content,
    'malformedBefore: state.malformed[index] ?? 0',
    'malformedBefore: state.malformed[0] ?? 0',
  ),
  bug('what is malformed is given up as soon as it was often enough', fates, '&& now >= expires - quarantineBeforeExpiryMs', ''),
  bug(
    'what is called malformed is quarantined unread',
    content,
    "fates[index] === 'q' && !isRead",
    "fates[index] === 'q' && isRead === undefined && index < 0",
  ),
  bug(
    'a probe that is malformed counts as read',
    listWindows,
    "if (answer.kind !== 'ok') return",
    "if (answer.kind !== 'ok' && answer.kind !== 'malformed') return",
  ),
  bug(
    'the gap of a subscription that was off begins too late',
    listContent,
    'from: watermarkOf(run) - overlapMs,',
    'from: run.now - overlapMs,',
  ),
  bug(
    'the gap of a subscription that was off begins at the cursor',
    listContent,
    'from: watermarkOf(run) - overlapMs,',
    'from: watermarkOf(run),',
  ),
  bug('the gap of a subscription that was off ends when its start was asked for', listContent, '+ clocksDifferMs, reason:', '* 1, reason:'),
  bug('a subscription that was never on leaves a gap', listContent, "subscription === 'off' ? [gap] : []", '[gap]'),
  bug('a subscription that was off leaves no gap', listContent, "subscription === 'off' ? [gap] : []", '[]'),
  bug('the sweep sends what is not due', sweep, 'deps.ledger.dueJobs(now, batchSize,', 'deps.ledger.dueJobs(now + 600_000, batchSize,'),
  bug('the sweep sends one batch', sweep, 'due.length < batchSize ||', 'due.length <= batchSize ||'),
  bug(
    'the sweep sends what another has sent',
    sweep,
    'if (await deps.ledger.postponeJob(ref, dueAt, next)) moved.push',
    'await deps.ledger.postponeJob(ref, dueAt, next); moved.push',
  ),
  bug('times of the content list without zone are local', activity, 'text : `${text}Z`', 'text : text'),
  bug(
    'times of records without zone are local',
    instant,
    'Date.UTC(year, month - 1, day, hour, minute, second) : NaN',
    'new Date(year, month - 1, day, hour, minute, second).getTime() : NaN',
  ),
];

/** What the stations decide, with the stores in memory. */
export const stations: PlantedAdapter = {
  name: 'stations',
  tests: [
    ...['fetch-content', 'fetch-window', 'list-content', 'list-windows', 'sweep'].map((name) => `test/lambdas/${name}.test.ts`),
    ...[
      'test/shared/domain/fates.test.ts',
      'test/shared/microsoft/management-activity.test.ts',
      'test/shared/landing/engine/instant.test.ts',
    ],
  ],
  bugs,
};

/** What is written as Parquet, by the engine. */
export const landed: PlantedAdapter = {
  name: 'landing',
  tests: ['test/shared/landing/last-row-group.test.ts'],
  bugs: [
    bug(
      'a last row group of one row is dropped',
      landing,
      'if (group.rows > 0) await flush();',
      'if (group.rows > 1 || rows === 0) await flush();',
    ),
    bug('a row group is written and kept', landing, 'group.clear(); };', '};'),
    bug('rows are counted once for all groups', landing, 'rows += group.rows;', 'rows = group.rows;'),
    bug('row groups are as large as they come', landing, 'if (group.bytes < groupBytes) continue;', 'if (group.bytes >= 0) continue;'),
  ],
};
