import { describe, expect, test } from '@jest/globals';
import { hours } from '../../shared/domain/window.ts';
import { outageScenarios, runOutage } from './outage-scenario.ts';

/** What `npm run proof:outage` does with six hours and 36,000 blobs. */
describe('an outage of an hour', () => {
  test.each(outageScenarios({ blobs: 900, lastsMs: hours(1) }))('is made good: $name', async (scenario) => {
    const { faults, fetchesPerBlob } = await runOutage(scenario);
    expect(faults).toEqual([]);
    expect(fetchesPerBlob).toBeGreaterThanOrEqual(1);
  });

  test('is not made good when nobody looks for what is due: the goals can be missed', async () => {
    const [calm] = outageScenarios({ blobs: 200, lastsMs: hours(1) });
    if (!calm) throw new Error('there is no scenario');
    const { faults } = await runOutage({ ...calm, plan: { ...calm.plan, listEveryMs: hours(2) } });
    expect(faults.join('\n')).toContain('everything is listed after');
  });
});
