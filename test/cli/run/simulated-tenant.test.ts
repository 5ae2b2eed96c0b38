import { expect, test } from '@jest/globals';
import { logTypes } from '../../../shared/log-types/index.ts';
import { notSimulated, simulatedTenantConfig } from '../../../cli/run/simulated-tenant.ts';
import { seededWorld } from '../../../simulator/seeded-world.ts';

test('a log type that the simulator does not have is named before the first list, with the cure', () => {
  const [line, ...others] = notSimulated([...logTypes.map(({ id }) => id), 'audit-moonbase']);
  expect(others).toEqual([]);
  expect(line).toContain('audit-moonbase is not collected');
  expect(line).toContain('simulator/log-types/audit-moonbase.ts');
});

test('the tenant of a simulated run collects every log type of both APIs', () => {
  const { managementActivity, graph } = simulatedTenantConfig(seededWorld({ seed: 'one', startAt: Date.parse('2026-11-22T12:00:00Z') }), 0);
  const chosen: readonly string[] = [...(managementActivity?.logTypes ?? []), ...(graph?.logTypes ?? [])];
  expect([...chosen].sort()).toEqual(logTypes.map(({ id }) => id).sort());
});
