/** Bugs of what happens outside of the queue and the stores: clocks, proxies, a landing that throws, hours and windows that stay broken. */

import { edit, files, type PlantedBug } from './planted-bug.ts';

const cost = 'a cost: more requests or more objects than needed, nothing lost or twice';

/** Bugs of clocks that jump. */
const clockBugs: readonly PlantedBug[] = [
  {
    name: 'a list of content does not compare its clock',
    mode: 'clock',
    breaks: 'rule',
    edits: [
      edit(
        files.listContent,
        '  const fault = timeFault(deps, now);',
        '  const fault = timeFault(deps, deps.clock.now() - (deps.microsoft.clockLeadMs() ?? 0));',
      ),
    ],
  },
  {
    name: 'a list of windows does not compare its clock',
    mode: 'graph-clock',
    breaks: 'rule',
    edits: [
      edit(
        files.listWindows,
        '    const fault = timeFault(deps, now);',
        '    const fault = timeFault(deps, deps.clock.now() - (deps.microsoft.clockLeadMs() ?? 0));',
      ),
    ],
  },
  {
    name: 'a watermark in the future stays',
    mode: 'clock',
    breaks: 'liveness',
    edits: [
      edit(
        files.listContent,
        '  if (!isInTheFuture(watermark, run.now)) return undefined;',
        '  if (isInTheFuture(watermark, 0)) return undefined;',
      ),
    ],
  },
  {
    name: 'a deep list that was done in the future is not due',
    mode: 'clock',
    breaks: 'liveness',
    edits: [
      edit(
        files.listContent,
        'filter(([, doneAt]) => !isInTheFuture(doneAt, now))',
        'filter(([, doneAt]) => doneAt > 0 || isInTheFuture(doneAt, now))',
      ),
    ],
  },
  {
    name: 'a suspension into the far future is obeyed',
    mode: 'clock',
    breaks: 'liveness',
    edits: [
      edit(
        files.list,
        'suspendedUntil > now && !isInTheFuture(suspendedUntil, now + suspensionMs)',
        'suspendedUntil > now || isInTheFuture(suspendedUntil, now + suspensionMs)',
      ),
    ],
  },
  {
    name: 'missing counts as expired by our own clock',
    mode: 'clock',
    breaks: 'safety',
    edits: [edit(files.fetchMembers, 'memberAnswer(answer, member, answeredAt)', 'memberAnswer(answer, member, deps.clock.now())')],
  },
  {
    name: 'malformed members are given up by our own clock',
    mode: 'clock',
    breaks: 'safety',
    edits: [
      edit(
        files.fetchContent,
        'letterOf(answer, pastOf(attempt, index), answeredAt)',
        'letterOf(answer, pastOf(attempt, index), attempt.deps.clock.now() + 0 * answeredAt)',
      ),
    ],
  },
  {
    name: 'a job is finished by our own clock',
    mode: 'graph-clock',
    breaks: 'rule',
    edits: [edit(files.finish, '  const now = await timeOf(attempt);', '  const now = timeOf.length > 0 ? deps.clock.now() : undefined;')],
  },
  {
    name: 'what a clock ahead has put off is not swept',
    mode: 'clock',
    breaks: 'liveness',
    edits: [edit(files.sweep, 'dueJobs(now, batchSize, now + longestParkMs)', 'dueJobs(now, batchSize)')],
  },
  {
    name: 'what a clock ahead has put off is not swept, windows',
    mode: 'graph-clock',
    breaks: 'liveness',
    edits: [edit(files.sweep, 'dueJobs(now, batchSize, now + longestParkMs)', 'dueJobs(now, batchSize)')],
  },
  {
    name: 'a later pass waits for what ended in the future',
    mode: 'graph-clock',
    breaks: 'liveness',
    edits: [
      edit(
        files.passes,
        'return isInTheFuture(finishedAt, now) ? now : finishedAt + settledAfterMs;',
        'return now < 0 || isInTheFuture(finishedAt, -now) ? finishedAt + settledAfterMs : now;',
      ),
      edit(files.finish, '  const now = await timeOf(attempt);', '  const now = timeOf.length > 0 ? deps.clock.now() : undefined;'),
      edit(
        files.finish,
        'const outcome = outcomeOf(attempt, { ...input, objects }, findings, now);',
        'const outcome = outcomeOf({ ...attempt, logType: { ...attempt.logType, retentionMs: Infinity } }, { ...input, objects }, findings, now);',
      ),
    ],
  },
  {
    name: 'a job ends by a clock that is slow, before what it is of',
    mode: 'graph-clock',
    breaks: 'safety',
    edits: [edit(files.finishedAt, 'return Math.max(now, madeAt(job), Number.isFinite(published) ? published : 0);', 'return now;')],
  },
  {
    name: 'a malformed member is given up by the clock as it is after the answer',
    mode: 'clock',
    breaks: 'nothing',
    survives:
      'the clock has to jump within a second of the fifth malformed answer: shown by the test that a fate goes by the time of the answer',
    edits: [
      edit(
        files.fetchContent,
        'letterOf(answer, pastOf(attempt, index), answeredAt)',
        'letterOf(answer, pastOf(attempt, index), attempt.deps.clock.now() - (attempt.deps.microsoft.clockLeadMs() ?? 0) + 0 * answeredAt)',
      ),
    ],
  },
  {
    name: 'a window is given up though nobody has answered',
    mode: 'graph-clock',
    breaks: 'rule',
    edits: [
      edit(
        files.fetchWindow,
        'if (!isOld() || !mayBeUnanswered(by)) return isOld();',
        'if (!isOld() || !mayBeUnanswered(by) || by.cause) return isOld();',
      ),
    ],
  },
  {
    name: 'a gap row is written though nobody has answered',
    mode: 'graph-clock',
    breaks: 'rule',
    edits: [
      edit(
        files.finish,
        'if (isCut && tenant && mayBeUnanswered(await deps.microsoft.probeWindow(tenant, logType, firstMinute(job.window)))) return undefined;',
        "if (isCut && tenant && mayBeUnanswered(await deps.microsoft.probeWindow(tenant, logType, firstMinute(job.window))) && tenant.name === '') return undefined;",
      ),
    ],
  },
  {
    name: 'windows are committed though Microsoft has answered nothing',
    mode: 'graph-clock',
    breaks: 'rule',
    edits: [
      edit(files.listWindows, 'const isAsked = answers === 0 || !isCatchUp(due);', 'const isAsked = !isCatchUp(due);'),
      edit(files.listWindows, 'const isAnswered = probed.answers > 0;', 'const isAnswered = probed.answers >= 0;'),
    ],
  },
];

