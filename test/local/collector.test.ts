import { describe, expect, test } from '@jest/globals';
import { isDue } from '../../local/collector.ts';
import { jobRef } from '../../shared/domain/fetch-job.ts';
import { days, hours, minutes, seconds } from '../../shared/domain/window.ts';
import { at, blobs, due, finish } from '../contracts/samples.ts';
import { collecting } from './collecting.ts';

describe('a worker of the collector', () => {
  test.each(['receive', 'ack'] as const)('goes on when the queue fails to %s, and reports why', async (verb) => {
    const { ledger, jobs, clock, events, collector } = collecting();
    await ledger.createJob(blobs('a'), due);
    await jobs.send([{ ref: jobRef(blobs('a')), dueAt: due }]);
    const full = new Error('database or disk is full');
    const failing = Object.assign(jobs, { [verb]: () => Promise.reject(full) });
    let isOver = false;
    const working = collector.work(() => isOver);
    await clock.advance(seconds(20));
    // What the class has is there again.
    Reflect.deleteProperty(failing, verb);
    await clock.advance(minutes(25));
    isOver = true;
    await clock.advance(seconds(10));
    await working;
    expect(events.find(({ kind }) => kind === 'failed')).toEqual({ kind: 'failed', what: 'the queue', error: full });
    // Six workers ask every five seconds.
    expect(events.filter(({ kind }) => kind === 'failed').length).toBeLessThanOrEqual(30);
    expect((await ledger.readJob(jobRef(blobs('a'))))?.state.parks).toBeGreaterThanOrEqual(1);
    expect(jobs.all()).toEqual([]);
  });

  test('acks a job whose attempt failed, for the ledger has it as due, and logs the store’s reason', async () => {
    const { ledger, jobs, clock, log, events, collector } = collecting();
    await ledger.createJob(blobs('a'), due);
    await jobs.send([{ ref: jobRef(blobs('a')), dueAt: due }]);
    ledger.parkJob = () => Promise.reject(new Error('database or disk is full'));
    let isOver = false;
    const working = collector.work(() => isOver);
    await clock.advance(seconds(1));
    isOver = true;
    await clock.advance(seconds(1));
    await working;
    expect(jobs.all()).toEqual([]);
    expect(events.map(({ kind }) => kind)).toEqual(['failed']);
    expect(log.of('error').map(({ fields }) => fields.reason)).toEqual(['Error: database or disk is full']);
    expect((await ledger.readJob(jobRef(blobs('a'))))?.state).toMatchObject({ state: 'pending', dueAt: due });
  });
});

test('a start takes up what was in flight or due, and what has lost its message, and leaves parked what is parked', async () => {
  const { ledger, jobs, collector } = collecting();
  const soon = at('09:40');
  for (const name of ['begun', 'begun again', 'unsent', 'parked', 'parked and due', 'due', 'final'])
    await ledger.createJob(blobs(name), name === 'due' ? at('09:20') : soon);
  await ledger.startJob(jobRef(blobs('begun')));
  for (const [name, dueAt] of [
    ['parked', soon],
    ['parked and due', at('09:20')],
    ['begun again', soon],
  ] as const)
    await ledger.parkJob(jobRef(blobs(name)), 1, { dueAt, parks: 1, malformed: [0], because: 'HTTP 503' });
  await ledger.startJob(jobRef(blobs('begun again')));
  await ledger.finishJob(jobRef(blobs('final')), finish());
  await jobs.send([{ ref: jobRef(blobs('begun')), dueAt: soon }]);
  await collector.resume();
  const keys = (names: string[]): string[] => names.map((name) => jobRef(blobs(name)).key).sort();
  expect(
    jobs
      .all()
      .map(({ ref }) => ref.key)
      .sort(),
  ).toEqual(keys(['begun', 'begun again', 'due', 'parked and due', 'unsent']));
});

test.each([
  { name: 'in a minute', at: minutes(1), isIt: false },
  { name: 'now', at: 0, isIt: true },
  { name: 'since an hour', at: -hours(1), isIt: true },
  { name: 'in eight days, by a clock that was ahead', at: days(8), isIt: true },
])('what comes round every five minutes and is set for $name is due: $isIt', ({ at: set, isIt }) => {
  expect(isDue(1_000 + set, 1_000, minutes(5))).toBe(isIt);
});
