/** Bugs of the stations that once were planted and found by no test, and the next of their kind. */

import { bug } from '../../proof/planted-bugs/planted-bug.ts';
import type { PlantedAdapter } from './adapter-bug.ts';

const fetch = 'lambdas/fetch/fetch.ts';
const members = 'lambdas/fetch/fetch-members.ts';
const finish = 'lambdas/fetch/finish.ts';
const listContent = 'lambdas/list/list-content.ts';
const listWindows = 'lambdas/list/list-windows.ts';
const sweep = 'lambdas/sweep/sweep.ts';
const instant = 'shared/landing/engine/instant.ts';
const activity = 'shared/microsoft/management-activity.ts';
const landing = 'shared/landing/land.ts';

/** What the stations decide with the stores in memory, and times that come without a zone. */
export const stations: readonly PlantedAdapter[] = [
  {
    name: 'fetch',
    tests: ['test/lambdas/fetch-content.test.ts', 'test/lambdas/fetch-window.test.ts', 'test/shared/domain/fates.test.ts'],
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
    tests: ['test/shared/microsoft/management-activity.test.ts', 'test/shared/landing/engine/instant.test.ts'],
    bugs: [
      bug('times of the content list without zone are local', activity, 'text : `${text}Z`', 'text : text'),
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
    bug('row groups are as large as they come', landing, 'if (group.bytes < groupBytes) continue;', 'if (group.bytes >= 0) continue;'),
  ],
};
