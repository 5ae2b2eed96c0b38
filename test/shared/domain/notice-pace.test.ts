import { describe, expect, test } from '@jest/globals';
import { afterFailure, afterMessage, freshPace, isDueOn, planOf, type Delivery, type Pace } from '../../../shared/domain/notice-pace.ts';
import { days, hours, minutes, seconds } from '../../../shared/domain/window.ts';

const now = Date.parse('2026-11-22T09:00:00Z');

describe('how what is due is sent', () => {
  const singles = (count: number, ageMs = minutes(1)): Pace => ({ singlesAt: Array.from({ length: count }, () => now - ageMs) });
  test.each([
    { name: 'a few one by one', due: 10, pace: freshPace, plan: 'each' },
    { name: 'more than ten at once as a digest', due: 11, pace: freshPace, plan: 'digest' },
    { name: 'the eleventh of a quarter of an hour as a digest', due: 1, pace: singles(10), plan: 'digest' },
    { name: 'what was sent longer ago does not count', due: 10, pace: singles(10, minutes(15)), plan: 'each' },
    { name: 'a second digest waits', due: 50, pace: { ...freshPace, digestAt: now - minutes(14) }, plan: 'wait' },
    { name: 'and comes after a quarter of an hour', due: 50, pace: { ...freshPace, digestAt: now - minutes(15) }, plan: 'digest' },
    { name: 'a few after a digest are sent at once', due: 3, pace: { ...freshPace, digestAt: now - minutes(1) }, plan: 'each' },
    {
      name: 'times ahead of us count for nothing',
      due: 50,
      pace: { singlesAt: [now + hours(5)], digestAt: now + hours(5) },
      plan: 'digest',
    },
  ])('$name', ({ due, pace, plan }) => {
    expect(planOf(due, pace, now)).toBe(plan);
  });

  test('a channel remembers a quarter of an hour, and no more than that', () => {
    const pace = afterMessage({ singlesAt: [now - hours(1), now - minutes(2)] }, 'finding', now);
    expect(pace).toEqual({ singlesAt: [now - minutes(2), now] });
    expect(afterMessage(pace, 'digest', now)).toEqual({ singlesAt: [now - minutes(2), now], digestAt: now });
  });
});

describe('what was not taken', () => {
  const failed = (before: Delivery | undefined, more = {}, at = now) =>
    afterFailure(before, { because: 'HTTP 503', ...more }, { now: at, noticedAt: now });

  test('is tried again later and later, at most an hour apart', () => {
    const pauses: number[] = [];
    let delivery: Delivery | undefined;
    for (let tries = 0; tries < 10; tries += 1) {
      delivery = failed(delivery);
      pauses.push(delivery.state === 'waiting' ? (delivery.dueAt - now) / minutes(1) : NaN);
    }
    expect(pauses).toEqual([0.5, 1, 2, 4, 8, 16, 32, 60, 60, 60]);
  });

  test('waits as long as the receiver asks for, at most six hours', () => {
    expect(failed(undefined, { retryAfterMs: hours(2) })).toMatchObject({ dueAt: now + hours(2) });
    expect(failed(undefined, { retryAfterMs: days(9) })).toMatchObject({ dueAt: now + hours(6) });
  });

  test('is given up after three days, or at once where no attempt could help', () => {
    expect(failed(undefined, {}, now + days(3))).toEqual({ state: 'dead', because: 'HTTP 503' });
    expect(failed(undefined, { isFinal: true })).toEqual({ state: 'dead', because: 'HTTP 503' });
  });

  test('is due at its time, and what is dead or taken never', () => {
    const waiting: Delivery = { state: 'waiting', tries: 1, dueAt: now + seconds(30), because: '' };
    expect([isDueOn(undefined, now), isDueOn(waiting, now), isDueOn(waiting, now + seconds(30))]).toEqual([true, false, true]);
    expect([isDueOn({ state: 'taken' }, now), isDueOn({ state: 'dead', because: '' }, now)]).toEqual([false, false]);
  });
});
