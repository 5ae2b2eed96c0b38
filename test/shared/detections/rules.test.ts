/** What the compiler takes of Sigma, and how it refuses what it does not take. */

import { describe, expect, test } from '@jest/globals';
import { ruleSetOf } from '../../../shared/detections/rule-set.ts';
import type { Row } from '../../../shared/detections/compile/row.ts';

const head = 'title: A rule\nlogsource: {product: azure, service: auditlogs}\n';
const rule = (detection: string, more = ''): string => `${head}detection:\n${detection.replaceAll(/^/gm, '  ')}\n${more}\n`;

/** The rule's answer to a row of directory audits. */
function matches(text: string, row: Row, lists: Readonly<Record<string, string>> = {}): boolean {
  const { detections, refusals } = ruleSetOf({ 'a.yml': text, ...lists });
  expect(refusals).toEqual([]);
  return detections.some(({ selections }) => selections.some((selection) => selection.matches(row)));
}
const refusal = (text: string): string => {
  const [first] = ruleSetOf({ 'a.yml': text }).refusals;
  return first ? `${String(first.line)}:${String(first.column)} ${first.message}` : 'taken';
};

describe('a condition', () => {
  const selections = 'one: {operation: a}\ntwo: {service: b}\n_three: {category: c}\n';
  test.each([
    { condition: 'one and two', row: { operation: 'a', service: 'b' }, is: true },
    { condition: 'one and not two', row: { operation: 'a', service: 'b' }, is: false },
    { condition: 'not one or two and one', row: { operation: 'a' }, is: false },
    { condition: 'not (one or two)', row: { category: 'c' }, is: true },
    { condition: '1 of them', row: { category: 'c' }, is: false },
    { condition: '1 of _*', row: { category: 'c' }, is: true },
    { condition: 'all of t*', row: { service: 'b' }, is: true },
    { condition: 'ONE', row: {}, is: undefined },
  ])('$condition', ({ condition, row, is }) => {
    const text = rule(`${selections}condition: ${condition}`);
    if (is === undefined) expect(refusal(text)).toMatch(/unknown selection 'ONE'; did you mean 'one'/);
    else expect(matches(text, row)).toBe(is);
  });

  test('may be several, of which any will do', () => {
    expect(matches(rule(`${selections}condition: [one, two]`), { service: 'b' })).toBe(true);
  });
});

describe('a modifier', () => {
  test.each([
    { item: `'operation|contains|all': [a, c]`, value: 'abc' },
    { item: `'operation|startswith': AB`, value: 'abc' },
    { item: `'operation|endswith|cased': bc`, value: 'abc' },
    { item: `'operation|re': '^a.c$'`, value: 'abc' },
    { item: `'operation|re|i': '^A'`, value: 'abc' },
    { item: `'operation|windash|contains': ' -x'`, value: 'run /x' },
    { item: `'operation|base64': secret`, value: 'c2VjcmV0' },
    { item: `'operation|base64offset|contains': secret`, value: 'eHNlY3JldHk=' },
    { item: `'operation|wide|base64': hi`, value: 'aABpAA==' },
    { item: `'operation|utf16be|base64': hi`, value: 'AGgAaQ==' },
    { item: `'operation|expand': '%names%'`, value: 'beta' },
    { item: `'operation|fieldref': service`, value: 'Same' },
    { item: `'operation|neq': other`, value: 'abc' },
    { item: 'operation: null', value: null },
    { item: `operation: ''`, value: null },
  ])('$item finds $value', ({ item, value }) => {
    const row = { operation: value, service: 'same' };
    expect(matches(rule(`s: {${item}}\ncondition: s`), row, { 'lists/names.txt': '# who\nalpha\nbeta\n' })).toBe(true);
    expect(matches(rule(`s: {${item}}\ncondition: s`), { operation: 'other', service: 'x' }, { 'lists/names.txt': 'alpha' })).toBe(false);
  });
});

