/** Bugs of the stations that once were planted and found by no test, and the next of their kind. */

import { bug } from '../../proof/planted-bugs/planted-bug.ts';
import type { PlantedAdapter } from './adapter-bug.ts';

const fetch = 'lambdas/fetch/fetch.ts';
const members = 'lambdas/fetch/fetch-members.ts';
const finish = 'lambdas/fetch/finish.ts';
const content = 'lambdas/fetch/fetch-content.ts';
const window = 'lambdas/fetch/fetch-window.ts';
const isolate = 'lambdas/fetch/isolate.ts';
const fates = 'shared/domain/fates.ts';
const listContent = 'lambdas/list/list-content.ts';
const listWindows = 'lambdas/list/list-windows.ts';
const sweep = 'lambdas/sweep/sweep.ts';
const instant = 'shared/landing/engine/instant.ts';
const instantOf = 'shared/microsoft/instant-of.ts';
const landing = 'shared/landing/land.ts';

/** What the stations decide with the stores in memory, and times that come without a zone. */
export const stations: readonly PlantedAdapter[] = [
  {
    name: 'fetch',
    tests: ['test/lambdas/fetch-content.test.ts', 'test/lambdas/fetch-window.test.ts', 'test/shared/domain/fates.test.ts'],
    testsOf: {
      [members]: ['test/lambdas/fetch-content.test.ts'],
      [content]: ['test/lambdas/fetch-content.test.ts'],
      [finish]: ['test/lambdas/fetch-content.test.ts', 'test/lambdas/fetch-window.test.ts'],
      [fetch]: ['test/lambdas/fetch-content.test.ts'],
      [window]: ['test/lambdas/fetch-window.test.ts'],
      [isolate]: ['test/lambdas/fetch-window.test.ts'],
      [fates]: ['test/shared/domain/fates.test.ts'],
    },
    bugs: [
      bug(
        'what is missing a day before its expiry counts as expired',
        members,
        'now > member.expires)',
        'now > member.expires - 86_400_000)',
      ),
      bug('what is missing is waited for a day after its expiry', members, 'now > member.expires)', 'now > member.expires + 86_400_000)'),
      bug(
        'a tenant that moved to another cloud is fetched all the same',
        fetch,
        'choice?.cloud !== job.stream.cloud',
        'choice?.cloud === undefined',
      ),
      bug(
        'a tenant that leads elsewhere is fetched all the same',
        fetch,
        'identity.value.tenantId === job.stream.tenantId ?',
        'identity.value.tenantId.length > 0 ?',
      ),
      bug(
        'a tenant that has switched its API off is fetched all the same',
        fetch,
        'choice?.cloud !== job.stream.cloud',
        '(choice?.cloud ?? job.stream.cloud) !== job.stream.cloud',
      ),
      bug('a landing that throws is never isolated', fetch, 'if (!(error instanceof LandingFailed)) await park', 'await park'),
      bug(
        'a store that fails is held against the members',
        fetch,
        'if (!(error instanceof LandingFailed)) await park',
        'if (error === undefined) await park',
      ),
      bug(
        'members that kill their workers are never isolated',
        fetch,
        'return isPoison ? isolated(attempt, isolateMembers(content, starts)) :',
        'return isPoison && starts < 0 ? isolated(attempt, isolateMembers(content, starts)) :',
      ),
      bug(
        'a window that kills its workers is never split',
        isolate,
        'return canSplit ? split(attempt) :',
        'return canSplit && attempt.job.pass > 9 ? split(attempt) :',
      ),
      bug(
        'a window that fails the same way is never halved',
        window,
        'state.parks + 1 < failuresToHalve',
        'state.parks + 1 < failuresToHalve * 1_000_000',
      ),
      bug('a malformed answer is not counted', content, "(answer === 'malformed' ? 1 : 0)", '(answer === undefined ? 1 : 0)'),
      bug(
        'what reads as a whole array is quarantined by its name',
        content,
        "fates[index] === 'q' && !isRead);",
        "fates[index] === 'r' && !isRead);",
      ),
      bug(
        'what stays malformed is given up long before it expires',
        fates,
        'now >= expires - quarantineBeforeExpiryMs;',
        'now >= expires - 14 * quarantineBeforeExpiryMs;',
      ),
      bug(
        'the gap of a window that is cut off in its middle spans all of it',
        finish,
        'const to = Math.min(job.window.end, oldest);',
        'const to = job.window.end;',
      ),
      bug('a stuck member holds its neighbours back', fates, '(parks >= 1 && isAnySettled)', '(parks >= 100 && isAnySettled)'),
      bug(
        'children begin without the malformed answers',
        finish,
        'malformed: group.map((index) => state.malformed[index] ?? 0),',
        'malformed: group.map(() => 0),',
      ),
    ],
  },
  {
    name: 'list',
    tests: ['test/lambdas/list-content.test.ts', 'test/lambdas/list-windows.test.ts'],
    bugs: [
      bug(
        'the gap of a subscription ends when a clock that has jumped says',
        listContent,
        'Math.min(Math.max(deps.clock.now(), run.now), run.now + longestStartMs)',
        'Math.max(deps.clock.now(), run.now)',
      ),
      bug(
        'a write with gap rows has no jobs',
        listWindows,
        '{ jobs: probed.jobs, dueAt, gaps: begun.gaps }',
        '{ jobs: begun.gaps.length > 0 ? [] : probed.jobs, dueAt, gaps: begun.gaps }',
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
      bug(
        'the gap of a subscription that was off ends when its start was asked for',
        listContent,
        '+ clocksDifferMs, reason:',
        '* 1, reason:',
      ),
      bug('a subscription that was never on leaves a gap', listContent, "subscription === 'off' ? [gap] : []", '[gap]'),
      bug('a subscription that was off leaves no gap', listContent, "subscription === 'off' ? [gap] : []", '[]'),
    ],
  },
  {
    name: 'sweep',
    tests: ['test/lambdas/sweep.test.ts'],
    bugs: [
      bug('the sweep sends what is not due', sweep, 'deps.ledger.dueJobs(now, batchSize,', 'deps.ledger.dueJobs(now + 600_000, batchSize,'),
      bug('the sweep sends one batch', sweep, 'due.length < batchSize ||', 'due.length <= batchSize ||'),
      bug(
        'the sweep sends what another has sent',
        sweep,
        'if (await deps.ledger.postponeJob(ref, dueAt, next)) moved.push',
        'await deps.ledger.postponeJob(ref, dueAt, next); moved.push',
      ),
    ],
  },
  {
    name: 'times',
    tests: ['test/shared/microsoft/instant-of.test.ts', 'test/shared/landing/engine/instant.test.ts'],
    bugs: [
      bug('times of the content list without zone are local', instantOf, 'trimmed : `${trimmed}Z`', 'trimmed : trimmed'),
      bug(
        'times of records without zone are local',
        instant,
        'Date.UTC(year, month - 1, day, hour, minute, second) : NaN',
        'new Date(year, month - 1, day, hour, minute, second).getTime() : NaN',
      ),
    ],
  },
];

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
    bug(
      'row groups are as large as they come',
      landing,
      'if (group.bytes < groupBytes && group.rows < groupRows) continue;',
      'if (group.bytes >= 0) continue;',
    ),
    bug('row groups have as many rows as come', landing, '&& group.rows < groupRows) continue;', ') continue;'),
  ],
};
