/** Bugs of retries, of fates, and of the sweep. */

import { edit, files, type PlantedBug } from './planted-bug.ts';

/** Bugs of retries, fates and the sweep. */
export const retryBugs: readonly PlantedBug[] = [
  {
    name: 'no sweep',
    mode: 'mixed',
    breaks: 'liveness',
    edits: [
      edit(
        files.sweep,
        '    const due = await deps.ledger.dueJobs(now, batchSize, now + longestParkMs);',
        '    const due = (await deps.ledger.dueJobs(now, batchSize, now + longestParkMs)).slice(batchSize);',
      ),
    ],
  },
  {
    name: 'the sweep sends without moving dueAt',
    mode: 'mixed',
    breaks: 'nothing',
    survives: 'the job is sent in every sweep until it is final: a cost',
    edits: [
      edit(
        files.sweep,
        'if (await deps.ledger.postponeJob(ref, dueAt, next)) moved.push({ ref, dueAt: next });',
        'moved.push({ ref, dueAt: next });',
      ),
    ],
  },
  {
    name: 'the sweep sends what another sweep has moved',
    mode: 'mixed',
    breaks: 'nothing',
    survives: 'a message more than needed; the job lands once all the same',
    edits: [
      edit(
        files.sweep,
        'if (await deps.ledger.postponeJob(ref, dueAt, next)) moved.push({ ref, dueAt: next });',
        'await deps.ledger.postponeJob(ref, dueAt, next); moved.push({ ref, dueAt: next });',
      ),
    ],
  },
  {
    name: 'the sweep counts as a start',
    mode: 'mixed',
    breaks: 'rule',
    edits: [
      edit(
        files.sweep,
        'if (await deps.ledger.postponeJob(ref, dueAt, next)) moved.push({ ref, dueAt: next });',
        'if (await deps.ledger.postponeJob(ref, dueAt, next)) { await deps.ledger.startJob(ref); moved.push({ ref, dueAt: next }); }',
      ),
    ],
  },
  {
    name: 'a parked job is sent again by its worker',
    mode: 'mixed',
    breaks: 'liveness',
    edits: [
      edit(
        files.park,
        '  const parked = await deps.ledger.parkJob(jobRef(job), state.version, how);\n  if (!parked)',
        '  await deps.jobs.send([{ ref: jobRef(job), dueAt }]);\n  const parked = deps.ledger !== undefined || [parks, malformed];\n  if (!parked)',
      ),
    ],
  },
  {
    name: 'a parked job is never due',
    mode: 'mixed',
    breaks: 'liveness',
    edits: [
      edit(
        files.park,
        '{ dueAt, parks, malformed: malformed ?? state.malformed, because: why }',
        '{ dueAt: 8.64e15, parks, malformed: malformed ?? state.malformed, because: why }',
      ),
      edit(files.sweep, 'dueJobs(now, batchSize, now + longestParkMs)', 'dueJobs(now, batchSize)'),
    ],
  },
  {
    name: 'two workers that read the same version both park',
    mode: 'race',
    breaks: 'nothing',
    survives: 'both write the same numbers; only a park that comes late takes a try back',
    edits: [
      edit(
        files.ledger,
        '      if (state?.version !== version) return false;\n      const { dueAt, parks, malformed, because } = park;',
        '      if (!state) return false;\n      const { dueAt, parks, malformed, because } = park;',
      ),
    ],
  },
  {
    name: 'a park leaves the starts as they are',
    mode: 'stuck',
    breaks: 'liveness',
    edits: [
      edit(
        files.ledger,
        'malformed: [...malformed], starts: 0, version: version + 1 }',
        'malformed: [...malformed], version: version + 1 }',
      ),
    ],
  },
  {
    name: 'throttling is an error that the queue repeats',
    mode: 'throttled',
    breaks: 'liveness',
    edits: [
      edit(
        files.fetchContent,
        '  return park(attempt, {\n',
        "  if (open.some(({ cause }) => /AF429|paced/.test(cause?.code ?? ''))) throw new Error('throttled');\n  return park(attempt, {\n",
      ),
      edit(
        files.fetch,
        'if (!(error instanceof LandingFailed)) await',
        "if (!(error instanceof LandingFailed) && error.message !== 'throttled') await",
      ),
      edit(files.environment, 'const isOurs = /^InjectedError|', 'const isOurs = /^InjectedError|throttled|'),
    ],
  },
  {
    name: 'quarantined at the first malformed answer',
    mode: 'expiring',
    breaks: 'safety',
    edits: [edit(files.retry, 'export const malformedToQuarantine = 5;', 'export const malformedToQuarantine = 1;')],
  },
  {
    name: 'what cannot be read counts as landed',
    mode: 'mixed',
    breaks: 'safety',
    edits: [
      edit(files.fates, "return isGivenUp(past, now) ? 'q' : '?';", "return isGivenUp(past, now) ? 'q' : 'l';"),
      edit(
        files.fetchContent,
        ".filter((_, index) => fates[index] === 'l')",
        ".filter(({ answer }, index) => fates[index] === 'l' && answer === 'fetched')",
      ),
    ],
  },
  {
    name: 'missing counts as expired',
    mode: 'mixed',
    breaks: 'safety',
    edits: [
      edit(
        files.fetchMembers,
        "if (answer.kind === 'missing' && now > member.expires) return 'expired';",
        "if (answer.kind === 'missing') return 'expired';",
      ),
    ],
  },
  {
    name: 'missing after its expiry waits for ever',
    mode: 'stuck',
    breaks: 'liveness',
    edits: [edit(files.fetchMembers, "if (answer.kind === 'missing' && now > member.expires) return 'expired';", '')],
  },
  {
    name: 'unavailable counts as expired',
    mode: 'mixed',
    breaks: 'safety',
    edits: [
      edit(
        files.fetchMembers,
        "  if (answer.kind === 'expired') return 'expired';",
        "  if (answer.kind === 'expired' || answer.kind === 'unavailable') return 'expired';",
      ),
    ],
  },
  {
    name: 'what was not tried counts as expired',
    mode: 'mixed',
    breaks: 'safety',
    edits: [edit(files.fetchMembers, "  return { ...nothing, answer: 'not-yet',", "  return { ...nothing, answer: 'expired',")],
  },
  {
    name: 'missing counts as malformed',
    mode: 'stuck',
    breaks: 'safety',
    edits: [
      edit(
        files.fetchMembers,
        "  if (answer.kind === 'malformed') return 'malformed';",
        "  if (answer.kind === 'malformed' || answer.kind === 'missing') return 'malformed';",
      ),
    ],
  },
  {
    name: 'no child job for what is set aside',
    mode: 'mixed',
    breaks: 'safety',
    edits: [
      edit(
        files.finish,
        '[...(setAside.length > 0 ? [setAside] : []), ...isolated]',
        '[...(setAside.length > job.members.length ? [setAside] : []), ...isolated]',
      ),
    ],
  },
  {
    name: 'no child jobs for what is isolated',
    mode: 'stuck',
    breaks: 'safety',
    edits: [
      edit(
        files.finish,
        '[...(setAside.length > 0 ? [setAside] : []), ...isolated]',
        '[...(setAside.length > 0 ? [setAside] : []), ...isolated.slice(isolated.length)]',
      ),
    ],
  },
  {
    name: 'the child job has the parent’s id',
    mode: 'stuck',
    breaks: 'safety',
    edits: [
      edit(
        files.fetchJob,
        '  const jobId = digest([parentId, ...members.map((member) => member.contentId)]);',
        '  const jobId = members.length > 0 ? parentId : digest([]);',
      ),
    ],
  },
  {
    name: 'nothing is ever set aside',
    mode: 'stuck',
    breaks: 'liveness',
    edits: [edit(files.fates, 'if ((parks >= 1 && isAnySettled) || areNearlyAll)', 'if (parks >= 1_000_000 && areNearlyAll)')],
  },
  {
    name: 'only landed members count as settled',
    mode: 'stuck',
    breaks: 'liveness',
    edits: [edit(files.fates, 'const isAnySettled = open < letters.length;', "const isAnySettled = letters.includes('l');")],
  },
  {
    name: 'nothing is ever isolated',
    mode: 'stuck',
    breaks: 'liveness',
    edits: [edit(files.retry, 'export const startsToIsolate = 4;', 'export const startsToIsolate = 4_000_000;')],
  },
  {
    name: 'a job of one that died four times is given up at once',
    mode: 'mixed',
    breaks: 'safety',
    edits: [
      edit(
        files.isolate,
        "if (job.members.length === 1) return park(attempt, { because: 'it killed its workers', mostMs: rarelyMs });",
        "if (job.members.length === 1) { const up = await land(attempt, { from: [], without: [], fates: 'e' }); if (up.kind !== 'unreadable') return up; }",
      ),
      edit(files.fetch, '  if (!(error instanceof LandingFailed)) await', '  if (error instanceof LandingFailed) await'),
    ],
  },
  {
    name: 'final whatever the state is',
    mode: 'race',
    breaks: 'rule',
    edits: [
      edit(
        files.ledger,
        '      const state = this.pendingState(ref);\n      if (!state) return false;\n      const { finishedAt',
        '      const state = this.recordAt(ref)?.state;\n      if (!state) return false;\n      const { finishedAt',
      ),
    ],
  },
  {
    name: 'a message is acked though the attempt failed',
    mode: 'mixed',
    breaks: 'nothing',
    survives: 'the job is still due: the sweep sends it again, later than the queue would',
    edits: [edit(files.fetchHandler, 'reason: String(error) }); return false;', 'reason: String(error) }); return true;')],
  },
  {
    name: 'a refused stream is never tried again',
    mode: 'mixed',
    breaks: 'liveness',
    edits: [edit(files.retry, 'export const suspensionMs = minutes(60);', 'export const suspensionMs = minutes(60_000_000);')],
  },
  {
    name: 'a job whose tenant is gone for a while is final',
    mode: 'mixed',
    breaks: 'safety',
    edits: [
      edit(
        files.fetch,
        '  if (!tenant || reason !== undefined) return park(',
        "  if (!tenant) { const gone = { finishedAt: deps.clock.now(), fates: '', rows: 0, losses: [], children: [], gaps: [] }; await deps.ledger.finishJob(ref, gone); return { kind: 'nothing-to-do' }; }\n  if (reason !== undefined) return park(",
      ),
    ],
  },
  {
    name: 'a Retry-After holds one request only',
    mode: 'throttled',
    breaks: 'rule',
    edits: [edit(files.pacing, 'const until = clock.now() + forMs;', 'const until = 0 * forMs;')],
  },
];