describe('a field', () => {
  const signIn = (field: string): string =>
    `title: x\nlogsource: {product: azure, service: signinlogs}\ndetection: {s: {'${field}': 50126}, condition: s}`;
  test.each(['ResultType', 'status.errorCode', 'properties.status.errorCode', 'STATUS.ERRORCODE', 'error_code'])(
    'is known as %s',
    (field) => {
      expect(matches(signIn(field), { error_code: 50126n })).toBe(true);
    },
  );

  test('that nobody knows refuses the rule, with its line and the nearest one', () => {
    expect(refusal(signIn('ResultTyp'))).toMatch(/^3:\d+ unknown field 'ResultTyp'; did you mean 'resulttype'\?.*'raw.ResultTyp'/);
  });

  test('of pairs by name is the value under that name', () => {
    const text = `title: x\nlogsource: {product: m365, service: audit}\ndetection: {s: {ExtendedProperties.RequestType: 'OAuth2:Token'}, condition: s}`;
    expect(matches(text, { extended_properties: { RequestType: 'oauth2:token' } })).toBe(true);
  });

  test('inherited by every object of JavaScript is nothing', () => {
    expect(matches(rule(`s: {'raw.a.constructor|exists': true}\ncondition: s`), { raw: '{"a":{}}' })).toBe(false);
    expect(matches(rule(`s: {'additional_details.toString|exists': true}\ncondition: s`), { additional_details: {} })).toBe(false);
  });
});

describe('a rule is refused', () => {
  const correlation = (more: string): string =>
    `${rule('s: {operation: a}\ncondition: s', 'name: base')}---\ntitle: C\ncorrelation:\n  rules: [base]\n  timespan: 5m\n${more}\n`;
  test.each([
    { why: 'that is no YAML', text: 'title: [', says: /^1:9 no YAML/ },
    { why: 'that is no mapping', text: '- a', says: /^1:1 a rule is a mapping/ },
    { why: 'without a title', text: 'detection: {}', says: /'title' is missing/ },
    { why: 'without a condition', text: rule('s: {operation: a}'), says: /no condition/ },
    { why: 'with an empty selection', text: rule('s: {}\ncondition: s'), says: /^4:6 the selection is empty/ },
    {
      why: 'with a modifier nobody knows',
      text: rule(`s: {'operation|contians': a}\ncondition: s`),
      says: /unknown modifier 'contians'; did you mean 'contains'/,
    },
    { why: 'with a modifier that is not done', text: rule(`s: {'event_time|hour': 3}\ncondition: s`), says: /the modifier 'hour'/ },
    { why: 'with a placeholder without a list', text: rule(`s: {'operation|expand': '%x%'}\ncondition: s`), says: /lists\/x\.txt/ },
    { why: 'with look-around', text: rule(`s: {'operation|re': '(?=a)'}\ncondition: s`), says: /^4:23 .* is no expression of RE2/ },
    { why: 'with a network that is none', text: rule(`s: {'source_ip|cidr': '10.0.0.0/33'}\ncondition: s`), says: /no network/ },
    { why: 'that aggregates as Sigma 1 did', text: rule('s: {operation: a}\ncondition: s | count() > 5'), says: /write a correlation/ },
    { why: 'that compares a time', text: rule(`s: {event_time: '2026'}\ncondition: s`), says: /is a time/ },
    { why: 'with a level nobody knows', text: rule('s: {operation: a}\ncondition: s', 'level: hihg'), says: /unknown level 'hihg'/ },
    { why: 'that is not monotone', text: correlation('  type: event_count\n  condition: {lt: 3}\n'), says: /arrives late/ },
    {
      why: 'that counts what no rule has',
      text: correlation('  type: value_count\n  condition: {gte: 3, field: nope}\n'),
      says: /unknown field 'nope'/,
    },
    {
      why: 'that correlates a rule that is not there',
      text: correlation('  type: event_count\n  condition: {gte: 3}\n').replace('[base]', '[bass]'),
      says: /names 'bass'/,
    },
    {
      why: 'with a key of ours that is none',
      text: rule('s: {operation: a}\ncondition: s', 'custom: {lake: {buckt: 1h}}'),
      says: /unknown key 'buckt'; did you mean 'bucket'/,
    },
    {
      why: 'that allows without saying who',
      text: rule('s: {operation: a}\ncondition: s', 'custom: {lake: {allow: [{field: operation, values: a}]}}'),
      says: /needs 'until'|needs 'because'|needs 'owner'/,
    },
  ])('$why', ({ text, says }) => {
    expect(refusal(text)).toMatch(says);
  });

  test('alone: the others of its file are taken', () => {
    const { detections, refusals } = ruleSetOf({
      'a.yml': `${rule('s: {operatoin: a}\ncondition: s')}---\n${rule('s: {operation: a}\ncondition: s')}`,
    });
    expect([detections.length, refusals.length]).toEqual([1, 1]);
  });
});

