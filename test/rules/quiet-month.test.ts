/** Rules among ordinary activity: they are quiet there, and find what their tests plant in it. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ruleLibrary } from '../../rules/library.ts';
import { days } from '../../shared/domain/window.ts';
import type { Detection } from '../../shared/detections/detection.ts';
import { batchFindings, type DatasetRows } from '../../shared/detections/evaluate/findings.ts';
import type { IndicatorIndex } from '../../shared/detections/indicators.ts';
import { ruleSetOf } from '../../shared/detections/rule-set.ts';
import type { RuleTest } from '../../shared/detections/sigma/rule-tests.ts';
import { recordsOf } from '../../shared/detections/test-records.ts';
import { openLanding } from '../../shared/landing/landing.ts';
import { evaluated, noiseOf, perDay } from '../../tools/quiet-month/findings-a-day.ts';
import { landRows, type LandingPlace } from '../../tools/quiet-month/land-rows.ts';
import { quietTenant, quietRecords } from '../../tools/quiet-month/quiet-records.ts';

const { detections } = ruleSetOf(ruleLibrary());
const { tenantId } = quietTenant;
/** The month ends with the day on which the tests of rules plant. */
const [learning, count, startAt] = [30, 7, Date.UTC(2026, 9, 15)];

let folder: string;
let place: LandingPlace & { readonly landing: { close(): void } };
let quiet: readonly DatasetRows[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quiet-'));
  place = { landing: await openLanding({ memoryMb: 200, spillFolder: folder }), folder, tenantId };
  quiet = await quietRecords(place, detections, { seed: 'quiet', startAt, days: learning + count, recordsPerDay: 800 });
}, 240_000);
afterAll(async () => {
  place.landing.close();
  await rm(folder, { recursive: true, force: true });
});

test('a quiet week has at most three findings a day, and no rule more than it expects', () => {
  const noise = noiseOf(detections, quiet, { tenantId, after: startAt + days(learning), days: count });
  expect(perDay(noise, count)).toBeLessThanOrEqual(3);
  expect(noise.filter(({ daily, expect: most }) => daily.some((one) => one > most))).toEqual([]);
  expect(noise.filter(({ level }) => level === 'high' || level === 'critical')).toEqual([]);
}, 120_000);

test('the first days of a lake have more: what is usual has to be learned', () => {
  const noise = noiseOf(detections, quiet, { tenantId, after: startAt, days: 3 });
  expect(noise.map(({ rule }) => rule)).toContain('sign-in-first-country');
  expect(perDay(noise, 3)).toBeGreaterThan(3);
}, 120_000);

test('an incident that is planted in it is found by its rule, exactly', async () => {
  const wrong: string[] = [];
  for (const detection of evaluated(detections)) {
    const usual = batchFindings(detection, quiet, tenantId, indicators).length;
    for (const planted of detection.tests.filter(({ findings }) => findings > 0)) {
      const found = batchFindings(detection, [...quiet, ...(await landed(planted))], tenantId, indicators).length - usual;
      if (found !== planted.findings) wrong.push(`${titleOf(detection, planted)}: ${String(found)} instead of ${String(planted.findings)}`);
    }
  }
  expect(wrong).toEqual([]);
}, 240_000);

const titleOf = ({ title }: Detection, { name }: RuleTest): string => `${title}, ${name}`;

/** As in `lake rules test`. */
const indicators: IndicatorIndex = {
  find: (type, text) => (/^198\.51\.100\.9$|indicator/.test(text) ? { value: text, source: `test (${type})` } : undefined),
};

async function landed({ records }: RuleTest): Promise<DatasetRows[]> {
  const lake: DatasetRows[] = [];
  for (const [part, those] of records.entries()) {
    const texts = recordsOf(those, `planted-${String(part)}`).map((record) => JSON.stringify(record));
    lake.push(await landRows(place, { logTypeId: those.logType, records: texts, at: Date.parse(those.at) }));
  }
  return lake;
}
