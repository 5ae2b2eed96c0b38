import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { openLedger } from '../../local/ledger.ts';
import { childJob, halfJobs, jobRef, type ContentJob } from '../../shared/domain/fetch-job.ts';
import { minutes } from '../../shared/domain/window.ts';
import type { Ledger } from '../../shared/ports/ledger.ts';
import { at, blobs, due, exchange, finish, member, pass, signIns, span } from '../contracts/samples.ts';
import { MemoryLedger } from '../fakes/memory-ledger.ts';

type Step = (ledger: Ledger) => Promise<unknown>;

const names = ['a', 'b', 'c'];
const groups = fc.subarray(names, { minLength: 1 }).map((some): ContentJob => blobs(...some));
const windows = fc.constantFrom(pass(0, '06:00', '06:05'), pass(0, '06:05', '06:10'), pass(1, '06:00', '07:00'), pass(2, '06:00', '07:00'));
const refs = fc.oneof(groups, windows).map(jobRef);
const versions = fc.integer({ min: 0, max: 3 });
const times = fc.integer({ min: 0, max: 5 }).map((count) => due + minutes(count));
const gaps = fc.array(
  fc.record({
    stream: fc.constant(signIns),
    from: times,
    to: fc.constant(at('23:00')),
    reason: fc.constant('too old'),
    pass: fc.constantFrom(0, 1),
  }),
  { maxLength: 2 },
);

function finishStep(job: ContentJob): fc.Arbitrary<Step> {
  const [first] = job.members;
  const lost = first && {
    stream: exchange,
    contentId: first.contentId,
    reason: 'expired' as const,
    jobId: job.jobId,
    created: first.created,
  };
  return fc.record({ isLost: fc.boolean(), hasChild: fc.boolean(), dueAt: times, gaps }).map(({ isLost, hasChild, dueAt, gaps: some }) => {
    const child = { job: childJob(job, job.members.slice(-1), at('09:05')), malformed: [2], dueAt };
    const losses = isLost && lost ? [lost] : [];
    return (ledger) => ledger.finishJob(jobRef(job), finish({ fates: 'l', losses, children: hasChild ? [child] : [], gaps: some }));
  });
}

const steps: fc.Arbitrary<Step> = fc.oneof(
  fc.tuple(groups, times).map(
    ([job, dueAt]): Step =>
      (ledger) =>
        ledger.createJob(job, dueAt),
  ),
  fc
    .tuple(versions, fc.subarray([pass(0, '06:00', '06:05'), pass(0, '06:05', '06:10'), pass(1, '06:00', '07:00')]), times, gaps)
    .map(([version, jobs, dueAt, some]): Step => {
      return (ledger) => ledger.commitCursor(signIns, version, { watermarks: [dueAt, version] }, { jobs, dueAt, gaps: some });
    }),
  fc.nat({ max: 9 }).map(
    (mean): Step =>
      (ledger) =>
        ledger.noteBlobBytes(signIns, mean),
  ),
  refs.map(
    (ref): Step =>
      (ledger) =>
        ledger.startJob(ref),
  ),
  fc.tuple(refs, versions, times, versions).map(
    ([ref, version, dueAt, parks]): Step =>
      (ledger) =>
        ledger.parkJob(ref, version, { dueAt, parks, malformed: [parks], because: 'HTTP 503' }),
  ),
  groups.chain(finishStep),
  fc.tuple(windows, times).map(
    ([job, dueAt]): Step =>
      (ledger) =>
        ledger.splitJob(jobRef(job), halfJobs(job, at('09:00')) ?? [], at('09:01'), dueAt),
  ),
  fc.tuple(refs, times, times).map(
    ([ref, from, to]): Step =>
      (ledger) =>
        ledger.postponeJob(ref, from, to),
  ),
);

/** All that a ledger can be asked. */
async function everything(ledger: Ledger): Promise<unknown> {
  const contentIds = names.map((name) => member(name).contentId);
  const pending = await ledger.dueJobs(at('23:00'), 100);
  return {
    cursor: await ledger.readCursor(signIns),
    claims: await ledger.claims(exchange, contentIds, { consistent: true }),
    pending,
    some: await ledger.dueJobs(due + minutes(3), 2),
    records: await Promise.all(pending.map(({ ref }) => ledger.readJob(ref))),
    group: await ledger.readJob(jobRef(blobs(...names))),
    overlapping: await ledger.overlappingJobs(signIns, span('06:03', '06:08'), 2),
    losses: await ledger.losses(exchange),
    gaps: await ledger.gaps(signIns),
  };
}

test('whatever is asked of them in whatever order, the ledger in memory and the one on disk answer the same', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(steps, { minLength: 5, maxLength: 40 }), async (sequence) => {
      const [memory, durable] = [new MemoryLedger(), openLedger(':memory:')];
      for (const step of sequence) expect(await step(durable)).toEqual(await step(memory));
      expect(await everything(durable)).toEqual(await everything(memory));
      durable.close();
    }),
    { numRuns: 300 },
  );
});
