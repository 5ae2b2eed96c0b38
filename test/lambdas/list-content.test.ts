import { describe, expect, test } from '@jest/globals';
import { KnownClaims } from '../../lambdas/list/known-claims.ts';
import { noLateness } from '../../shared/domain/lateness.ts';
import { days, hours, minutes, seconds } from '../../shared/domain/window.ts';
import { at, exchange, member } from '../contracts/samples.ts';
import { shown } from '../shared/domain/at.ts';
import { refusal } from './scripted-microsoft.ts';
import { openStage } from './stage.ts';

const blob = (name: string, created: string) => ({ ...member(name, at(created)), records: [name] });

describe('a list of content blobs', () => {
  test('makes one job of what nobody has claimed, and sends it', async () => {
    const stage = openStage();
    stage.microsoft.blobs = [blob('b', '08:10'), blob('a', '08:05')];
    expect(await stage.list()).toEqual({ kind: 'listed', jobs: 1, isCaughtUp: true });
    const job = await stage.ledger.readJob(stage.sent[0]?.ref ?? never());
    expect(job?.job).toMatchObject({
      kind: 'content',
      landingHour: '2026-11-22T09',
      members: [{ contentId: member('a').contentId }, { contentId: member('b').contentId }],
    });
  });

  test('makes nothing the second time, and lists only from an hour before the cursor', async () => {
    const stage = openStage();
    stage.microsoft.blobs = [blob('a', '08:05')];
    await stage.list();
    stage.microsoft.listed.length = 0;
    expect(await stage.list()).toMatchObject({ jobs: 0 });
    expect(stage.microsoft.listed.map(({ start, end }) => `${shown(start)}-${shown(end)}`)).toEqual(['08:00-09:00', '09:00-09:30']);
  });

  test('finds a blob that was listed late within the hour before the cursor', async () => {
    const stage = openStage();
    await stage.list();
    stage.microsoft.blobs = [blob('late', '08:05')];
    expect(await stage.list()).toMatchObject({ jobs: 1 });
  });

  test('finds a blob that was listed later than that by the hourly deep list', async () => {
    const stage = openStage();
    await stage.list();
    stage.microsoft.blobs = [blob('late', '06:05')];
    expect(await stage.list()).toMatchObject({ jobs: 0 });
    await stage.clock.advance(hours(1));
    expect(await stage.list()).toMatchObject({ jobs: 1 });
  });

  test('lists a week again in pieces, so that no run takes long, and misses nothing of it', async () => {
    const stage = openStage();
    await stage.list();
    await stage.clock.advance(days(3));
    stage.microsoft.blobs = [blob('late', '07:05')];
    const runs = [];
    for (let run = 0; run < 3; run += 1) runs.push(await stage.list());
    expect(runs.map((listed) => listed.kind === 'listed' && listed.isCaughtUp)).toEqual([false, true, true]);
    expect(runs[0]).toMatchObject({ jobs: 1 });
  });

  test('counts how late blobs are listed, by what its own lists prove, in a commit that is made anyway', async () => {
    const [stage, warm] = [openStage(), new KnownClaims()];
    await stage.list('audit-exchange', warm);
    await stage.clock.advance(minutes(10));
    await stage.list('audit-exchange', warm);
    // The list of 09:40 did not have what was created at 09:32; what is of 09:05 was there before the stream began.
    stage.microsoft.blobs = [blob('in time', '09:44'), blob('late', '09:32'), blob('before', '09:05')];
    await stage.clock.advance(minutes(5));
    await stage.list('audit-exchange', warm);
    await stage.clock.advance(minutes(20));
    await stage.list('audit-exchange', warm);
    const { since, counts } = (await stage.ledger.readCursor(exchange))?.lateness ?? noLateness(0);
    expect(shown(since)).toBe('09:30');
    expect(counts.slice(0, 3)).toEqual([1, 0, 1]);
  });

  test('a stream that is days behind lists its last hours first, and sends the past on a path of its own', async () => {
    const stage = openStage('09:30', [], at('08:00') - days(4));
    const old = { ...blob('old', '08:30'), created: at('08:30') - days(3), expires: at('08:30') + days(4) };
    stage.microsoft.blobs = [old, blob('live', '09:10')];
    await stage.list();
    expect(stage.microsoft.listed.slice(0, 2).map(({ start, end }) => `${shown(start)}-${shown(end)}`)).toEqual([
      '08:00-09:00',
      '09:00-09:30',
    ]);
    expect(stage.sent.map(({ path }) => path ?? 'live')).toEqual(['live', 'backfill']);
  });

  test('moves the cursor over closed windows only, and not over one that was not listed to its end', async () => {
    const stage = openStage();
    stage.microsoft.onList = ({ start }) => (start === at('08:00') ? refusal('unavailable') : undefined);
    expect(await stage.list()).toMatchObject({ kind: 'stopped' });
    expect(shown((await stage.ledger.readCursor(exchange))?.watermarks[0] ?? 0)).toBe('08:00');
    stage.microsoft.onList = () => undefined;
    await stage.list();
    expect(shown((await stage.ledger.readCursor(exchange))?.watermarks[0] ?? 0)).toBe('09:00');
  });

  test('waits a short Retry-After out in place, and leaves a long one to the next run', async () => {
    const stage = openStage();
    let throttled = 0;
    stage.microsoft.onList = () => ((throttled += 1) <= 3 ? refusal('throttled', seconds(5)) : undefined);
    const listed = stage.list();
    await stage.clock.advance(seconds(20));
    expect(await listed).toMatchObject({ kind: 'listed' });
    stage.microsoft.onList = () => refusal('throttled', hours(1));
    expect(await stage.list()).toMatchObject({ kind: 'stopped' });
  });

  test('writes a gap from a day before the cursor when Microsoft has stopped serving what lies before it', async () => {
    const stage = openStage();
    await stage.list();
    await stage.clock.advance(days(8));
    await stage.list();
    const [gap] = await stage.ledger.gaps(exchange);
    expect([gap?.from ?? 0, gap?.to ?? 0].map(shown)).toEqual(['2026-11-21T09:00', '2026-11-23T10:50']);
    expect(stage.log.of('error').map(({ message }) => message)).toEqual(['records are out of reach']);
  });

  test('sends a job again whose creation was applied while its answer was lost', async () => {
    const stage = openStage();
    stage.microsoft.blobs = [blob('a', '08:05')];
    const create = stage.ledger.createJob.bind(stage.ledger);
    stage.ledger.createJob = async (...args) => {
      await create(...args);
      return create(...args);
    };
    expect(await stage.list()).toMatchObject({ jobs: 1 });
  });

  test('regroups what is left when another list has claimed a part of the group', async () => {
    const stage = openStage();
    stage.microsoft.blobs = [blob('a', '08:05')];
    await stage.list();
    stage.microsoft.blobs.push(blob('b', '08:06'), blob('c', '08:07'));
    const claims = stage.ledger.claims.bind(stage.ledger);
    // The quick read is stale: it does not see the claim of a yet. What the list reads after it lost the race is up to date.
    let reads = 0;
    stage.ledger.claims = (stream, ids) => ((reads += 1) === 1 ? Promise.resolve(new Map()) : claims(stream, ids));
    expect(await stage.list()).toMatchObject({ jobs: 1 });
    const last = await stage.ledger.readJob(stage.sent.at(-1)?.ref ?? never());
    expect(last?.job).toMatchObject({ members: [{ contentId: member('b').contentId }, { contentId: member('c').contentId }] });
  });

  test('starts a subscription that is not enabled, once, and never before 15 minutes have gone by', async () => {
    const stage = openStage();
    stage.microsoft.subscriptions = [];
    await stage.list();
    stage.microsoft.subscriptions = [];
    expect(await stage.list()).toMatchObject({ kind: 'stopped', by: { kind: 'not-subscribed' } });
    expect(stage.microsoft.calls.filter((call) => call === 'start')).toHaveLength(1);
    await stage.clock.advance(minutes(15));
    await stage.list();
    expect(stage.microsoft.calls.filter((call) => call === 'start')).toHaveLength(2);
    expect(await stage.ledger.gaps(exchange)).toMatchObject([{ reason: 'the subscription was not enabled' }]);
  });

  test('knows an enabled subscription in any letters', async () => {
    const stage = openStage();
    stage.microsoft.subscriptions = [{ contentType: 'audit.EXCHANGE', isEnabled: true }];
    expect(await stage.list()).toMatchObject({ kind: 'listed' });
    expect(stage.microsoft.calls).not.toContain('start');
  });

  test('writes a gap from an hour before the cursor where a subscription was off, and none before it was first on', async () => {
    const stage = openStage();
    stage.microsoft.subscriptions = [];
    await stage.list();
    expect(await stage.ledger.gaps(exchange)).toEqual([]);
    await stage.clock.advance(hours(1));
    await stage.list();
    stage.microsoft.subscriptions = [{ contentType: 'Audit.Exchange', isEnabled: false }];
    await stage.clock.advance(hours(3));
    await stage.list();
    // The cursor was at 10:00; the clocks may differ by a quarter of an hour.
    expect(await stage.ledger.gaps(exchange)).toMatchObject([{ from: at('09:00'), to: at('13:45') }]);
  });

  test('ends that gap an hour later at most, though the clock jumps weeks ahead while the start is asked for', async () => {
    const stage = openStage();
    await stage.list();
    stage.microsoft.subscriptions = [{ contentType: 'Audit.Exchange', isEnabled: false }];
    await stage.clock.advance(hours(3));
    const begun = stage.clock.now();
    const { startSubscription } = stage.microsoft;
    stage.microsoft.startSubscription = async () => {
      await stage.clock.advance(days(21));
      return startSubscription();
    };
    await stage.list();
    const [gap] = await stage.ledger.gaps(exchange);
    expect(gap?.to).toBe(begun + hours(1) + minutes(15));
  });

  test('rests for an hour when it is refused, with the cursor where it was', async () => {
    const stage = openStage();
    await stage.list();
    stage.microsoft.onList = () => refusal('refused');
    await stage.list();
    const calls = stage.microsoft.calls.length;
    expect(await stage.list()).toMatchObject({ kind: 'suspended', until: at('10:30') });
    expect(stage.microsoft.calls.slice(calls)).toEqual([]);
    stage.microsoft.onList = () => undefined;
    await stage.clock.advance(minutes(61));
    expect(await stage.list()).toMatchObject({ kind: 'listed' });
    expect((await stage.ledger.readCursor(exchange))?.suspendedUntil).toBeUndefined();
  });

  test.each([days(8), -days(8), minutes(16)])('by a clock that is %d ms ahead lists nothing, and logs it', async (leadMs) => {
    const stage = openStage();
    await stage.list();
    const before = await stage.ledger.readCursor(exchange);
    await stage.clock.advance(days(8));
    stage.microsoft.leadMs = leadMs;
    stage.microsoft.listed.length = 0;
    expect(await stage.list()).toMatchObject({ kind: 'stopped', by: { cause: { code: 'clock' } } });
    expect(stage.microsoft.listed).toEqual([]);
    const { watermarks, deepDoneAt, failing } = (await stage.ledger.readCursor(exchange)) ?? never();
    expect([watermarks, deepDoneAt, failing?.because]).toEqual([before?.watermarks, before?.deepDoneAt, 'clock']);
    expect(await stage.ledger.gaps(exchange)).toEqual([]);
    expect(stage.log.of('error').map(({ fields }) => fields.code)).toEqual(['clock']);
  });

  test('of a tenant that has never had a token notes why, since when, and the cure, until one comes', async () => {
    const stage = openStage();
    const { identify } = stage.microsoft;
    const since = stage.clock.now();
    stage.microsoft.identify = () => Promise.resolve(refusal('unavailable'));
    await stage.list();
    await stage.clock.advance(minutes(5));
    stage.microsoft.identify = () => Promise.resolve(refusal('refused'));
    await stage.list();
    const { cause } = refusal('refused');
    expect(await stage.ledger.tokenFailure('contoso')).toEqual({ since, isRefused: true, cause });
    stage.microsoft.identify = identify;
    await stage.list();
    expect(await stage.ledger.tokenFailure('contoso')).toBeUndefined();
  });

  test('by the time that was right before the clock jumped lists what there is', async () => {
    const stage = openStage();
    const listSubscriptions = stage.microsoft.listSubscriptions;
    stage.microsoft.blobs = [blob('a', '08:10')];
    stage.microsoft.listSubscriptions = async () => {
      await stage.clock.advance(days(20));
      stage.microsoft.leadMs = days(20);
      return listSubscriptions();
    };
    await stage.list();
    expect((await stage.ledger.readCursor(exchange))?.watermarks.map(shown)).toEqual(['06:00']);
    expect(await stage.ledger.gaps(exchange)).toEqual([]);
  });

  test('begins no stream while Microsoft does not answer, for nobody knows what time it is', async () => {
    const stage = openStage();
    const { listSubscriptions } = stage.microsoft;
    stage.microsoft.listSubscriptions = () => Promise.resolve(refusal('unavailable'));
    expect(await stage.list()).toMatchObject({ kind: 'stopped' });
    expect(await stage.ledger.readCursor(exchange)).toMatchObject({ watermarks: [], failing: { because: 'unavailable' } });
    stage.microsoft.listSubscriptions = listSubscriptions;
    stage.microsoft.blobs = [blob('a', '06:10')];
    expect(await stage.list()).toMatchObject({ kind: 'listed', jobs: 1 });
  });

  test('goes on from now where a clock that was ahead has left its times, and lists the week again', async () => {
    const stage = openStage();
    const ahead = at('09:00') + days(8);
    const left = { watermarks: [ahead], deepDoneAt: { daily: ahead, hourly: ahead }, suspendedUntil: ahead, subscriptionStartedAt: ahead };
    await stage.ledger.commitCursor(exchange, 0, left, { jobs: [], dueAt: 0, gaps: [] });
    stage.microsoft.blobs = [blob('meanwhile', '06:05'), blob('new', '09:10')];
    expect(await stage.list()).toMatchObject({ kind: 'listed', jobs: 2 });
    expect(await stage.ledger.gaps(exchange)).toEqual([]);
  });

  test('one hour that stays broken holds back the cursor and no later hour, and the cursor names it', async () => {
    const stage = openStage();
    stage.microsoft.blobs = [blob('before', '06:10'), blob('within', '07:10'), blob('after', '08:10')];
    stage.microsoft.onList = ({ start }) => (start === at('07:00') ? refusal('malformed') : undefined);
    expect(await stage.list()).toMatchObject({ kind: 'stopped', by: { kind: 'malformed' } });
    expect(await stage.ledger.readCursor(exchange)).toMatchObject({
      watermarks: [at('07:00')],
      heldBackBy: { from: at('07:00'), because: 'malformed' },
    });
    expect(stage.sent).toHaveLength(2);
    const { version } = (await stage.ledger.readCursor(exchange)) ?? {};
    await stage.list();
    expect((await stage.ledger.readCursor(exchange))?.version).toBe(version);
    stage.microsoft.onList = () => undefined;
    expect(await stage.list()).toMatchObject({ kind: 'listed', jobs: 1 });
    expect(await stage.ledger.readCursor(exchange)).not.toHaveProperty('heldBackBy');
  });

  test('asks for no hour after two when Microsoft lists none', async () => {
    const stage = openStage();
    stage.microsoft.onList = () => refusal('unavailable');
    expect(await stage.list()).toMatchObject({ kind: 'stopped' });
    expect(stage.microsoft.listed.map(({ start }) => shown(start))).toEqual(['06:00', '09:00']);
    expect(await stage.ledger.readCursor(exchange)).not.toHaveProperty('heldBackBy');
    expect(await stage.ledger.readCursor(exchange)).toMatchObject({ failing: { because: 'unavailable' } });
    stage.microsoft.onList = () => undefined;
    await stage.list();
    expect(await stage.ledger.readCursor(exchange)).not.toHaveProperty('failing');
  });

  test('leaves the work to another list that was faster', async () => {
    const stage = openStage();
    await stage.list();
    await stage.clock.advance(hours(2));
    stage.ledger.commitCursor = () => Promise.resolve('overtaken');
    expect(await stage.list()).toEqual({ kind: 'overtaken' });
  });
});

function never(): never {
  throw new Error('no job was sent');
}
