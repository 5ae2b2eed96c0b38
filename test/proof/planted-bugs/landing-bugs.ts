/** Bugs of the landing key, of the order of writes, and of what a taken key means. */

import { edit, files, type Edit, type PlantedBug } from './planted-bug.ts';

const noHead = edit(files.fetch, '  if (metadata) return finish(', '  if (metadata && !job.jobId) return finish(');
const taken = '  return finish(attempt, { mark: markFromMetadata(job, winner) });\n}';

const nothingWritten = (of: string): Edit =>
  edit(
    files.land,
    '  const mark: ObjectMark = { ...intent, rows: landed.rows };',
    `  const mark: ObjectMark = { ...intent, rows: landed.rows };\n  if (${of} && landed.rows === 0 && !mark.isSplit) return finish(attempt, { mark });`,
  );

/** Two writes, and the process may die between them. */
const finishInTwoWrites = (writes: string): readonly Edit[] => [
  edit(files.ledgerPort, '() => finishJob(harness, ref, finish)', '() => finishJob(harness, ref, finish, sandbox)'),
  edit(
    files.ledgerPort,
    'async function finishJob({ ledger, invariants }: Harness, ref: JobRef, finish: Finish)',
    'async function finishJob({ ledger, invariants, line }: Harness, ref: JobRef, finish: Finish, sandbox: Sandbox)',
  ),
  edit(files.ledgerPort, 'const isOurs = await ledger.finishJob(ref, finish);', writes),
];

