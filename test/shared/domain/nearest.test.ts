import { expect, test } from '@jest/globals';
import { unknownWord } from '../../../shared/domain/nearest.ts';

test.each([
  { got: 'audit-exchagne', says: "unknown log type 'audit-exchagne'; did you mean 'audit-exchange'? Known are audit-exchange, alerts" },
  { got: 'ALERTS', says: "unknown log type 'ALERTS'; did you mean 'alerts'? Known are audit-exchange, alerts" },
  { got: 'firewall', says: "unknown log type 'firewall'; known are audit-exchange, alerts" },
])('$got: the nearest known word is named where there is one', ({ got, says }) => {
  expect(unknownWord('log type', got, ['audit-exchange', 'alerts'])).toBe(says);
});
