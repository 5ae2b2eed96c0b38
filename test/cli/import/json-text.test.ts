import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { canonicalText, memberText, partsOf, withMembers, withoutMembers } from '../../../cli/import/json-text.ts';

describe('parts of JSON text', () => {
  test('stand as they are written', () => {
    const text = ' { "a" : [1, {"b":"]"}] ,"c":"\\"" , "d": -1e5 }';
    expect(partsOf(text).map(({ name, start, end }) => [name, text.slice(start, end)])).toEqual([
      ['a', '[1, {"b":"]"}]'],
      ['c', '"\\""'],
      ['d', '-1e5'],
    ]);
    expect(memberText('{"a":1,"a":2}', 'a')).toBe('2');
    expect(withoutMembers('{"a":1, "b" : [2] ,"c":3}', ['a', 'c'])).toBe('{"b" : [2]}');
    expect(withMembers('{"a":1}', [['b', '"x"']])).toBe('{"a":1,"b":"x"}');
  });

  test('are all there, of any JSON', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.constantFrom(undefined, 2), (record, indent) => {
        const text = JSON.stringify(record, undefined, indent);
        const parts = partsOf(text).map(({ name, start, end }) => [name, JSON.parse(text.slice(start, end)) as unknown]);
        expect(parts).toEqual(Object.entries(JSON.parse(text) as object));
      }),
    );
  });
});

describe('canonical text', () => {
  test.each([
    { name: 'members in another order', a: '{"a":1,"b":{"c":2,"d":3}}', b: '{ "b" : {"d":3, "c":2}, "a":1 }' },
    { name: 'what says nothing', a: '{"a":1,"b":null,"c":"","d":[],"e":{"f":null}}', b: '{"a":1}' },
    { name: 'escapes', a: '{"a":"\\u00fc\\/"}', b: '{"a":"ü/"}' },
    { name: "Graph's type", a: '{"@odata.type":"#x","a":1}', b: '{"a":1}' },
  ])('is equal but for $name', ({ a, b }) => {
    expect(canonicalText(a)).toBe(canonicalText(b));
  });

  test.each([
    { name: 'lists in another order', a: '[1,2]', b: '[2,1]' },
    { name: 'a number and a text', a: '{"a":1}', b: '{"a":"1"}' },
    { name: 'numbers beyond 2^53', a: '{"a":9007199254740993}', b: '{"a":9007199254740992}' },
    { name: 'a name twice', a: '{"a":1,"a":2}', b: '{"a":2}' },
    { name: 'false and nothing', a: '{"a":false}', b: '{}' },
  ])('differs for $name', ({ a, b }) => {
    expect(canonicalText(a)).not.toBe(canonicalText(b));
  });

  test('of what is nested too deeply is the text itself', () => {
    const deep = '['.repeat(200_000) + ']'.repeat(200_000);
    expect(canonicalText(deep)).toBe(deep);
  });
});
