import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Delivery, JobKind, JobQueue } from '../../local/jobs.ts';
import { jobRef } from '../../shared/domain/fetch-job.ts';
import type { Stream } from '../../shared/domain/stream.ts';
import { days, minutes, seconds } from '../../shared/domain/window.ts';
import type { QueuedJob } from '../../shared/ports/jobs.ts';
import { at, blobsOf, due, exchange, fabrikam, pass, signIns } from './samples.ts';

/** A queue under test; `close` frees what it holds. */
export type ClosableQueue = JobQueue & { close?(): unknown };

/** What not every queue promises: the ledger holds the truth, so that the stations do without. */
export interface QueuePromises {
  /** A content job with the same dueAt is queued once. */
  readonly isContentSentOnce: boolean;
  /** Tenants are served in turns, from the first job on. */
  readonly isInTurns: boolean;
}

const everyPromise: QueuePromises = { isContentSentOnce: true, isInTurns: true };

/** What every queue with a receiving half keeps. @param make An empty one, that paces `alerts` apart from all else. */
export function jobsContract(make: () => Promise<ClosableQueue>, promises: QueuePromises = everyPromise): void {
  let queue: ClosableQueue;
  beforeEach(async () => {
    queue = await make();
  });
  afterEach(async () => {
    await queue.close?.();
  });

  const now = at('09:00');
  const receive = (limit = 10, when = now, kind: JobKind = 'content') => queue.receive(kind, limit, seconds(60), when);
  const only = (deliveries: readonly Delivery[]): Delivery => {
    const [delivery] = deliveries;
    if (!delivery || deliveries.length !== 1) throw new Error(`${String(deliveries.length)} deliveries instead of one`);
    return delivery;
  };

  describe('delivery', () => {
    test('what was sent is received as it was sent, once', async () => {
      await queue.send([content('a'), content('b')]);
      const deliveries = await receive();
      expect(deliveries.map((one) => one.queued)).toEqual([content('a'), content('b')]);
      expect(deliveries.map((one) => one.deliveries)).toEqual([1, 1]);
      expect(await receive()).toEqual([]);
    });

    test('no more than asked for', async () => {
      await queue.send([content('a'), content('b'), content('c')]);
      expect(await receive(2)).toHaveLength(2);
      expect(await receive(2)).toHaveLength(1);
    });

    test('what is not acked comes again when its time is over, and says so', async () => {
      await queue.send([content('a')]);
      await receive();
      expect(await receive(10, now + seconds(60) - 1)).toEqual([]);
      expect(only(await receive(10, now + seconds(60)))).toMatchObject({ queued: content('a'), deliveries: 2 });
    });

    test('what is acked never comes again', async () => {
      await queue.send([content('a')]);
      await queue.ack(only(await receive()).receipt);
      expect(await receive(10, now + minutes(60))).toEqual([]);
    });

    test('what is released comes again at once', async () => {
      await queue.send([content('a')]);
      await queue.release(only(await receive()).receipt);
      expect(only(await receive())).toMatchObject({ queued: content('a'), deliveries: 2 });
    });

    test('an old receipt neither acks nor releases what is with another worker now', async () => {
      await queue.send([content('a')]);
      const { receipt } = only(await receive());
      await receive(10, now + minutes(2));
      await queue.ack(receipt);
      await queue.release(receipt);
      expect(await receive(10, now + minutes(2))).toEqual([]);
      expect(await receive(10, now + minutes(4))).toHaveLength(1);
    });

    test('an ack that is repeated does nothing', async () => {
      await queue.send([content('a')]);
      const { receipt } = only(await receive());
      await queue.ack(receipt);
      await queue.send([content('b')]);
      await queue.ack(receipt);
      expect(await receive()).toHaveLength(1);
    });

    test('content workers get no windows, window workers no content', async () => {
      await queue.send([content('a'), windowOf('06:00')]);
      expect(only(await receive(10, now, 'content')).queued).toEqual(content('a'));
      expect(only(await receive(10, now, 'window')).queued).toEqual(windowOf('06:00'));
    });
  });

  describe('deduplication', () => {
    (promises.isContentSentOnce ? test : test.skip)(
      'the same job with the same dueAt is queued once, in the hands of a worker or not',
      async () => {
        await queue.send([content('a'), content('a')]);
        await queue.send([content('a')]);
        expect(await receive()).toHaveLength(1);
        await queue.send([content('a')]);
        expect(await receive()).toEqual([]);
      },
    );

    test('with another dueAt it is queued again', async () => {
      await queue.send([content('a')]);
      await queue.send([content('a', due + 1)]);
      expect(await receive()).toHaveLength(2);
    });

    test('the same window with the same dueAt is queued once', async () => {
      await queue.send([windowOf('06:00'), windowOf('06:00')]);
      await queue.send([windowOf('06:00')]);
      await queue.ack(only(await receive(10, now, 'window')).receipt);
      expect(await receive(10, now, 'window')).toEqual([]);
    });

    test('once acked it may be queued again', async () => {
      await queue.send([content('a')]);
      await queue.ack(only(await receive()).receipt);
      await queue.send([content('a')]);
      expect(await receive()).toHaveLength(1);
    });

    test('equal keys of two streams are two jobs', async () => {
      const audits: Stream = { ...signIns, logType: 'directory-audits' };
      await queue.send([windowOf('06:00', signIns), windowOf('06:00', { ...audits, tenantId: fabrikam })]);
      expect(await receive(10, now, 'window')).toHaveLength(2);
    });
  });

  (promises.isInTurns ? describe : describe.skip)('fairness of content jobs', () => {
    test('what is live comes before the backfill, whoever is served less', async () => {
      const late = ['a', 'b', 'c'].map((name) => ({ ...content(name), path: 'backfill' as const }));
      await queue.send([...late, content('live'), ...late.slice(0, 1)]);
      const keys = [];
      for (let received = 0; received < 4; received += 1) keys.push(only(await receive(1)).queued.ref.key);
      expect(keys).toEqual([content('live'), ...late].map(({ ref }) => ref.key));
    });

    test('a live window comes before those of two days ago', async () => {
      const old = { ...windowOf('06:00'), dueAt: due + days(3) };
      await queue.send([old, windowOf('07:00')]);
      expect(only(await receive(1, now, 'window')).queued).toEqual(windowOf('07:00'));
      expect(only(await receive(1, now, 'window')).queued).toEqual(old);
    });

    test('a tenant with few jobs does not wait for one with many', async () => {
      await queue.send(Array.from({ length: 20 }, (_, index) => content(`many-${String(index)}`)));
      await queue.send([content('few', due, fabrikamExchange)]);
      const tenants = (await receive(4)).map((one) => one.queued.ref.stream.tenantId);
      expect(tenants.filter((tenant) => tenant === fabrikam)).toHaveLength(1);
    });

    test('a tenant whose jobs are with workers comes after one that has none there', async () => {
      await queue.send([content('a'), content('b'), content('c')]);
      await receive(2);
      await queue.send([content('d', due, fabrikamExchange)]);
      expect(only(await receive(1)).queued.ref.stream.tenantId).toBe(fabrikam);
    });

    test('also when that one was served later', async () => {
      await queue.send([content('a'), content('b'), content('c', due, fabrikamExchange), content('d', due, fabrikamExchange)]);
      await receive(1);
      await queue.ack(only(await receive(1)).receipt);
      expect(only(await receive(1)).queued.ref.stream.tenantId).toBe(fabrikam);
    });

    test('a single worker that takes one at a time serves the tenants in turns', async () => {
      await queue.send(Array.from({ length: 5 }, (_, index) => content(`many-${String(index)}`)));
      await queue.send(Array.from({ length: 2 }, (_, index) => content(`few-${String(index)}`, due, fabrikamExchange)));
      const served: string[] = [];
      for (let count = 0; count < 4; count += 1) {
        const { queued, receipt } = only(await receive(1));
        served.push(queued.ref.stream.tenantId);
        await queue.ack(receipt);
      }
      expect(served.filter((tenant) => tenant === fabrikam)).toHaveLength(2);
    });

    test('a single tenant gets all there is', async () => {
      await queue.send(Array.from({ length: 20 }, (_, index) => content(`many-${String(index)}`)));
      expect(await receive(20)).toHaveLength(20);
    });
  });

  describe('order of window jobs', () => {
    const receiveWindows = (when = now) => receive(10, when, 'window');

    test('a tenant has one window in flight; the next comes when it is acked, in the order of sending', async () => {
      await queue.send([windowOf('06:00'), windowOf('06:05'), windowOf('06:10')]);
      for (const start of ['06:00', '06:05', '06:10']) {
        const delivery = only(await receiveWindows());
        expect(delivery.queued).toEqual(windowOf(start));
        expect(await receiveWindows()).toEqual([]);
        await queue.ack(delivery.receipt);
      }
      expect(await receiveWindows()).toEqual([]);
    });

    test('one that is not acked or is released stays the first', async () => {
      await queue.send([windowOf('06:00'), windowOf('06:05')]);
      await receiveWindows();
      const again = only(await receiveWindows(now + seconds(60)));
      expect(again.queued).toEqual(windowOf('06:00'));
      await queue.release(again.receipt);
      expect(only(await receiveWindows()).queued).toEqual(windowOf('06:00'));
    });

    test('log types of one throttle wait for each other, alerts and other tenants do not', async () => {
      const logTypes = ['sign-ins-interactive', 'directory-audits', 'alerts'];
      await queue.send(logTypes.map((logType) => windowOf('06:00', { ...signIns, logType })));
      await queue.send([windowOf('06:00', { ...signIns, tenantId: fabrikam })]);
      const received = (await receiveWindows()).map(({ queued }) => `${queued.ref.stream.tenantId} ${queued.ref.stream.logType}`);
      expect(received).toEqual([
        `${signIns.tenantId} sign-ins-interactive`,
        `${signIns.tenantId} alerts`,
        `${fabrikam} sign-ins-interactive`,
      ]);
    });
  });
}

const fabrikamExchange: Stream = { ...exchange, tenantId: fabrikam };

function content(name: string, dueAt = due, stream = exchange): QueuedJob {
  return { ref: jobRef(blobsOf(stream, name)), dueAt };
}

function windowOf(start: string, stream = signIns): QueuedJob {
  return { ref: jobRef(pass(0, start, '06:30', stream)), dueAt: due };
}
