/** Bugs of the list of content, and of the writes it makes. */

import { edit, files, type Edit, type PlantedBug } from './planted-bug.ts';

const addJob = (job: string, dueAt: string, members: string): string =>
  `ledger['addJob'](${job}, { state: 'pending', dueAt: ${dueAt}, starts: 0, parks: 0, malformed: Array(${members}).fill(0), version: 1 })`;

/** Two writes, and the process may die between them. */
const createInTwoWrites = (writes: string): readonly Edit[] => [
  edit(files.ledgerPort, '() => createJob(harness, job, dueAt)', '() => createJob(harness, job, dueAt, sandbox)'),
  edit(
    files.ledgerPort,
    'async function createJob(harness: Harness, job: ContentJob, dueAt: Instant)',
    'async function createJob(harness: Harness, job: ContentJob, dueAt: Instant, sandbox: Sandbox)',
  ),
  edit(files.ledgerPort, 'const { ledger, invariants, scheduler } = harness;', 'const { ledger, invariants, scheduler, line } = harness;'),
  edit(files.ledgerPort, 'const result = await ledger.createJob(job, dueAt);', writes),
];

/** Bugs of listing and claiming. */
export const listBugs: readonly PlantedBug[] = [
  {
    name: 'claims before the job, in two writes',
    mode: 'mixed',
    breaks: 'safety',
    edits: createInTwoWrites(`const entry = ledger['entry'](job.stream);
         if (entry.jobs.has(job.jobId) || job.members.some((member) => entry.claims.has(member.contentId))) return 'cancelled';
         for (const member of job.members) entry.claims.set(member.contentId, { jobId: job.jobId, claimedAt: dueAt });
         await line.call(sandbox, 'ledger.addJob', { apply: () => { ${addJob('job', 'dueAt', 'job.members.length')}; } });
         const result = 'created';`),
  },
  {
    name: 'the job before its claims, in two writes',
    mode: 'mixed',
    breaks: 'safety',
    edits: createInTwoWrites(`const entry = ledger['entry'](job.stream);
         if (entry.jobs.has(job.jobId) || job.members.some((member) => entry.claims.has(member.contentId))) return 'cancelled';
         ${addJob('job', 'dueAt', 'job.members.length')};
         await line.call(sandbox, 'ledger.claim', { apply: () => {
           for (const member of job.members) if (!entry.claims.has(member.contentId)) entry.claims.set(member.contentId, { jobId: job.jobId, claimedAt: dueAt });
         } });
         const result = 'created';`),
  },
  {
    name: 'cancelled counts as all claimed',
    mode: 'mixed',
    breaks: 'safety',
    edits: [edit(files.claimBlobs, 'return { left: group.filter((blob) => !claims.has(blob.contentId)) };', 'return { left: [] };')],
  },
  {
    name: 'after a cancel the claims are read eventually consistent',
    mode: 'mixed',
    breaks: 'nothing',
    survives: 'a claim that is not seen is tried again and cancelled again: a cost, bounded by ten rounds',
    edits: [
      edit(files.claimBlobs, 'ledger.claims(stream, ids, { consistent: true })', 'ledger.claims(stream, ids, { consistent: false })'),
    ],
  },
  {
    name: 'a blob is known before the transaction that claims it',
    mode: 'mixed',
    breaks: 'safety',
    edits: [
      edit(
        files.claimBlobs,
        "  if ((await deps.ledger.createJob(job, now + resendAfterMs)) === 'created') {",
        "  deps.known.add(stream, ids);\n  if ((await deps.ledger.createJob(job, now + resendAfterMs)) === 'created') {",
      ),
    ],
  },
  {
    name: 'the failure of a claim is swallowed',
    mode: 'mixed',
    breaks: 'safety',
    edits: [
      edit(
        files.claimBlobs,
        '      const claimed = await claimGroup(listing, group, now);',
        '      const claimed = await claimGroup(listing, group, now).catch(() => ({ left: [] }));',
      ),
    ],
  },
  {
    name: 'an unclaimed id that was left over is dropped',
    mode: 'mixed',
    breaks: 'safety',
    edits: [edit(files.claimBlobs, '    unclaimed = again;', '    unclaimed = [];')],
  },
  {
    name: 'the cursor is moved before the window is claimed',
    mode: 'mixed',
    breaks: 'safety',
    edits: [
      edit(
        files.listContent,
        '    const ended = await listWindow(run, window);\n    if (ended) {\n      broken ??=',
        '    const early = window.end === gridFloor(window.end, windowMs) && window.end > watermarkOf(run);\n    if (early && !(await commit(run, { watermarks: [window.end] }))) return { kind: "overtaken" };\n    const ended = await listWindow(run, window);\n    if (ended) {\n      broken ??=',
      ),
    ],
  },
  {
    name: 'the cursor moves over an open window',
    mode: 'mixed',
    breaks: 'nothing',
    survives: 'what is listed within the hour is found by the overlap; whole hours keep the windows of all lists equal',
    edits: [edit(files.listContent, 'const isClosed = window.end === gridFloor(window.end, windowMs);', 'const isClosed = true;')],
  },
  {
    name: 'a failed listing counts as an empty one',
    mode: 'mixed',
    breaks: 'safety',
    edits: [
      edit(
        files.listContent,
        "  if (blobs.kind !== 'ok') return { kind: 'stopped', by: blobs };",
        "  if (blobs.kind !== 'ok') return undefined;",
      ),
    ],
  },
  {
    name: 'the first page only',
    mode: 'mixed',
    breaks: 'safety',
    edits: [
      edit(
        files.content,
        'return this.random.shuffled(this.random.chance(0.1) ? [...found, ...found.slice(0, 2)] : found);',
        'return this.random.shuffled(found.slice(0, 2));',
      ),
    ],
  },
  {
    name: 'no overlap',
    mode: 'late',
    breaks: 'liveness',
    edits: [edit(files.listContent, 'const overlapMs = hours(1);', 'const overlapMs = hours(0);')],
  },
  {
    name: 'no deep lists',
    mode: 'mixed',
    breaks: 'liveness',
    edits: [edit(files.listContent, 'if (!deep) return undefined;', 'if (!deep || deep.name) return undefined;')],
  },
  {
    name: 'a deep list says it is done when it has begun',
    mode: 'mixed',
    breaks: 'liveness',
    edits: [
      edit(
        files.listContent,
        'for (const window of gridWindows(deep.position, deep.end, windowMs)) {',
        'for (const window of gridWindows(deep.position, deep.position + 1, windowMs)) {',
      ),
    ],
  },
  {
    name: 'a list that was overtaken goes on as if it had won',
    mode: 'mixed',
    breaks: 'rule',
    edits: [
      edit(
        files.listContent,
        "  if (result === 'overtaken') return false;\n",
        "  if (result === 'overtaken') run.cursor = { ...run.cursor, version: -1 };\n",
      ),
    ],
  },
  {
    name: 'no gap row for what retention cut off',
    mode: 'long',
    breaks: 'safety',
    edits: [edit(files.listContent, 'commit(run, change, [gap])', 'commit(run, change, [gap].slice(1))')],
  },
  {
    name: 'the gap begins at the watermark',
    mode: 'long',
    breaks: 'safety',
    needsHealing: true,
    edits: [edit(files.retention, 'const listedLateMs = hours(24);', 'const listedLateMs = 0;')],
  },
  {
    name: 'no gap row for what was listed late and expired meanwhile',
    mode: 'long',
    breaks: 'safety',
    needsHealing: true,
    edits: [edit(files.retention, 'const isLateLost = deepDoneAt - listedLateMs < oldest;', 'const isLateLost = deepDoneAt < 0;')],
  },
  {
    name: 'no gap row for the time without subscription',
    mode: 'mixed',
    breaks: 'safety',
    edits: [
      edit(
        files.listContent,
        "commit(run, { subscription: 'enabled' }, subscription === 'off' ? [gap] : [])",
        "commit(run, { subscription: 'enabled' }, [gap].slice(1))",
      ),
    ],
  },
  {
    name: 'the gap of the subscription ends when it was asked for',
    mode: 'race',
    breaks: 'safety',
    edits: [
      edit(
        files.listContent,
        '    to: Math.min(Math.max(deps.clock.now(), run.now), run.now + longestStartMs) + clocksDifferMs,',
        '    to: run.cursor.subscriptionStartedAt ?? deps.clock.now(),',
      ),
    ],
  },
  {
    name: 'a claim is keyed by the hour as well',
    mode: 'mixed',
    breaks: 'safety',
    edits: [
      edit(
        files.ledger,
        'claims.set(member.contentId, { jobId: job.jobId, claimedAt: dueAt });',
        'claims.set(`${member.contentId} ${String(Math.floor(member.created / 3_600_000))}`, { jobId: job.jobId, claimedAt: dueAt });',
      ),
      edit(
        files.ledger,
        'job.members.some((member) => claims.has(member.contentId))',
        'job.members.some((member) => claims.has(`${member.contentId} ${String(Math.floor(member.created / 3_600_000))}`))',
      ),
    ],
  },
  {
    name: 'the message is sent before the transaction',
    mode: 'mixed',
    breaks: 'liveness',
    edits: [
      edit(
        files.claimBlobs,
        "  if ((await deps.ledger.createJob(job, now + resendAfterMs)) === 'created') {",
        "  await deps.jobs.send([{ ref: jobRef(job), dueAt: now + resendAfterMs }]);\n  if ((await deps.ledger.createJob(job, now + resendAfterMs)) === 'created') {",
      ),
      edit(
        files.claimBlobs,
        '    jobs.map((job) => ({ ref: jobRef(job), dueAt })),',
        '    jobs.slice(jobs.length).map((job) => ({ ref: jobRef(job), dueAt })),',
      ),
    ],
  },
  {
    name: 'a pending job has a time to live from its creation',
    mode: 'long',
    breaks: 'safety',
    edits: [
      edit(files.ledger, 'state.finishedAt !== undefined && state.finishedAt < before', 'Date.parse(`${job.landingHour}:00Z`) < before'),
      edit(files.ledger, 'for (const [key, { state }] of jobs)', 'for (const [key, { job }] of jobs)'),
    ],
  },
  {
    name: 'a deep list remembers a window before it is claimed',
    mode: 'mixed',
    breaks: 'rule',
    edits: [
      edit(files.listContent, 'deep: { ...deep, position: window.start }', 'deep: { ...deep, position: window.end }'),
      edit(files.listContent, 'const deepCommitWindows = 24;', 'const deepCommitWindows = 1;'),
    ],
  },
  {
    name: 'a claim is forgotten after 12 hours',
    mode: 'stuck',
    breaks: 'rule',
    edits: [
      edit(
        files.ledger,
        'if (claim.claimedAt < before) claims.delete(contentId);',
        'if (claim.claimedAt < now - 43_200_000) claims.delete(contentId);',
      ),
    ],
  },
];
