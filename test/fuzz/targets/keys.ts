/** Keys of the lake: whatever their parts are, a key stays in its folder or is refused. */

import { posix } from 'node:path';
import fc from 'fast-check';
import { checkKey } from '../../../shared/domain/lake-key.ts';
import { landingKey, quarantineKey } from '../../../shared/domain/landing-key.ts';
import { mutated, nastyText } from '../hostile.ts';
import { hold, target, type Target } from '../target.ts';

const part = (good: string): fc.Arbitrary<string> => fc.oneof(fc.constant(good), mutated(good), nastyText);
const parts = fc.record({
  dataset: part('msft_azure_ad_raw'),
  landingHour: part('2026-11-22T10'),
  jobId: part('0123456789abcdef0123456789abcdef'),
  member: fc.integer({ min: 0, max: 89 }),
});

function made(make: () => string): string | undefined {
  try {
    return make();
  } catch {
    return undefined; // refused
  }
}

function holdKey(key: string | undefined, pattern: RegExp): void {
  if (key === undefined) return;
  hold(pattern.test(key), `'${key}' is a key`);
  hold(posix.normalize(key) === key && !posix.isAbsolute(key), `'${key}' leads elsewhere`);
  hold(checkKey(key) === key, `'${key}' is made and refused`);
}

const raw = /^raw\/[a-z][a-z0-9_]*\/dt=\d{4}-\d{2}-\d{2}\/hr=\d{2}\/[0-9a-f]{32}\.parquet$/;
const quarantine = /^quarantine\/[a-z][a-z0-9_]*\/dt=\d{4}-\d{2}-\d{2}\/hr=\d{2}\/[0-9a-f]{32}-\d+\.bin$/;

export const keyTargets: readonly Target[] = [
  target({ name: 'landing-key', what: 'keys made of a dataset, an hour and a job', share: 120 }, parts, ({ dataset, member, ...job }) => {
    holdKey(
      made(() => landingKey(dataset, job)),
      raw,
    );
    holdKey(
      made(() => quarantineKey(dataset, job, member)),
      quarantine,
    );
  }),
  target(
    { name: 'lake-key', what: 'keys as the lake is asked for them', share: 60 },
    part('raw/msft_azure_ad_raw/dt=2026-11-22/hr=10/x.parquet'),
    (key) => {
      if (made(() => checkKey(key)) === undefined) return;
      hold(/^(?:raw|quarantine)\//.test(key) && posix.normalize(key) === key, `'${key}' leads elsewhere`);
      hold(/^[\x21-\x7e]+$/.test(key), `'${key}' has characters that file systems treat differently`);
    },
  ),
];
