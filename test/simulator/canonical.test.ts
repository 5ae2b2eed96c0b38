import { expect, test } from '@jest/globals';
import { contentHash } from '../../simulator/canonical.ts';

test.each([
  ['keys in another order', '{"a":1,"b":{"c":2,"d":3}}', '{"b":{"d":3,"c":2},"a":1}'],
  ['another spelling of a number', '{"a":1.0}', '{ "a": 1 }'],
  ['an escape', String.raw`{"a":"\u00e9"}`, '{"a":"é"}'],
  ['half a surrogate pair, which lands as U+FFFD', String.raw`{"a":["\ud800"],"\udfff":1}`, '{"a":["\ufffd"],"\ufffd":1}'],
])('%s says the same', (_, one, other) => {
  expect(contentHash(one)).toBe(contentHash(other));
});

test.each([
  ['another value', '{"a":1}', '{"a":2}'],
  ['a list in another order', '[1,2]', '[2,1]'],
  ['a text in place of a number', '{"a":1}', '{"a":"1"}'],
])('%s does not', (_, one, other) => {
  expect(contentHash(one)).not.toBe(contentHash(other));
});
