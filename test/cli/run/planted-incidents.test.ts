import { expect, test } from '@jest/globals';
import { plantedIncidents, plantedLine } from '../../../cli/run/planted-incidents.ts';
import { ruleLibrary } from '../../../rules/library.ts';
import { ruleSetOf } from '../../../shared/detections/rule-set.ts';
import { incidentNames } from '../../../simulator/seed-data/incidents.ts';

test('every attack that the simulator plants is listed', () => {
  expect(plantedIncidents.map(({ name }) => name)).toEqual(incidentNames);
});

test('the rules that are named are there', () => {
  const names = new Set(ruleSetOf(ruleLibrary()).detections.map(({ name }) => name));
  expect(plantedIncidents.flatMap(({ rules }) => rules).filter((rule) => !names.has(rule))).toEqual([]);
});

test('an attack that no rule is about says why', () => {
  expect(plantedIncidents.filter(({ rules, unfoundBecause }) => (rules.length === 0) !== (unfoundBecause !== undefined))).toEqual([]);
});

test('the line for people counts what was found, and names the rest with its reason', () => {
  const incidents = [
    { name: 'a spray', rules: ['spray'] },
    { name: 'a phish', rules: ['click', 'rule'] },
    { name: 'a download', rules: [], unfoundBecause: 'below the limit' },
  ];
  expect(plantedLine(incidents, new Set(['spray']))).toBe(
    '1 of 3 attacks planted in the simulated day were found; not found: a phish (no finding of click or rule); a download (below the limit)',
  );
  expect(plantedLine(incidents.slice(0, 2), new Set(['spray', 'rule']))).toBe('2 of 2 attacks planted in the simulated day were found');
});
