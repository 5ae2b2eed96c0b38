import fc from 'fast-check';
import { describe, expect, test } from '@jest/globals';
import { hold, target } from './target.ts';
import { mutated } from './hostile.ts';
import { fuzzTargets } from './targets.ts';

const about = { name: 'planted', what: 'a guard that looks at how a URL begins', share: 1 };
const ours = 'https://manage.office.com';
/** As it has been written elsewhere. */
const planted = target(about, mutated(`${ours}/api/v1.0/feed`), (url) => {
  if (url.startsWith(ours)) hold(URL.parse(url)?.hostname === 'manage.office.com', `a token would go to ${url}`);
});

describe('fuzzing', () => {
  test('finds a guard that looks at the beginning of a URL, and finds it again by its seed and path', async () => {
    const { failure } = await planted.check(20_000, { seed: 1 });
    expect(failure?.why).toContain('a token would go to https://manage.office.com');
    const again = await planted.check(1, { seed: failure?.seed ?? 0, path: failure?.path ?? '' });
    expect(again.failure?.input).toBe(failure?.input);
  });

  test('what holds is run as often as asked', async () => {
    expect(await target(about, fc.integer(), () => undefined).check(123, { seed: 1 })).toEqual({ runs: 123 });
  });

  test('targets are distinguished by their names, and share what there is', () => {
    const names = fuzzTargets.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(fuzzTargets.every(({ share }) => share > 0)).toBe(true);
  });
});
