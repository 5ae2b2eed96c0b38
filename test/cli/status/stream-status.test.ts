import { describe, expect, test } from '@jest/globals';
import { rowsSince, streamStatus } from '../../../cli/status/stream-status.ts';
import { days, hours, minutes } from '../../../shared/domain/window.ts';
import type { Cursor } from '../../../shared/ports/ledger.ts';
import type { StreamState } from '../../../shared/ports/stream-states.ts';
import { at, contoso, exchange, signIns } from '../../contracts/samples.ts';

const now = at('12:15');
const cursor: Cursor = {
  version: 9,
  watermarks: [at('12:00')],
  subscription: 'enabled',
  deepDoneAt: { daily: at('06:00'), hourly: at('12:00') },
};
const state = (more: Partial<StreamState> = {}): StreamState => ({
  stream: exchange,
  cursor,
  pending: 0,
  landed: [],
  losses: [],
  gaps: [],
  ...more,
});
const legacy = { cloud: 'global', tenantId: contoso, logType: 'alerts-legacy' } as const;
const hour = (start: string, rows: number, newest = at(start)) => ({ hour: at(start), rows, newest });
const loss = (reason: 'expired' | 'quarantined', created: number) => ({ stream: exchange, contentId: 'c', reason, jobId: 'j', created });
const gap = (from: number, to: number) => ({ stream: exchange, from, to, reason: 'the subscription was not enabled' });

describe('the state of a stream', () => {
  test.each([
    { name: 'was never listed', state: { stream: exchange, pending: 0, landed: [], losses: [], gaps: [] }, named: 'enabled' },
    { name: 'is listed up to the last hour', state: state(), named: 'collecting' },
    { name: 'is listed up to two hours ago', state: state({ cursor: { ...cursor, watermarks: [at('10:00')] } }), named: 'lagging' },
    {
      name: 'has windows that are late by their latency',
      state: state({ stream: signIns, cursor: { version: 1, watermarks: [at('11:40')] } }),
      named: 'collecting',
    },
    {
      name: 'has windows that are late by an hour',
      state: state({ stream: signIns, cursor: { version: 1, watermarks: [at('11:10')] } }),
      named: 'lagging',
    },
    {
      name: 'was subscribed this morning',
      state: state({ cursor: { ...cursor, subscriptionStartedAt: at('01:00') } }),
      named: 'warming up',
    },
    {
      name: 'was subscribed this morning, and something has landed',
      state: state({ cursor: { ...cursor, subscriptionStartedAt: at('01:00') }, landed: [hour('11:00', 1)] }),
      named: 'collecting',
    },
    {
      name: 'was subscribed more than 12 hours ago',
      state: state({ cursor: { ...cursor, subscriptionStartedAt: at('00:14') } }),
      named: 'collecting',
    },
    {
      name: 'has a subscription that is not enabled yet',
      state: state({ cursor: { ...cursor, subscription: 'off', subscriptionStartedAt: at('12:10') } }),
      named: 'warming up',
    },
    {
      name: 'is refused',
      state: state({ cursor: { ...cursor, suspendedUntil: at('13:00'), suspendedBecause: 'AADSTS7000222' } }),
      named: 'suspended',
      because: 'AADSTS7000222, tried again at 13:00 UTC',
    },
    {
      name: 'is refused, and about to be tried again',
      state: state({ cursor: { ...cursor, suspendedUntil: at('12:10'), suspendedBecause: 'AF10001' } }),
      named: 'suspended',
      because: 'AF10001, being tried again',
    },
    { name: 'is of an API that has gone', state: state({ stream: legacy }), named: 'retired', because: 'since 2026-10-15' },
  ])('that $name is $named', ({ state: of, named, because }) => {
    const status = streamStatus(of, now, 'on', 'contoso');
    expect(status.state).toBe(named);
    if (because !== undefined) expect(status.because).toBe(because);
  });

  test('of a tenant that is switched off is disabled, and needs nobody', () => {
    expect(streamStatus(state({ losses: [loss('quarantined', now)] }), now, 'off', 'contoso')).toMatchObject({
      state: 'disabled',
      needs: [],
    });
  });

  test('of a simulation needs nobody for what nobody can change, and somebody for what was lost', () => {
    expect(streamStatus(state({ stream: legacy }), now, 'simulated', 'contoso')).toMatchObject({ state: 'retired', needs: [] });
    const late = state({ cursor: { ...cursor, watermarks: [now - days(2)], deepDoneAt: { hourly: now - days(2) } } });
    expect(streamStatus(late, now, 'simulated', 'contoso').needs).toEqual([]);
    expect(streamStatus(state({ losses: [loss('quarantined', now)] }), now, 'simulated', 'contoso').needs).toHaveLength(1);
  });

  test('of one whose test has not passed is waiting, and needs somebody', () => {
    expect(streamStatus(state(), now, 'waiting', 'contoso')).toMatchObject({
      state: 'waiting',
      needs: [expect.stringContaining('lake tenant enable')],
    });
  });
});

describe('what landed', () => {
  test('is shown for 24 hours, the current one last', () => {
    const first = { hour: rowsSince(now), rows: 3, newest: 1 };
    const status = streamStatus(state({ landed: [first, hour('11:00', 40), hour('12:00', 10)] }), now, 'on', 'contoso');
    expect(status.rowsByHour).toHaveLength(24);
    expect([status.rowsByHour[0], ...status.rowsByHour.slice(-2)]).toEqual([3, 40, 10]);
    expect(status.rowsLastDay).toBe(53);
  });

  test('in the last hour is the current one and the part of the one before that makes it sixty minutes', () => {
    expect(streamStatus(state({ landed: [hour('11:00', 40), hour('12:00', 10)] }), now, 'on', 'contoso').rowsLastHour).toBe(10 + 30);
  });

  test('says what is newest of all hours, and the lag of listing', () => {
    const landed = [hour('11:00', 40, at('10:59')), hour('12:00', 10, at('10:30'))];
    expect(streamStatus(state({ landed }), now, 'on', 'contoso')).toMatchObject({ newest: at('10:59'), lagMs: minutes(15) });
    expect(streamStatus(state(), now, 'on', 'contoso')).not.toHaveProperty('newest');
  });
});

