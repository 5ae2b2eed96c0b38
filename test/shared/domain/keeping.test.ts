import { describe, expect, test } from '@jest/globals';
import {
  cutoffOf,
  cutoffOfEverybody,
  cutoffsIn,
  cutoffsOf,
  daysKeptFault,
  isPast,
  latestCutoff,
  listedCutoffs,
  type TenantKeeping,
} from '../../../shared/domain/keeping.ts';

const now = Date.parse('2026-11-30T13:00:00Z');
const cutoffs = (usual: number | undefined, own: Readonly<Record<string, TenantKeeping>> = {}) =>
  cutoffsOf('rawDays', usual === undefined ? {} : { rawDays: usual }, new Map(Object.entries(own)), now);

describe('what is kept', () => {
  test.each([
    { name: 'everything, where nothing is set', of: cutoffs(undefined), everybody: undefined, latest: undefined, contoso: undefined },
    { name: 'so many days before today', of: cutoffs(60), everybody: '2026-10-01', latest: '2026-10-01', contoso: '2026-10-01' },
    {
      name: 'longer for a tenant that says so',
      of: cutoffs(60, { contoso: { rawDays: 365 } }),
      everybody: '2025-11-30',
      latest: '2026-10-01',
      contoso: '2025-11-30',
    },
    {
      name: 'shorter for a tenant that says so',
      of: cutoffs(365, { contoso: { rawDays: 60 } }),
      everybody: '2025-11-30',
      latest: '2026-10-01',
      contoso: '2026-10-01',
    },
    {
      name: 'everything of a tenant whose configuration is broken',
      of: cutoffs(60, { contoso: 'unknown' }),
      everybody: undefined,
      latest: '2026-10-01',
      contoso: undefined,
    },
    {
      name: 'as usual of a tenant that sets something else only',
      of: cutoffs(60, { contoso: { compactedDays: 400 } }),
      everybody: '2026-10-01',
      latest: '2026-10-01',
      contoso: '2026-10-01',
    },
    {
      name: 'everything but that of a tenant that says so',
      of: cutoffs(undefined, { contoso: { rawDays: 60 } }),
      everybody: undefined,
      latest: '2026-10-01',
      contoso: '2026-10-01',
    },
  ])('is $name', ({ of, everybody, latest, contoso }) => {
    expect(cutoffOfEverybody(of)).toBe(everybody);
    expect(latestCutoff(of)).toBe(latest);
    expect(cutoffOf(of, 'contoso')).toBe(contoso);
  });

  test('includes the date of the cutoff', () => {
    expect(isPast(cutoffs(60), 'contoso', '2026-10-01')).toBe(false);
    expect(isPast(cutoffs(60), 'contoso', '2026-09-30')).toBe(true);
    expect(isPast(cutoffs(undefined), 'contoso', '1999-01-01')).toBe(false);
  });
});

test.each([35, 36.5, 0, -1, '60', null, 36_501])('%p days are refused with what is allowed', (days) => {
  expect(daysKeptFault(days)).toMatch(/is not a whole number of days from 36 to 36500/);
});

test('36 days are the least', () => {
  expect(daysKeptFault(36)).toBeUndefined();
});

test.each([cutoffs(undefined), cutoffs(60), cutoffs(60, { fabrikam: { rawDays: 365 }, contoso: 'unknown' })])(
  'what is kept is the same after it was JSON',
  (one) => {
    expect(cutoffsIn(JSON.parse(JSON.stringify(listedCutoffs(one))) as ReturnType<typeof listedCutoffs>)).toEqual(one);
  },
);
