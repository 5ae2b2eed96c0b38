/** Our own rules: every one is whole, and finds what it says it finds. */

import { describe, expect, test } from '@jest/globals';
import { queryLibrary } from '../../queries/library.ts';
import { attackNames } from '../../tools/docs/attack-table.ts';
import { ruleLibrary } from '../../rules/library.ts';
import { runRuleTests } from '../../cli/rules/run-tests.ts';
import { complaintsAbout } from '../../shared/detections/lint.ts';
import { refusalLines, ruleSetOf } from '../../shared/detections/rule-set.ts';

const set = ruleSetOf(ruleLibrary());

test('every rule is taken', () => {
  expect(refusalLines(set)).toEqual([]);
  expect(set.withoutSource).toEqual([]);
});

test('there is one of each kind', () => {
  const kinds = new Set(set.detections.map(({ how }) => how.kind));
  expect([...kinds].sort()).toEqual(['absence', 'first-seen', 'indicator', 'sequence', 'single', 'travel', 'window']);
});

test('ids and names are each used once', () => {
  for (const key of ['id', 'title'] as const) {
    const values = set.detections.map((detection) => detection[key]);
    expect(values.filter((value, index) => values.indexOf(value) !== index)).toEqual([]);
  }
});

test('a description says what to look at next, and the queries that it names are there', () => {
  const names = queryLibrary().map(({ name }) => name);
  for (const { title, description } of set.detections) {
    expect(`${title}: ${description}`).toMatch(/Next: /);
    const named = [...description.matchAll(/@([a-z-]+)/g)].map(([, name = '']) => name);
    expect({ title, unknown: named.filter((name) => !names.includes(name)) }).toEqual({ title, unknown: [] });
  }
});

test('a query of the library names only rules that exist, and that are about the same technique where it has one', () => {
  for (const { name, rules, attack } of queryLibrary()) {
    const known = rules.map((rule) => set.detections.find((detection) => detection.name === rule)?.attack ?? 'no rule');
    expect({ name, rules, known: known.filter((techniques) => techniques === 'no rule') }).toEqual({ name, rules, known: [] });
    expect(attack.length === 0 || rules.length === 0 || known.some((those) => attack.some((one) => related(one, those)))).toBe(true);
  }
});

/** Whether one of the techniques is this one, or of the same family. */
const related = (technique: string, numbers: readonly string[] | string): boolean =>
  typeof numbers !== 'string' && numbers.some((number) => number.slice(0, 5) === technique.slice(0, 5));

test('every technique has its name in the table of ATT&CK', () => {
  const names = attackNames(queryLibrary());
  expect(set.detections.flatMap(({ attack }) => attack).filter((number) => !names.has(number))).toEqual([]);
});

describe('each rule', () => {
  test.each(set.detections.map((detection) => [detection.title, detection] as const))('%s lacks nothing', (_, detection) => {
    expect(complaintsAbout(detection)).toEqual([]);
  });

  test('finds what its tests say, and nothing else', async () => {
    const results = await runRuleTests(set.detections);
    expect(results.length).toBeGreaterThan(2 * set.detections.length - 1);
    expect(results.filter(({ wanted, got }) => wanted !== got)).toEqual([]);
  }, 120_000);
});
