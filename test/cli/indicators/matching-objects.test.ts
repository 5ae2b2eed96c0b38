/** Which landed objects Athena is asked for. */

import { expect, test } from '@jest/globals';
import { matchingObjects, statementsFor } from '../../../cli/indicators/matching-objects.ts';
import { ruleSetOf } from '../../../shared/detections/rule-set.ts';
import type { Asking } from '../../../shared/ports/asking.ts';

const { detections } = ruleSetOf({
  'rule.yml': `
title: Listed
id: listed
logsource: {product: azure, service: auditlogs}
detection: {s: {OperationName: Sign in}, condition: s}
custom: {lake: {indicator: {source_ip: ip, actor_upn: email}, tests: [{name: t, findings: 1, records: []}]}}
`,
});
const since = Date.parse('2026-11-01T09:00:00Z');
const entry = (type: 'ip' | 'email' | 'domain', value: string) => ({ type, value });

test('only the days since then, rows of the rule, and values of the list are asked for', () => {
  const statements = statementsFor(detections, [entry('ip', '203.0.113.7'), entry('email', "O'Hara@evil.example")], since);
  expect(statements).toHaveLength(1);
  const [sql = ''] = statements ?? [];
  expect(sql).toContain(`FROM "msft_azure_ad_audit_raw" WHERE dt >= '2026-11-01'`);
  expect(sql).toContain('sign in');
  expect(sql).toContain(`'203.0.113.7'`);
  expect(sql).toContain(`'o''hara@evil.example'`);
});

test('a list that no rule looks up asks nothing', () => {
  expect(statementsFor(detections, [entry('domain', 'evil.example')], since)).toEqual([]);
});

test.each([
  ['a range of addresses', [entry('ip', '203.0.113.0/24')]],
  ['an address of IPv6', [entry('ip', '2001:db8::1')]],
  ['more than a statement has room for', Array.from({ length: 9_000 }, (_, index) => entry('email', `user${String(index)}@evil.example`))],
])('%s cannot be asked for, and every object is looked at', (_, entries) => {
  expect(statementsFor(detections, entries, since)).toBeUndefined();
});

test('paths become keys of the bucket', async () => {
  const batches = (async function* () {
    yield await Promise.resolve([['s3://lake/raw/msft_azure_ad_audit_raw/dt=2026-11-02/hr=09/a.parquet']]);
  })();
  const asking: Asking = {
    engine: 'athena',
    ask: () => Promise.resolve({ columns: [], batches, cost: () => ({}) }),
    close: () => Promise.resolve(),
  };
  expect(await matchingObjects(asking, ['SELECT 1'])).toEqual(new Set(['raw/msft_azure_ad_audit_raw/dt=2026-11-02/hr=09/a.parquet']));
  expect(await matchingObjects(asking, undefined)).toBeUndefined();
});