/** Bugs of landing, finishing and normalizing. */
export const landingBugs: readonly PlantedBug[] = [
  {
    name: 'the key comes from the attempt',
    mode: 'mixed',
    breaks: 'safety',
    edits: [
      edit(
        files.fetch,
        'key: landingKey(logType.dataset, job), folder, deps }',
        "key: landingKey(logType.dataset, job).replace('.parquet', `-${String(state.version)}.parquet`), folder, deps }",
      ),
    ],
  },
  {
    name: 'the key comes from the members that came',
    mode: 'mixed',
    breaks: 'safety',
    edits: [
      edit(
        files.fetchContent,
        'await land(attempt, { from, without: [], fates })',
        "await land({ ...attempt, key: attempt.key.replace('.parquet', `-${fates}.parquet`) }, { from, without: [], fates })",
      ),
    ],
  },
  {
    name: 'the key has the date of the put',
    mode: 'mixed',
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
    name: 'the key is random',
    mode: 'mixed',
    breaks: 'safety',
    edits: [
      edit(
        files.fetch,
        'key: landingKey(logType.dataset, job), folder',
        "key: landingKey(logType.dataset, job).replace('.parquet', `-${folder.replace('/', '-')}.parquet`), folder",
      ),
    ],
  },
  {
    name: 'the put overwrites',
    mode: 'race',
    breaks: 'safety',
    edits: [edit(files.lake, "if (this.stored.has(checkKey(key))) return 'taken';", 'checkKey(key);')],
  },
  {
    name: 'the job is final before the put',
    mode: 'mixed',
    breaks: 'safety',
    edits: [
      edit(
        files.land,
        "  if ((await deps.lake.putOnce(key, into, markToMetadata(job, mark))) === 'put')",
        "  await deps.ledger.finishJob({ stream: job.stream, tenantName: job.tenantName, key: job.jobId }, { finishedAt: deps.clock.now(), fates: mark.fates, rows: mark.rows, losses: [], children: [], gaps: [] });\n  if ((await deps.lake.putOnce(key, into, markToMetadata(job, mark))) === 'put')",
      ),
    ],
  },
  {
    name: 'normalized after the final state',
    mode: 'mixed',
    breaks: 'safety',
    edits: [
      edit(files.finish, 'const normalized = mark.rows > 0 ? await normalize(attempt) : [];', 'const normalized: LandedRows[] = [];'),
      edit(files.finish, '  report(attempt, outcome);', '  if (mark.rows > 0) await normalize(attempt);\n  report(attempt, outcome);'),
    ],
  },
  {
    name: 'normalized from the worker’s own file',
    mode: 'race',
    breaks: 'safety',
    edits: [
      edit(files.land, taken, taken.replace('finish(attempt', 'finish({ ...attempt, isOwn: true }')),
      edit(
        files.normalize,
        'normalize({ job, logType, key, folder, deps }: Attempt)',
        'normalize({ job, logType, key, folder, deps, isOwn }: Attempt)',
      ),
      edit(
        files.normalize,
        'const raw = await deps.lake.get(key, folder);',
        "const raw = isOwn ? join(folder, 'landing.parquet') : await deps.lake.get(key, folder);",
      ),
    ],
  },
  {
    name: 'only whoever put the object normalizes it',
    mode: 'mixed',
    breaks: 'safety',
    edits: [edit(files.finish, 'const normalized = mark.rows > 0', 'const normalized = input.bytes !== undefined && mark.rows > 0')],
  },
  {
    name: 'loss rows after the final state',
    mode: 'expiring',
    breaks: 'safety',
    edits: finishInTwoWrites(
      "const isOurs = await ledger.finishJob(ref, { ...finish, losses: [] });\n            if (isOurs && finish.losses.length > 0) await line.call(sandbox, 'ledger.addLosses', { apply: () => { for (const loss of finish.losses) ledger['addLoss'](loss); } });",
    ),
  },
  {
    name: 'child jobs after the final state',
    mode: 'mixed',
    breaks: 'safety',
    edits: finishInTwoWrites(
      "const isOurs = await ledger.finishJob(ref, { ...finish, children: [] });\n            if (isOurs && finish.children.length > 0) await line.call(sandbox, 'ledger.addChildren', { apply: () => { for (const { job, malformed, dueAt } of finish.children) ledger['addJob'](job, { state: 'pending', dueAt, starts: 0, parks: 0, malformed, version: 1 }); } });",
    ),
  },
  {
    name: 'loss rows before the put',
    mode: 'expiring',
    breaks: 'safety',
    edits: [
      edit(
        files.land,
        "  if ((await deps.lake.putOnce(key, into, markToMetadata(job, mark))) === 'put')",
        "  if (job.kind === 'content') await deps.ledger.losses({ ...job.stream, write: job.members.filter((_, index) => mark.fates?.[index] === 'e').map((member) => ({ stream: job.stream, contentId: member.contentId, reason: 'expired', jobId: job.jobId, created: member.created })) });\n  if ((await deps.lake.putOnce(key, into, markToMetadata(job, mark))) === 'put')",
      ),
      edit(
        files.ledgerPort,
        "losses: (stream) => read('losses', '', () => ledger.losses(stream)),",
        "losses: (stream) => read('losses', '', () => { for (const loss of stream.write ?? []) ledger['addLoss'](loss); return ledger.losses(stream); }),",
      ),
    ],
  },
  {
    name: 'quarantined without its bytes',
    mode: 'mixed',
    breaks: 'safety',
    edits: [edit('lambdas/fetch/quarantine.ts', "if (answer !== 'malformed') continue;", 'if (answer.length > 0) continue;')],
  },
  {
    name: 'content without rows writes no object',
    mode: 'race',
    breaks: 'safety',
    edits: [nothingWritten("job.kind === 'content'")],
  },
  {
    name: 'a window without new rows writes no object',
    mode: 'graph-zombie',
    breaks: 'safety',
    edits: [nothingWritten("job.kind === 'window'")],
  },
  {
    name: 'a taken key is a failure',
    mode: 'race',
    breaks: 'nothing',
    survives: 'the next attempt looks at the key first and finishes what it says',
    edits: [
      edit(
        files.land,
        '  const winner = await deps.lake.head(key);',
        "  if (key) return park(attempt, { because: 'the key is taken' });\n  const winner = await deps.lake.head(key);",
      ),
      edit(files.land, "import { finish } from './finish.ts';", "import { finish } from './finish.ts';\nimport { park } from './park.ts';"),
    ],
  },
  {
    name: 'a taken key is a failure, and nobody looks at the key first',
    mode: 'race',
    breaks: 'safety',
    edits: [
      noHead,
      edit(
        files.land,
        '  const winner = await deps.lake.head(key);',
        "  if (key) return park(attempt, { because: 'the key is taken' });\n  const winner = await deps.lake.head(key);",
      ),
      edit(files.land, "import { finish } from './finish.ts';", "import { finish } from './finish.ts';\nimport { park } from './park.ts';"),
    ],
  },
  {
    name: 'nobody looks at the key first',
    mode: 'race',
    breaks: 'nothing',
    survives: 'the put finds the key taken: a fetch that was not needed',
    edits: [noHead],
  },
  {
    name: 'a taken key means mine',
    mode: 'race',
    breaks: 'safety',
    edits: [edit(files.land, taken, taken.replace('markFromMetadata(job, winner)', 'mark'))],
  },
  {
    name: 'loss rows from the worker’s own view of a taken key',
    mode: 'expiring',
    breaks: 'safety',
    edits: [
      edit(files.land, taken, taken.replace('finish(attempt', 'finish({ ...attempt, own: input.fates }')),
      edit(files.finish, 'losses: lossesOf(job, fates)', 'losses: lossesOf(job, attempt.own ?? fates)'),
    ],
  },
  {
    name: 'child jobs from the worker’s own view of a taken key',
    mode: 'race',
    breaks: 'safety',
    edits: [
      edit(files.land, taken, taken.replace('finish(attempt', 'finish({ ...attempt, own: input.fates }')),
      edit(
        files.finish,
        'children: childrenOf({ ...attempt, job }, fates, now)',
        'children: childrenOf({ ...attempt, job }, attempt.own ?? fates, now)',
      ),
    ],
  },
  {
    name: 'all expired is final without a put',
    mode: 'expiring',
    breaks: 'safety',
    edits: [
      edit(
        files.fetchContent,
        '    const from = members',
        '    if (/^e+$/.test(fates)) return finish(attempt, { mark: { rows: 0, fates, isSplit: false } });\n    const from = members',
      ),
      edit(
        files.fetchContent,
        "import { land } from './land.ts';",
        "import { finish } from './finish.ts';\nimport { land } from './land.ts';",
      ),
    ],
  },
  {
    name: 'the key comes from the batch of messages',
    mode: 'mixed',
    breaks: 'safety',
    edits: [
      edit(
        files.fetchHandler,
        'if (!(await handle(message, place, context)))',
        'if (!(await handle(message, { ...place, batch: JSON.parse(Records[0].body).key }, context)))',
      ),
      edit(files.fetchHandler, '{ adapters, normalized, meter, kept }: FetchPlace', '{ adapters, normalized, meter, kept, batch }: any'),
      edit(files.fetchHandler, 'await fetch(ref, { ...adapters,', 'await fetch({ ...ref, batch } as JobRef, { ...adapters,'),
      edit(
        files.fetch,
        'key: landingKey(logType.dataset, job), folder',
        'key: landingKey(logType.dataset, { ...job, jobId: ref.batch }), folder',
      ),
    ],
  },
  {
    name: 'normalized from the own file before the put',
    mode: 'race',
    breaks: 'safety',
    edits: [
      edit(
        files.land,
        '  const mark: ObjectMark = { ...intent, rows: landed.rows };',
        '  const mark: ObjectMark = { ...intent, rows: landed.rows };\n  if (landed.rows > 0) for (const dataset of deps.normalized.filter(({ logTypes }) => logTypes.includes(attempt.logType.id))) await landNormalized({ job, logType: attempt.logType, raw: into, folder }, dataset, deps);',
      ),
      edit(
        files.land,
        "import { finish } from './finish.ts';",
        "import { finish } from './finish.ts';\nimport { landNormalized } from './normalize.ts';",
      ),
    ],
  },
];
