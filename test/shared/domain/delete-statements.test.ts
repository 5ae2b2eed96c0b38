import { expect, test } from '@jest/globals';
import { eraseDerivedStatement, eraseStatement, expireStatement, findObjectsStatement } from '../../../shared/domain/delete-statements.ts';
import { identifiersOf, personPattern } from '../../../shared/domain/erasure.ts';

const table = { compacted: 'msft_azure_ad_compacted' };
const person = { kind: 'person', identifiers: identifiersOf("d'arcy@contoso.example", []) } as const;
const [older, newer] = [`event_time < TIMESTAMP '2025-01-01 00:00:00'`, `event_time < TIMESTAMP '2026-01-01 00:00:00'`];

test.each([
  { name: 'the days before the first that is kept', cutoffs: { usual: '2026-01-01', own: new Map() }, condition: newer },
  {
    name: 'by tenant where one has days of its own, and no partition after the last cutoff is looked into',
    cutoffs: { usual: '2026-01-01', own: new Map([['contoso', '2025-01-01']]) },
    condition: `${newer} AND ((tenant_name NOT IN ('contoso') AND ${newer}) OR (tenant_name IN ('contoso') AND ${older}))`,
  },
  {
    name: 'of one tenant alone where the others keep everything',
    cutoffs: {
      usual: undefined,
      own: new Map([
        ['contoso', '2026-01-01'],
        ['fabrikam', undefined],
      ]),
    },
    condition: `${newer} AND ((tenant_name IN ('contoso') AND ${newer}))`,
  },
  {
    name: 'of all but a tenant of which nothing is known',
    cutoffs: { usual: '2026-01-01', own: new Map([['contoso', undefined]]) },
    condition: `${newer} AND ((tenant_name NOT IN ('contoso') AND ${newer}))`,
  },
  {
    name: 'in one condition for tenants of equal days: a deployment may have thousands',
    cutoffs: {
      usual: undefined,
      own: new Map([
        ['contoso', '2026-01-01'],
        ['fabrikam', '2026-01-01'],
      ]),
    },
    condition: `${newer} AND ((tenant_name IN ('contoso', 'fabrikam') AND ${newer}))`,
  },
])('what expires is $name', ({ cutoffs, condition }) => {
  expect(expireStatement(table, cutoffs)).toBe(`DELETE FROM "msft_azure_ad_compacted" WHERE ${condition}`);
});

test('no statement is made where everything is kept', () => {
  expect(() => expireStatement(table, { usual: undefined, own: new Map([['contoso', undefined]]) })).toThrow('nothing of');
});

test("a tenant's rows are deleted from every table", () => {
  const erasure = { kind: 'tenant', tenant: 'contoso' } as const;
  const sql = `DELETE FROM "msft_azure_ad_compacted" WHERE tenant_name = 'contoso'`;
  expect(eraseStatement(table, erasure)).toBe(sql);
  expect(eraseDerivedStatement(table, ['a'], erasure)).toBe(sql);
});

test("a person's records are deleted by their text, and what was derived from them by their keys", () => {
  const condition = `regexp_like(raw, '${personPattern(person.identifiers).replaceAll("'", "''")}')`;
  expect(eraseStatement(table, { ...person, tenant: 'contoso' })).toBe(
    `DELETE FROM "msft_azure_ad_compacted" WHERE ${condition} AND tenant_name = 'contoso'`,
  );
  expect(eraseDerivedStatement({ compacted: 'story_compacted' }, ['a_compacted', 'b_compacted'], person)).toBe(
    `DELETE FROM "story_compacted" WHERE record_key IN (SELECT record_key FROM "a_compacted" WHERE ${condition} UNION ALL SELECT record_key FROM "b_compacted" WHERE ${condition})`,
  );
  expect(findObjectsStatement('msft_azure_ad_raw', person)).toBe(
    `SELECT "$path", count(*) FROM "msft_azure_ad_raw" WHERE ${condition} GROUP BY "$path"`,
  );
});
