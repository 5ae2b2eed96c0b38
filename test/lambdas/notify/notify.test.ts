/** The station: at least once, whoever dies or refuses. */

import { beforeEach, describe, expect, test } from '@jest/globals';
import { notify } from '../../../lambdas/notify/notify.ts';
import { jobRef } from '../../../shared/domain/fetch-job.ts';
import { days, minutes } from '../../../shared/domain/window.ts';
import type { Channel, SendOutcome } from '../../../shared/notifications/channel.ts';
import type { Message } from '../../../shared/notifications/message.ts';
import { at, blobs, due, finish } from '../../contracts/samples.ts';
import { FakeLog } from '../../fakes/fake-log.ts';
import { MemoryLedger } from '../../fakes/memory-ledger.ts';
import { findingNotice } from '../../helpers/finding-notice.ts';

let ledger: MemoryLedger;
let log: FakeLog;
let now: number;

beforeEach(() => {
  ledger = new MemoryLedger();
  log = new FakeLog();
  now = at('09:05');
});

/** Puts findings into the outbox. */
async function land(...ids: string[]): Promise<void> {
  const job = blobs(...ids);
  await ledger.createJob(job, due);
  const notices = ids.map((id) => findingNotice(id, now));
  await ledger.finishJob(jobRef(job), finish({ fates: 'l'.repeat(ids.length), notices }));
}

interface FakeChannel extends Channel {
  readonly got: Message[];
}

function channel(
  id: string,
  answer: (message: Message) => SendOutcome = () => ({ kind: 'taken' }),
  form: Channel['form'] = 'digest',
): FakeChannel {
  const got: Message[] = [];
  const send = (message: Message) => {
    got.push(message);
    return Promise.resolve(answer(message));
  };
  return { id, form, got, send };
}

const run = (...channels: Channel[]) =>
  notify({ outbox: ledger, channels, log, clock: { now: () => now, sleep: () => Promise.resolve() }, deadline: now + minutes(1) });
const ids = ({ got }: FakeChannel): string[] => got.map(({ id }) => id);
const refuse = (): SendOutcome => ({ kind: 'failed', because: 'HTTP 503' });
const names = (count: number): string[] => Array.from({ length: count }, (_, index) => `f${String(index).padStart(3, '0')}`);

test('every channel is notified once', async () => {
  const [webhook, terminal] = [channel('webhook'), channel('terminal')];
  await land('a', 'b');
  expect(await run(webhook, terminal)).toEqual({ messages: 4, failed: 0, dead: 0 });
  await run(webhook, terminal);
  expect([ids(webhook), ids(terminal)]).toEqual([
    ['a', 'b'],
    ['a', 'b'],
  ]);
});

test('who dies between sending and noting sends again, under the same id, and nothing is missed', async () => {
  const webhook = channel('webhook');
  await land('a', 'b');
  const noteDeliveries = ledger.noteDeliveries.bind(ledger);
  let calls = 0;
  ledger.noteDeliveries = (...what) => (++calls === 2 ? Promise.reject(new Error('killed')) : noteDeliveries(...what));
  await expect(run(webhook)).rejects.toThrow('killed');
  await run(webhook);
  expect(ids(webhook)).toEqual(['a', 'b', 'b']);
  await run(webhook);
  expect(ids(webhook)).toHaveLength(3);
});

test('a channel that fails is tried again later, and holds up no other', async () => {
  const [broken, terminal] = [channel('webhook', refuse), channel('terminal')];
  await land('a');
  expect(await run(broken, terminal)).toEqual({ messages: 1, failed: 1, dead: 0 });
  await run(broken, terminal);
  expect([ids(broken), ids(terminal)]).toEqual([['a'], ['a']]);
  now += minutes(1);
  const mended = channel('webhook');
  await run(mended, terminal);
  expect([ids(mended), ids(terminal)]).toEqual([['a'], ['a']]);
});

test('one finding that is never taken is dead after three days, and the others are delivered', async () => {
  const picky = channel('webhook', ({ id }) => (id === 'bad' ? refuse() : { kind: 'taken' }));
  await land('bad', 'good');
  for (let hour = 0; hour <= 80; hour += 1) {
    await run(picky);
    now += minutes(60);
  }
  expect(ids(picky).filter((id) => id === 'good')).toEqual(['good']);
  expect(ids(picky).length).toBeGreaterThan(50);
  expect(log.lines.filter(({ level }) => level === 'error')).toHaveLength(1);
  expect(await ledger.unsent(10, Infinity)).toEqual([]);
});

test('a receiver that is away is not asked for every finding', async () => {
  const away = channel('webhook', refuse, 'each');
  await land(...names(50));
  await run(away);
  expect(away.got).toHaveLength(3);
});

describe('many findings', () => {
  test('are one digest for people, and single ones for machines', async () => {
    const [people, machine] = [channel('webhook'), channel('exec', undefined, 'each')];
    await land(...names(40));
    await run(people, machine);
    expect([people.got.map(({ kind }) => kind), machine.got.length]).toEqual([['digest'], 40]);
    expect(people.got.flatMap((message) => (message.kind === 'digest' ? message.findings.map(({ id }) => id) : []))).toEqual(names(40));
  });

  test('that go on coming are a digest a quarter of an hour, and none is left out', async () => {
    const people = channel('webhook');
    for (let minute = 0; minute < 60; minute += 1) {
      await land(...names(12).map((name) => `${name}-${String(minute)}`));
      await run(people);
      now += minutes(1);
    }
    now += minutes(15);
    await run(people);
    expect(people.got.length).toBeLessThanOrEqual(6);
    const notified = people.got.flatMap((message) => (message.kind === 'digest' ? message.findings.map(({ id }) => id) : [message.id]));
    expect(new Set(notified).size).toBe(720);
    expect(notified).toHaveLength(720);
  });
});

test('a channel that is new is not notified of what is older than three days', async () => {
  await land('old');
  now += days(4);
  const webhook = channel('webhook');
  await run(webhook);
  expect(webhook.got).toEqual([]);
  expect(await ledger.unsent(10, Infinity)).toEqual([]);
});

test('without a channel findings wait for one, for three days', async () => {
  await land('a');
  await run();
  expect(await ledger.unsent(10, now)).toHaveLength(1);
  now += days(4);
  await run();
  expect(await ledger.unsent(10, now)).toEqual([]);
});

test('what cannot be read is given up, and nothing else with it', async () => {
  const job = blobs('x', 'y');
  await ledger.createJob(job, due);
  await ledger.finishJob(
    jobRef(job),
    finish({ fates: 'll', notices: [{ findingId: 'x', finding: '{', at: now }, findingNotice('y', now)] }),
  );
  const webhook = channel('webhook');
  await run(webhook);
  expect(ids(webhook)).toEqual(['y']);
  expect(await ledger.unsent(10, Infinity)).toEqual([]);
});