/** Bugs of answers that cannot be read, and of what stays broken. */
const proxyBugs: readonly PlantedBug[] = [
  {
    name: 'quarantined after five malformed answers, however long it is served',
    mode: 'proxy',
    breaks: 'safety',
    edits: [
      edit(
        files.fates,
        'return malformedBefore + 1 >= malformedToQuarantine && now >= expires - quarantineBeforeExpiryMs;',
        'return malformedBefore + 1 >= malformedToQuarantine && now + quarantineBeforeExpiryMs > expires - 1_000_000_000;',
      ),
    ],
  },
  {
    name: 'quarantined before its time at the first malformed answer',
    mode: 'expiring',
    breaks: 'safety',
    edits: [
      edit(
        files.fates,
        'return malformedBefore + 1 >= malformedToQuarantine && now',
        'return malformedBefore + malformedToQuarantine >= 0 && now',
      ),
    ],
  },
  {
    name: 'what stays malformed is never quarantined',
    mode: 'mixed',
    breaks: 'liveness',
    edits: [edit(files.fates, "return isGivenUp(past, now) ? 'q' : '?';", "return isGivenUp(past, -now) ? 'q' : '?';")],
  },
  {
    name: 'what stays malformed is asked for too rarely',
    mode: 'mixed',
    breaks: 'liveness',
    edits: [
      edit(files.retry, 'export const rarelyMs = hours(6);', 'export const rarelyMs = hours(60);'),
      edit(files.retry, 'export const longestParkMs = hours(8);', 'export const longestParkMs = hours(80);'),
      edit(files.retry, '2 ** Math.min(parks, 10), mostMs)', '2 ** Math.min(parks, 14), mostMs)'),
    ],
  },
  {
    name: 'what stays malformed is asked for as often as before',
    mode: 'mixed',
    breaks: 'nothing',
    survives: cost,
    edits: [edit(files.fetchContent, '...(isHopeless ? { mostMs: rarelyMs } : {}),', '...(isHopeless ? { mostMs: rarelyMs / 12 } : {}),')],
  },
  {
    name: 'what is called malformed is quarantined unread',
    mode: 'proxy',
    breaks: 'safety',
    edits: [edit(files.fetchContent, "fates[index] === 'q' && !isRead);", "fates[index] === 'r' && !isRead);")],
  },
  {
    name: 'counts of malformed answers are not passed on',
    mode: 'mixed',
    breaks: 'nothing',
    survives: 'a child counts to five by itself, long before its members expire',
    edits: [
      edit(
        files.finish,
        'malformed: group.map((index) => state.malformed[index] ?? 0),',
        'malformed: group.map((index) => 0 * (state.malformed[index] ?? 0)),',
      ),
    ],
  },
  {
    name: 'a listing that a proxy answered counts as empty',
    mode: 'broken',
    breaks: 'safety',
    edits: [
      edit(
        files.listContent,
        "if (blobs.kind !== 'ok') return { kind: 'stopped', by: blobs };",
        "if (blobs.kind === 'malformed') return undefined; if (blobs.kind !== 'ok') return { kind: 'stopped', by: blobs };",
      ),
    ],
  },
  {
    name: 'a probe that a proxy answered counts as read',
    mode: 'graph-stuck',
    breaks: 'safety',
    edits: [
      edit(
        files.listWindows,
        "    if (answer.kind !== 'ok') return { watermarks, jobs, answers, isCaughtUp: false, stoppedBy: answer };",
        "    if (answer.kind === 'malformed') { answers += 1; watermarks = [...due.watermarks]; continue; }\n    if (answer.kind !== 'ok') return { watermarks, jobs, answers, isCaughtUp: false, stoppedBy: answer };",
      ),
    ],
  },
  {
    name: 'missing a day before its expiry counts as expired',
    mode: 'expiring',
    breaks: 'safety',
    edits: [
      edit(
        files.fetchMembers,
        "if (answer.kind === 'missing' && now > member.expires) return 'expired';",
        "if (answer.kind === 'missing' && now > member.expires - 86_400_000) return 'expired';",
      ),
    ],
  },
  {
    name: 'an hour that stays broken holds back all later ones',
    mode: 'broken',
    breaks: 'liveness',
    edits: [edit(files.listContent, 'if (!broken || !isOfTheHour(ended)) return ended;', 'return broken?.ended ?? ended;')],
  },
  {
    name: 'the cursor passes an hour that stays broken',
    mode: 'broken',
    breaks: 'safety',
    edits: [edit(files.listContent, 'window.end > watermarkOf(run) && !broken;', 'window.end > watermarkOf(run);')],
  },
  {
    name: 'a deep list passes an hour that stays broken',
    mode: 'broken',
    breaks: 'rule',
    edits: [
      edit(
        files.listContent,
        '    const ended = await listWindow(run, window);\n    if (ended) return ended;\n    listed += 1;',
        '    await listWindow(run, window);\n    listed += 1;',
      ),
      edit(
        files.listContent,
        '  if (broken) return heldBack(run, broken);',
        "  if (broken && (await heldBack(run, broken)).kind === 'overtaken') return { kind: 'overtaken' };",
      ),
    ],
  },
  {
    name: 'what holds the cursor back is not noted',
    mode: 'broken',
    breaks: 'liveness',
    edits: [
      edit(
        files.listContent,
        "return (await commit(run, { heldBackBy })) ? ended : { kind: 'overtaken' };",
        'return heldBackBy.from > 0 ? ended : { kind: "overtaken" };',
      ),
    ],
  },
  {
    name: 'an hour counts as broken though Microsoft lists none',
    mode: 'broken',
    breaks: 'nothing',
    survives: cost,
    edits: [
      edit(files.listContent, 'return (await listWindow(run, newest)) ? undefined : { window, ended };', 'return { window, ended };'),
    ],
  },
];

