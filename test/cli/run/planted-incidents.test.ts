import { expect, test } from '@jest/globals';
import { plantedIncidents } from '../../../cli/run/planted-incidents.ts';
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
