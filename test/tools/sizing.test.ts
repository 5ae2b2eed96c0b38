import { describe, expect, test } from '@jest/globals';
import { measuredFigures, sizingTable } from '../../tools/sizing/sizing-page.ts';
import { sizing } from '../../tools/sizing/sizing.ts';

const measured = {
  usdOfDeployment: 10,
  usdOfTenant: 0.5,
  usdOfMillion: 0.02,
  jobsOfMillion: 288,
  lambdaUsdOfMillion: 0.0133334,
  dynamodbUsdOfMillion: 0.00625,
  bytesOfEvent: 500,
};

describe('the sizing of a deployment', () => {
  test('adds up what tenants and events cost, and takes workers from their seconds', () => {
    // 120 million events' worth of jobs: 1,000 GB-seconds a million are 120,000 a day, of 86,400 that one worker has.
    const needs = sizing({ tenants: 10, users: 100_000, events: 100 }, measured);
    expect(needs.events).toBe(100_000_000);
    expect(needs.usdLanding).toBeCloseTo(10 + 10 * 0.5 + 3_000 * 0.02);
    // Twelve log types of ten tenants, a job each of as many as a million events come in: more than these events alone would take.
    expect(needs.usdLandingAtMost).toBeCloseTo(10 + 10 * 0.5 + 120 * 30 * 0.02);
    expect(needs.workers).toBeCloseTo(1.389, 3);
    expect(needs.gb).toBe(50);
    expect(needs.daysWithinLimit).toBe(2);
    expect(needs.usdOfDay).toBeCloseTo(0.25);
    expect(needs.usdStorageOfYear).toBeCloseTo(50 * 365 * 0.023);
    expect(needs.parameters).toBe(20);
    expect(needs.writeUnitsASecond).toBeCloseTo((1_200_000 / 86_400) * 5);
  });

  test('has no more objects than events, and no fewer workers than the setting has by itself', () => {
    const [few, many] = [sizing({ tenants: 1, users: 1, events: 2 }, measured), sizing({ tenants: 1, users: 1_000, events: 50 }, measured)];
    expect(few.objects / many.objects).toBeCloseTo(2 / 288);
    expect(few.fetchConcurrency).toBe(10);
    expect(sizing({ tenants: 1_000, users: 100_000, events: 100 }, measured).fetchConcurrency).toBe(695);
  });

  test('pays for at least the 10 MB that Athena charges for a query', () => {
    expect(sizing({ tenants: 1, users: 1, events: 1 }, measured).usdOfDay).toBeCloseTo(0.00005);
  });

  test('takes its figures from the bill and the benchmark', () => {
    const figures = measuredFigures();
    for (const figure of Object.values(figures)) expect(figure).toBeGreaterThan(0);
    expect(figures.lambdaUsdOfMillion).toBeLessThan(figures.usdOfMillion);
    expect(sizingTable([{ tenants: 1, users: 500, events: 50 }], figures)).toContain('| **events a day** | 25,000 |');
  });
});