/** Bugs of workers that die or throw again and again, and of windows that never come. */
const landingTroubleBugs: readonly PlantedBug[] = [
  {
    name: 'a landing that throws is never isolated',
    mode: 'landing',
    breaks: 'liveness',
    edits: [edit(files.fetch, '  if (!(error instanceof LandingFailed)) await', '  await')],
  },
  {
    name: 'what killed its workers is given up',
    mode: 'landing',
    breaks: 'safety',
    edits: [
      edit(
        files.isolate,
        "if (job.members.length === 1) return park(attempt, { because: 'it killed its workers', mostMs: rarelyMs });",
        "if (job.members.length === 1 && attempt.state.parks < 1 + 0 * rarelyMs) return park(attempt, { because: 'it killed its workers' }); if (job.members.length === 1) { const up = await land(attempt, { from: [], without: [], fates: 'q' }); if (up.kind !== 'unreadable') return up; }",
      ),
    ],
  },
  {
    name: 'a landing that fails whatever it is given isolates all the same',
    mode: 'landing',
    breaks: 'nothing',
    survives: cost,
    edits: [edit(files.fetch, '    if (!(error instanceof LandingFailed)) throw error;\n    const', '    throw error;\n    const')],
  },
  {
    name: 'a landing that fails counts as one of no rows',
    mode: 'landing',
    breaks: 'safety',
    edits: [
      edit(
        files.land,
        '    throw new LandingFailed(`the records of job ${job.jobId} could not be written as Parquet: ${String(error)}`, { cause: error });',
        "    if (input.from.length === 0) throw new LandingFailed('none', { cause: error });\n    return deps.landing.toParquet(request(attempt, { ...input, from: [] }, into, metadata)).catch(() => { throw new LandingFailed('none', { cause: error }); });",
      ),
    ],
  },
  {
    name: 'a window that fails the same way is never halved',
    mode: 'graph-stuck',
    breaks: 'liveness',
    edits: [
      edit(
        files.fetchWindow,
        'if (!canSplit || state.parks + 1 < failuresToHalve',
        'if (!canSplit || state.parks + 1 < 1_000_000 * failuresToHalve',
      ),
    ],
  },
  {
    name: 'a window that is too long even for one row ends every list',
    mode: 'graph-stuck',
    breaks: 'liveness',
    edits: [
      edit(files.listWindows, "return shortest.kind === 'ok' ? assumedRows : answer;", "return shortest.kind === 'ok' ? answer : answer;"),
    ],
  },
  {
    name: 'a window is halved only while Microsoft answers for its half',
    mode: 'graph-stuck',
    breaks: 'liveness',
    edits: [
      edit(
        files.fetchWindow,
        'probeWindow(tenant, logType, firstMinute(job.window))).kind',
        'probeWindow(tenant, logType, halfJobs(job, madeAt(job))?.[0]?.window ?? job.window)).kind',
      ),
    ],
  },
  {
    name: 'a page that cannot be read never halves its window',
    mode: 'graph-stuck',
    breaks: 'liveness',
    edits: [
      edit(
        files.fetchWindow,
        "landed.kind === 'unreadable' ? failing(attempt, tenant, { because: 'a page is malformed' }) : landed",
        "landed.kind === 'unreadable' ? park(attempt, { because: 'a page is malformed' }) : landed",
      ),
    ],
  },
  {
    name: 'a window that kills its workers is never split',
    mode: 'graph-stuck',
    breaks: 'liveness',
    edits: [
      edit(files.isolate, 'return canSplit ? split(attempt) : park(', 'return canSplit && attempt.job.pass > 9 ? split(attempt) : park('),
    ],
  },
  {
    name: 'a window is halved though Microsoft does not answer for less',
    mode: 'graph-stuck',
    breaks: 'nothing',
    survives: cost,
    edits: [
      edit(
        files.fetchWindow,
        "if ((await deps.microsoft.probeWindow(tenant, logType, firstMinute(job.window))).kind !== 'ok') return park(attempt, wait);",
        'if (tenant.name === logType.id) return park(attempt, wait);',
      ),
    ],
  },
  {
    name: 'a job whose tenant leads elsewhere is fetched all the same',
    mode: 'mixed',
    breaks: 'rule',
    edits: [
      edit(
        files.fetch,
        'return identity.value.tenantId === job.stream.tenantId ? undefined :',
        'return identity.value.tenantId !== "" ? undefined :',
      ),
    ],
  },
  {
    name: 'a job whose tenant moved to another cloud is fetched all the same',
    mode: 'mixed',
    breaks: 'rule',
    edits: [edit(files.fetch, 'if (choice?.cloud !== job.stream.cloud) return', 'if (!choice) return')],
  },
  {
    name: 'a lost message is found after 150 minutes only',
    mode: 'mixed',
    breaks: 'rule',
    edits: [edit(files.retry, 'export const resendAfterMs = minutes(15);', 'export const resendAfterMs = minutes(150);')],
  },
  {
    name: 'a subscription is started in every run',
    mode: 'mixed',
    breaks: 'rule',
    edits: [edit(files.retry, 'export const subscriptionRestMs = minutes(15);', 'export const subscriptionRestMs = minutes(0);')],
  },
  {
    name: 'the gap of a subscription that was off begins an hour ago',
    mode: 'mixed',
    breaks: 'safety',
    edits: [
      edit(files.listContent, '    from: watermarkOf(run) - overlapMs,', '    from: Math.max(watermarkOf(run), run.now - overlapMs),'),
    ],
  },
  {
    name: 'no margin at the end of what Microsoft serves',
    mode: 'long',
    breaks: 'rule',
    edits: [edit(files.retention, 'const marginMs = minutes(15);', 'const marginMs = -minutes(15);')],
  },
];

/** Bugs of clocks, proxies, broken hours and windows, crash loops and a landing that throws. */
export const troubleBugs: readonly PlantedBug[] = [...clockBugs, ...proxyBugs, ...landingTroubleBugs];