describe('rules together', () => {
  const base = rule('s: {operation: a}\ncondition: s', 'name: base\nid: one');
  test('a rule that a correlation is about finds nothing by itself', () => {
    const text = `${base}\n---\ntitle: C\ncorrelation: {type: event_count, rules: [base], group-by: [actor_upn], timespan: 10m, condition: {gte: 3}}`;
    const { detections, refusals } = ruleSetOf({ 'a.yml': text });
    expect(refusals).toEqual([]);
    expect(detections.map(({ title, how }) => [title, how])).toEqual([
      ['C', { kind: 'window', counts: 'events', least: 3, withinMs: 600_000, bucketMs: 3_600_000 }],
    ]);
  });

  test('a filter takes away what it says of the rules it names', () => {
    const filter = `title: F\nlogsource: {product: azure}\nfilter: {rules: [base], admins: {actor_upn: admin@contoso.example}, condition: not admins}`;
    const { detections } = ruleSetOf({ 'a.yml': base, 'b.yml': filter });
    const [selection] = detections[0]?.selections ?? [];
    expect(selection?.matches({ operation: 'a', actor_upn: 'lee@contoso.example' })).toBe(true);
    expect(selection?.matches({ operation: 'a', actor_upn: 'Admin@contoso.example' })).toBe(false);
  });

  test('the version is of what a rule asks, and of nothing that describes it', () => {
    const version = (text: string) => ruleSetOf({ 'a.yml': text }).detections[0]?.version;
    expect(version(`${base}\ndescription: longer`)).toBe(version(base));
    expect(version(base.replace('operation: a', 'operation: b'))).not.toBe(version(base));
  });

  test('a rule is looked up by the operations without which it cannot match', () => {
    const of = (detection: string) => ruleSetOf({ 'a.yml': rule(detection) }).detections[0]?.selections[0]?.operations;
    expect(of('s: {operation: [A, b], service: x}\ncondition: s')).toEqual(new Set(['a', 'b']));
    expect(of('s: {operation: a}\nt: {service: x}\ncondition: s or t')).toBeUndefined();
    expect(of(`s: {'operation|contains': a}\ncondition: s`)).toBeUndefined();
  });

  test('an allowance ends with its time, by the time of the event', () => {
    const allow = `custom: {lake: {allow: [{field: actor_upn, values: bot@contoso.example, because: it migrates, owner: ops, until: 2026-12-01}]}}`;
    const text = rule('s: {operation: a}\ncondition: s', allow);
    const row = (time: string) => ({ operation: 'a', actor_upn: 'bot@contoso.example', event_time: new Date(time) });
    expect(matches(text, row('2026-11-30T23:59:59Z'))).toBe(false);
    expect(matches(text, row('2026-12-01T00:00:00Z'))).toBe(true);
  });
});
