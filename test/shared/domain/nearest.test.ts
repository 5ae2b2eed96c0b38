import { expect, test } from '@jest/globals';
import { unknownWord } from '../../../shared/domain/nearest.ts';

const many = Array.from({ length: 30 }, (_, index) => `dataset_${String(index)}`);

test('of many known words the nearest three are named', () => {
  expect(unknownWord('dataset', 'datasett_7', many)).toBe(
    "unknown dataset 'datasett_7'; did you mean 'dataset_7'? Also near are dataset_0, dataset_1",
  );
  expect(unknownWord('query', 'spray', [...many, 'password-spray'])).toBe(
    "unknown query 'spray'; the nearest are password-spray, dataset_0, dataset_1",
  );
});

test.each([
  { got: 'audit-exchagne', says: "unknown log type 'audit-exchagne'; did you mean 'audit-exchange'? Known are audit-exchange, alerts" },
  { got: 'ALERTS', says: "unknown log type 'ALERTS'; did you mean 'alerts'? Known are audit-exchange, alerts" },
  { got: 'firewall', says: "unknown log type 'firewall'; known are audit-exchange, alerts" },
])('$got: the nearest known word is named where there is one', ({ got, says }) => {
  expect(unknownWord('log type', got, ['audit-exchange', 'alerts'])).toBe(says);
});
