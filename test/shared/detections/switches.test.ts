import { describe, expect, test } from '@jest/globals';
import { ruleSetOf } from '../../../shared/detections/rule-set.ts';
import { allowedBecause, switchesFile, switchesText, type Switches } from '../../../shared/detections/switches.ts';

const rule = (id: string): string =>
  `title: Rule ${id}\nid: ${id}\nlogsource: {product: azure, service: auditlogs}\ndetection: {s: {OperationName: Add user}, condition: s}\n`;
const files = { 'a.yml': rule('a'), 'b.yml': rule('b') };
const why = { by: 'ada@desk', since: '2026-12-01', because: 'a test of ours' };
const setWith = (switches: unknown) =>
  ruleSetOf({ ...files, [switchesFile]: typeof switches === 'string' ? switches : switchesText(switches as Switches) });

describe('a rule that is off', () => {
  const set = setWith({ off: [{ rule: 'a', ...why }], allowed: [] });

  test('is not evaluated, and is known', () => {
    expect(set.detections.map(({ id }) => id)).toEqual(['b']);
    expect(set.known.map(({ id }) => id)).toEqual(['a', 'b']);
  });

  test('makes another set of it, so that jobs name which one they were evaluated with', () => {
    expect(set.hash).not.toBe(ruleSetOf(files).hash);
  });
});

describe('what is allowed', () => {
  const entry = { rule: 'a', ...why, where: { user: 'Backup@contoso.com' }, until: '2026-12-31' };
  const [a, b] = setWith({ off: [], allowed: [entry] }).detections;
  const at = (time: string): number => Date.parse(time);

  test.each([
    { what: 'its value, in any case', group: { user: 'backup@CONTOSO.com' }, time: '2026-12-31T23:59:59Z', is: true },
    { what: 'another value', group: { user: 'eve@contoso.com' }, time: '2026-12-02T00:00:00Z', is: false },
    { what: 'a finding without the value', group: {}, time: '2026-12-02T00:00:00Z', is: false },
    { what: 'the day after its last', group: { user: 'backup@contoso.com' }, time: '2027-01-01T00:00:00Z', is: false },
  ])('counts for $what: $is', ({ group, time, is }) => {
    const because = allowedBecause(group, a?.allowed ?? [], at(time));
    expect(because).toBe(is ? 'ada@desk allowed it until 2026-12-31: a test of ours' : undefined);
  });

  test('is allowed of its rule alone, which is evaluated all the same', () => {
    expect([a?.allowed?.length, b?.allowed]).toEqual([1, undefined]);
  });
});

describe('a file of switches that is refused leaves every rule on, and says why', () => {
  test.each([
    ['no JSON', '{', /nothing is off or allowed until it is mended/],
    ['an end more than a year away', { off: [], allowed: [{ rule: 'a', ...why, where: { user: 'x' }, until: '2028-01-01' }] }, /366 days/],
    ['no value', { off: [], allowed: [{ rule: 'a', ...why, where: {}, until: '2026-12-31' }] }, /names no value/],
    ['no reason', { off: [{ rule: 'a', by: 'ada', since: '2026-12-01', because: ' ' }], allowed: [] }, /off\.0\.because/],
    ['a word that nobody knows', { off: [], allowed: [], of: [] }, /of/],
  ])('%s', (_, switches, message) => {
    const set = setWith(switches);
    expect(set.detections.length).toBe(2);
    expect(set.refusals.map(({ file, message: text }) => `${file}: ${text}`).join()).toMatch(message);
  });
});
