import { describe, expect, test } from '@jest/globals';
import { comparable, withoutNames } from './comparable.ts';

describe('rows of two engines are the same', () => {
  test.each([
    { name: 'whatever their order', one: [['a'], ['b']], other: [['b'], ['a']] },
    { name: 'with times in either form', one: [['2026-11-18T08:00:00.123Z']], other: [['2026-11-18 08:00:00.123']] },
    { name: 'with times to the millisecond, rounded', one: [['2026-11-18T08:00:00.123567Z']], other: [['2026-11-18 08:00:00.124']] },
    { name: 'whatever the order of the keys of a map', one: [[{ a: '1', b: '2' }]], other: [[{ b: '2', a: '1' }]] },
    { name: 'with doubles to twelve digits', one: [[0.1 + 0.2]], other: [[0.3]] },
  ])('$name', ({ one, other }) => {
    expect(comparable(one)).toEqual(comparable(other));
  });
});

describe('rows differ', () => {
  test.each([
    { name: 'by a second', one: [['2026-11-18T08:00:00Z']], other: [['2026-11-18 08:00:01.000']] },
    { name: 'by NULL and an empty text', one: [[null]], other: [['']] },
    { name: 'by a number and its text', one: [[1]], other: [['1']] },
    { name: 'by the order of a list', one: [[['a', 'b']]], other: [[['b', 'a']]] },
    { name: 'by how often a row is there', one: [['a'], ['a']], other: [['a']] },
  ])('$name', ({ one, other }) => {
    expect(comparable(one)).not.toEqual(comparable(other));
  });
});

test('a struct is a list of its fields, in the order of the type', () => {
  const type = 'row(a varchar, "b" array(row(c bigint, d varchar)), e bigint)';
  expect(withoutNames({ e: 5, b: [{ d: 'x', c: 1 }], a: 'y' }, type)).toEqual(['y', [[1, 'x']], 5]);
});