describe('what fails and is tried again without anybody', () => {
  const failing = (since: string) => state({ cursor: { ...cursor, failing: { since: at(since), because: 'HTTP 504' } } });
  const stuck = { pending: 1, parkedUntil: at('12:30'), stuck: { since: at('11:00'), parks: 1, because: 'HTTP 504' } };
  test.each([
    { what: 'a list', state: failing('12:10'), says: 'audit-exchange: its list has failed since 12:10 UTC (HTTP 504)' },
    {
      what: 'a job',
      state: state(stuck),
      says: 'published at 2026-11-22T11:00:00.000Z does not come (HTTP 504); it is tried again at 12:30 UTC',
    },
  ])('$what is named with its cause, and needs nobody yet', ({ state: of, says }) => {
    const { needs, retrying } = streamStatus(of, now, 'on', 'contoso');
    expect([needs, retrying]).toEqual([[], [expect.stringContaining(says)]]);
  });

  test('is nothing where all is well', () => {
    expect(streamStatus(state(), now, 'on', 'contoso').retrying).toEqual([]);
  });

  test('needs somebody after hours, and is not named twice', () => {
    const { needs, retrying } = streamStatus(failing('06:00'), now, 'on', 'contoso');
    expect([needs, retrying]).toEqual([[expect.stringContaining('its list has failed since 2026-11-22T06:00')], []]);
  });
});

describe('a person is needed for', () => {
  const parked = { pending: 1, parkedUntil: at('12:30') };
  test.each([
    {
      what: 'a refusal',
      state: state({ cursor: { ...cursor, suspendedUntil: at('13:00'), suspendedBecause: 'AF10001' } }),
      says: "'lake tenant test contoso'",
    },
    { what: 'a retired API', state: state({ stream: legacy }), says: "'lake tenant edit contoso --replace alerts-legacy=alerts'" },
    {
      what: 'a stream that lags by days',
      state: state({ cursor: { ...cursor, watermarks: [now - days(2)], deepDoneAt: { hourly: now - days(2) } } }),
      says: 'manage.office.com answers',
    },
    {
      what: 'an hour that Microsoft does not list',
      state: state({ cursor: { ...cursor, heldBackBy: { from: at('09:00'), because: 'not-json' } } }),
      says: 'does not list the hour from 2026-11-22T09:00:00.000Z (not-json)',
    },
    {
      what: 'what has not landed for hours',
      state: state({ ...parked, stuck: { since: now - hours(7), parks: 8, because: 'HTTP 504' } }),
      says: 'has not landed (HTTP 504)',
    },
    {
      what: 'what parks and expires soon',
      state: state({ ...parked, stuck: { since: now - hours(1), parks: 3, because: 'HTTP 504' }, nextExpiry: now + hours(5) }),
      says: 'its jobs are parked (HTTP 504)',
    },
    {
      what: 'content that could not be read and is still served',
      state: state({ losses: [loss('quarantined', now - days(2))] }),
      says: "quarantine/; 'lake reconcile --repair' fetches again",
    },
    {
      what: 'content that could not be read and is not served any more',
      state: state({ losses: [loss('quarantined', now - days(8))] }),
      says: 'their bytes are in quarantine/',
    },
    { what: 'content that expired', state: state({ losses: [loss('expired', now - days(8))] }), says: 'a Purview export' },
    { what: 'a gap of this week', state: state({ gaps: [gap(now - days(3), now - days(2)), gap(0, now)] }), says: 'and 1 more gaps' },
  ])('$what', ({ state: of, says }) => {
    expect(streamStatus(of, now, 'on', 'contoso').needs).toEqual([expect.stringContaining(says)]);
  });

  test.each([
    {
      what: 'what is days old and about to expire, and failed for the first time',
      state: state({ ...parked, stuck: { since: now - days(6), parks: 1, because: 'HTTP 504' }, nextExpiry: now + hours(5) }),
    },
    { what: 'what was parked an hour ago', state: state({ ...parked, stuck: { since: now - hours(1), parks: 8, because: 'HTTP 504' } }) },
    { what: 'what parks and has time', state: state({ ...parked, nextExpiry: now + days(3) }) },
    { what: 'what is on its way, however old', state: state({ pending: 1, nextExpiry: now + minutes(5) }) },
    {
      what: 'a stream that began an hour ago and goes back a week',
      state: state({ cursor: { ...cursor, watermarks: [now - days(6)], deepDoneAt: { hourly: now - hours(1) } } }),
    },
    { what: 'what was lost long ago', state: state({ losses: [loss('expired', now - days(30))], gaps: [gap(0, now - days(30))] }) },
    { what: 'a stream that warms up', state: state({ cursor: { ...cursor, subscriptionStartedAt: at('12:00') } }) },
  ])('nobody is for $what', ({ state: of }) => {
    expect(streamStatus(of, now, 'on', 'contoso').needs).toEqual([]);
  });

  test('what was lost long ago is still counted', () => {
    const status = streamStatus(state({ losses: [loss('expired', 1), loss('quarantined', 1)], gaps: [gap(0, 1)] }), now, 'on', 'contoso');
    expect(status).toMatchObject({ expired: 1, quarantined: 1, gaps: 1 });
  });
});
