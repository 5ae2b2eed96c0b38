/** Bugs of the passes over Graph windows. */

import { edit, files, type PlantedBug } from './planted-bug.ts';

const fresh = "{ state: 'pending', dueAt: alongside.dueAt, starts: 0, parks: 0, malformed: [], version: 1 }";
const commit = 'const result = await ledger.commitCursor(stream, version, to, alongside);';
const concerns = 'job.pass < beforePass && overlaps(job.window, window);';

/** Bugs of windows and passes. */
export const passBugs: readonly PlantedBug[] = [
  {
    name: 'the cursor is written before the jobs',
    mode: 'graph-race',
    breaks: 'safety',
    edits: [
      edit(
        files.ledgerPort,
        commit,
        `const result = await ledger.commitCursor(stream, version, to, { ...alongside, jobs: [] });
            if (result === 'committed' && alongside.jobs.length > 0) await harness.line.call(sandbox, 'ledger.addJobs', { apply: () => { for (const job of alongside.jobs) ledger['addJob'](job, ${fresh}); } });`,
      ),
    ],
  },
  {
    name: 'the jobs are written before the cursor',
    mode: 'graph-zombie',
    breaks: 'safety',
    edits: [
      edit(
        files.ledgerPort,
        commit,
        `for (const job of alongside.jobs) ledger['addJob'](job, ${fresh});
            const result = await harness.line.call(sandbox, 'ledger.moveCursor', { apply: () => ledger.commitCursor(stream, version, to, { ...alongside, jobs: [] }) });`,
      ),
    ],
  },
  {
    name: 'the cursor is written whatever its version',
    mode: 'graph-race',
    breaks: 'safety',
    edits: [edit(files.ledger, "if ((entry.cursor?.version ?? 0) !== version) return 'overtaken';", '')],
  },
  {
    name: 'the cursor is conditional on pass 0 alone',
    mode: 'graph-race',
    breaks: 'rule',
    edits: [
      edit(
        files.ledger,
        "if ((entry.cursor?.version ?? 0) !== version) return 'overtaken';",
        "if (entry.cursor && ((to.watermarks[0] ?? 0) < (entry.cursor.watermarks[0] ?? 0) || version === 0)) return 'overtaken';",
      ),
    ],
  },
  {
    name: 'an error counts as empty',
    mode: 'graph-mixed',
    breaks: 'safety',
    edits: [
      edit(
        files.listWindows,
        "    if (answer.kind !== 'ok') return { watermarks, jobs, answers, isCaughtUp: false, stoppedBy: answer };",
        "    if (answer.kind !== 'ok') { answers += 1; watermarks = [...due.watermarks]; continue; }",
      ),
    ],
  },
  {
    name: 'the probe stops at an empty page',
    mode: 'graph-mixed',
    breaks: 'safety',
    edits: [
      edit(files.windows, "return this.random.chance(0.02) ? 'rows' : 'empty';", "return 'empty';"),
      edit(
        files.windows,
        "isAskedFor(version, window))) return 'rows';",
        "isAskedFor(version, window)) && !this.random.chance(0.05)) return 'rows';",
      ),
    ],
  },
  {
    name: 'the first page of rows only',
    mode: 'graph-mixed',
    breaks: 'safety',
    edits: [
      edit(files.windows, '    return pages.length === 0 ? [[]] : pages;', '    return pages.length === 0 ? [[]] : pages.slice(0, 1);'),
    ],
  },
  {
    name: 'a single pass',
    mode: 'graph-mixed',
    breaks: 'safety',
    edits: [edit(files.signIns, 'laterPassesMs: [hours(1), hours(24)],', 'laterPassesMs: [hours(1), hours(24)].slice(2),')],
  },
  {
    name: 'no pass after an hour and none after a day waits for its time',
    mode: 'graph-mixed',
    breaks: 'safety',
    edits: [
      edit(
        files.passes,
        'gridFloor(now - rules.latencyMs - offsetMs, gridMs(pass))',
        'gridFloor(now - rules.latencyMs - Math.min(offsetMs, 0), gridMs(pass))',
      ),
    ],
  },
  {
    name: 'the latency is forgotten',
    mode: 'graph-mixed',
    breaks: 'rule',
    edits: [edit(files.passes, 'gridFloor(now - rules.latencyMs - offsetMs, gridMs(pass))', 'gridFloor(now - offsetMs, gridMs(pass))')],
  },
  {
    name: 'one read counts for passes that are not due yet',
    mode: 'graph-mixed',
    breaks: 'safety',
    edits: [
      edit(
        files.passes,
        'at(watermarks, last + 1) === start && at(due, last + 1) > start) last += 1;',
        'at(watermarks, last + 1) === start) last += 1;',
      ),
      edit(files.passes, 'const limit = Math.min(at(due, last), start', 'const limit = Math.min(at(due, pass), start'),
    ],
  },
  {
    name: 'a later pass goes beyond the one before it',
    mode: 'graph-mixed',
    breaks: 'nothing',
    survives: 'due times order the passes already, as in the prototype; kept as an asserted invariant',
    edits: [edit(files.passes, 'pass === 0 ? Infinity : at(watermarks, pass - 1)', 'Infinity')],
  },
  {
    name: 'no gap row for what retention cut off a pass',
    mode: 'graph-long',
    breaks: 'safety',
    edits: [edit(files.listWindows, 'pass }] : [],', 'pass }].slice(1) : [],')],
  },
  {
    name: 'no gap row for a job that was read too late',
    mode: 'graph-long',
    breaks: 'safety',
    edits: [
      edit(files.finish, '  if (job.window.start >= oldest) return [];', '  if (job.window.start >= oldest || to0(job)) return [];'),
      edit(
        files.finish,
        '/** What retention had cut off',
        'const to0 = (job: WindowJob): boolean => job.pass >= 0;\n/** What retention had cut off',
      ),
    ],
  },
  {
    name: 'a window that is half gone is given up whole',
    mode: 'graph-long',
    breaks: 'safety',
    edits: [
      edit(
        files.fetchWindow,
        'job.window.end <= microsoftNow(deps) - logType.retentionMs;',
        'job.window.start <= microsoftNow(deps) - logType.retentionMs;',
      ),
    ],
  },
  {
    name: 'a job is forgotten 70 minutes after it is final',
    mode: 'graph-mixed',
    breaks: 'safety',
    edits: [
      edit(files.schedule, 'harness.ledger.forget(harness.scheduler.now)', 'harness.ledger.forget(harness.scheduler.now, minutes(70))'),
    ],
  },
  {
    name: 'a split does not close the key of the window',
    mode: 'graph-race',
    breaks: 'safety',
    edits: [
      edit(
        files.fetchWindow,
        '  const landed = await land(attempt, { from: [], without: [], isSplit });',
        '  const landed = isSplit ? await finish(attempt, { mark: { rows: 0, isSplit } }) : await land(attempt, { from: [], without: [], isSplit });',
      ),
      edit(
        files.fetchWindow,
        "import { land } from './land.ts';",
        "import { finish } from './finish.ts';\nimport { land } from './land.ts';",
      ),
    ],
  },
  {
    name: 'the mark of a split is not seen',
    mode: 'graph-race',
    breaks: 'safety',
    edits: [
      edit(
        files.finish,
        "  if (job.kind === 'window' && mark.isSplit) return",
        "  if (job.kind === 'window' && mark.isSplit && input.bytes !== undefined) return",
      ),
    ],
  },
  {
    name: 'the halves of a split leave a second out',
    mode: 'graph-mixed',
    breaks: 'safety',
    edits: [edit(files.window, '    { start: middle, end: window.end },', '    { start: middle + 60_000, end: window.end },')],
  },
  {
    name: 'the put of a window overwrites',
    mode: 'graph-race',
    breaks: 'safety',
    edits: [edit(files.lake, "if (this.stored.has(checkKey(key))) return 'taken';", 'checkKey(key);')],
  },
  {
    name: 'no 45 minutes after an earlier pass',
    mode: 'graph-zombie',
    breaks: 'nothing',
    survives: 'every window job puts an object, so its key is closed once it is final; kept for a split that half a query has seen',
    edits: [edit(files.passes, 'const settledAfterMs = minutes(45);', 'const settledAfterMs = 0;')],
  },
  {
    name: 'a later pass does not wait for pending earlier ones',
    mode: 'graph-race',
    breaks: 'safety',
    edits: [edit(files.fetchWindow, '  if (wait !== undefined) return park(', '  if (wait !== undefined && !job.jobId) return park(')],
  },
  {
    name: 'the earlier passes are read eventually consistent',
    mode: 'graph-race',
    breaks: 'safety',
    edits: [
      edit(
        files.ledgerPort,
        'async function overlappingJobs({ isFaulty }: Harness',
        'async function overlappingJobs({ isFaulty, random }: Harness',
      ),
      edit(
        files.ledgerPort,
        '    const first = await query();',
        '    const first = (await query()).filter(() => !isFaulty || !random.chance(0.1));',
      ),
    ],
  },
  {
    name: 'the halves of an earlier pass are not found',
    mode: 'graph-race',
    breaks: 'safety',
    edits: [
      edit(
        files.ledger,
        concerns,
        "job.pass < beforePass && overlaps(job.window, window) && !this.jobsOf(stream, ({ job: whole, state }) => state.state === 'split' && whole.pass === job.pass && whole.window.start <= job.window.start && job.window.end <= whole.window.end && whole.jobId !== job.jobId).length;",
      ),
    ],
  },
  {
    name: 'earlier passes are looked for inside the window only',
    mode: 'graph-race',
    breaks: 'safety',
    edits: [edit(files.ledger, concerns, 'job.pass < beforePass && job.window.start >= window.start && job.window.end <= window.end;')],
  },
  {
    name: 'only the pass before is subtracted',
    mode: 'graph-race',
    breaks: 'safety',
    edits: [edit(files.ledger, concerns, 'job.pass === beforePass - 1 && overlaps(job.window, window);')],
  },
  {
    name: 'earlier objects are looked for at the own landing date',
    mode: 'graph-race',
    breaks: 'safety',
    edits: [
      edit(
        files.fetchWindow,
        'async function objectsOf({ logType, folder, deps }: Attempt,',
        'async function objectsOf({ job: own, logType, folder, deps }: Attempt,',
      ),
      edit(files.fetchWindow, 'landingKey(logType.dataset, job)', 'landingKey(logType.dataset, { ...job, landingHour: own.landingHour })'),
    ],
  },
  {
    name: 'nothing is subtracted',
    mode: 'graph-mixed',
    breaks: 'safety',
    edits: [edit(files.fetchWindow, '({ file })), without }', '({ file })), without: without.slice(without.length) }')],
  },
  {
    name: 'records are subtracted by their id',
    mode: 'graph-mixed',
    breaks: 'safety',
    edits: [
      edit(files.landing, 'rows.map(({ key }) => key)));', "rows.map(({ key }) => key.split(' ')[0])));"),
      edit(files.landing, 'time >= window.end || seen.has(key)', "time >= window.end || seen.has(key) || seen.has(key.split(' ')[0])"),
    ],
  },
  {
    name: 'a record is not kept once within its window',
    mode: 'graph-mixed',
    breaks: 'safety',
    edits: [edit(files.landing, '    seen.add(key);\n', '')],
  },
  {
    name: 'both boundaries belong to the window',
    mode: 'graph-mixed',
    breaks: 'safety',
    edits: [edit(files.landing, 'time >= window.end || seen', 'time > window.end || seen')],
  },
  {
    name: 'a window lands at the date of the put',
    mode: 'graph-race',
    breaks: 'safety',
    edits: [
      edit(
        files.fetch,
        'key: landingKey(logType.dataset, job), folder',
        'key: landingKey(logType.dataset, { ...job, landingHour: new Date(deps.clock.now()).toISOString().slice(0, 13) }), folder',
      ),
    ],
  },
  {
    name: 'no sweep of windows',
    mode: 'graph-mixed',
    breaks: 'liveness',
    edits: [
      edit(
        files.sweep,
        '    const due = await deps.ledger.dueJobs(now, batchSize, now + longestParkMs);',
        '    const due = (await deps.ledger.dueJobs(now, batchSize, now + longestParkMs)).slice(batchSize);',
      ),
    ],
  },
];
