import { describe, expect, test } from '@jest/globals';
import { decideFates, letterOf } from '../../../shared/domain/fates.ts';
import { hours } from '../../../shared/domain/window.ts';
import type { Letter } from '../../../shared/domain/fetch-job.ts';

describe('the letter of a member', () => {
  test.each([
    { answer: 'fetched', before: 0, letter: 'l' },
    { answer: 'expired', before: 0, letter: 'e' },
    { answer: 'not-yet', before: 9, letter: '?' },
    { answer: 'malformed', before: 0, letter: '?' },
    { answer: 'malformed', before: 3, letter: '?' },
    { answer: 'malformed', before: 4, letter: '?' },
    { answer: 'malformed', before: 40, letter: '?' },
    { answer: 'malformed', before: 4, letter: 'q', left: hours(12) },
    { answer: 'malformed', before: 3, letter: '?', left: hours(1) },
    { answer: 'malformed', before: 4, letter: 'q', left: -hours(1) },
    { answer: 'not-yet', before: 9, letter: '?', left: hours(1) },
  ] as const)(
    'that is $answer after $before malformed answers is $letter with $left ms to its expiry',
    ({ answer, before, letter, ...more }) => {
      const left = 'left' in more ? more.left : hours(12) + 1;
      expect(letterOf(answer, { malformedBefore: before, expires: left }, 0)).toBe(letter);
    },
  );
});

describe('the fates of a job', () => {
  test.each([
    { name: 'land when every member is settled', letters: 'lleq', parks: 0, decision: { kind: 'land', fates: 'lleq' } },
    { name: 'park the first time one member is open', letters: 'll?', parks: 0, decision: { kind: 'park' } },
    {
      name: 'set the open one aside at once when nine in ten are settled',
      letters: 'lllllllll?',
      parks: 0,
      decision: { kind: 'land', fates: 'llllllllls' },
    },
    { name: 'park the first time when fewer are', letters: 'llllllll??', parks: 0, decision: { kind: 'park' } },
    { name: 'set the open ones aside the second time', letters: 'l?e?', parks: 1, decision: { kind: 'land', fates: 'lses' } },
    { name: 'count expired and quarantined members as settled', letters: 'e?', parks: 3, decision: { kind: 'land', fates: 'es' } },
    { name: 'park again while no member is settled', letters: '???', parks: 7, decision: { kind: 'park' } },
  ])('$name', ({ letters, parks, decision }) => {
    expect(decideFates(Array.from(letters) as Letter[], parks)).toEqual(decision);
  });
});
