import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { plainValue } from '../../local/asking/plain-value.ts';
import { openLakeReader, type LakeReader } from '../../local/lake-reader.ts';
import { queryLibrary, queryNamed, querySql } from '../../queries/library.ts';
import { timestampSql } from '../../queries/window-sql.ts';
import { plantLake, since, until } from './planted-lake.ts';
import type { Planted } from './plants/plant.ts';
import { at, directoryAudit, entraChange, entraSignIn, entraTarget, minutesFrom, signIn, thing, upn, type JsonRecord } from './records.ts';

/** Ids of requests end so, in both APIs; each request here has a correlation id of its own. */
const request = (index: number): string => `0b6a1a2e-4c3d-4e5f-8a9b-${String(index).padStart(10, '0')}00`;
const correlation = (index: number): string => `7c1d2e3f-5a4b-4c6d-9e8f-${String(index).padStart(12, '0')}`;

/** Guessing: six wrong passwords, a minute apart, then the right one. */
const tries = minutesFrom('18 08:00', 7).map((time, index) => ({ time, index, errorCode: index < 6 ? 50126 : 0 }));
const inManagement = tries.map(({ time, index, errorCode }) =>
  entraSignIn(time, 'ada', { errorCode, more: { InterSystemsId: correlation(index), IntraSystemId: request(index) } }),
);
/** The same in Graph, which has fractions of a second and mostly another spelling of the ids. */
const inGraph = tries.map(({ time, index, errorCode }) =>
  signIn(time.replace('Z', '.318Z'), 'ada', {
    errorCode,
    id: request(index),
    correlationId: correlation(index),
    ipAddress: '203.0.113.5',
  }),
);
const withOtherIds = (record: JsonRecord): JsonRecord => ({ ...record, id: `other-${String(record.id)}` });

/** One consent is a change for each permission, all under one correlation id. */
const permissions = ['Mail.Read', 'Mail.Send', 'Files.Read.All'];
const consentInManagement = permissions.map((permission, index) =>
  entraChange(at(`18 08:00:0${String(index)}`), 'Add app role assignment to service principal.', {
    modified: [['AppRole.Value', permission]],
    more: { ...entraTarget('ServicePrincipal', 'a', { name: 'Microsoft Graph' }), InterSystemsId: correlation(100) },
  }),
);
const consentInGraph = permissions.map((permission, index) =>
  directoryAudit(at(`18 08:00:0${String(index)}`), 'Add app role assignment to service principal', {
    target: thing('Microsoft Graph', 'ServicePrincipal'),
    modified: [['AppRole.Value', permission]],
    more: { correlationId: correlation(100) },
  }),
);

const graphHas: Readonly<Record<string, readonly JsonRecord[]>> = {
  nothing: [],
  'one row of it': inGraph.slice(2, 3),
  'the half of it': inGraph.filter((_, index) => index % 2 === 0),
  'all of it': inGraph,
  'all of it under other ids': inGraph.map(withOtherIds),
  'another sign-in of the same hour': [signIn(at('18 08:03'), 'zoe')],
  'the same failure of the same user under another correlation id': [
    signIn(at('18 08:03:00'), 'ada', { errorCode: 50126, correlationId: correlation(50), ipAddress: '198.51.100.9' }),
  ],
};
const changesOfGraph: Readonly<Record<string, readonly JsonRecord[]>> = {
  nothing: [],
  'the first of it': consentInGraph.slice(0, 1),
  'all of it': consentInGraph,
  'another change of the same hour': [directoryAudit(at('18 08:00'), 'Update device', { target: thing('a-laptop', 'Device') })],
  'the same operation under another correlation id': [
    directoryAudit(at('18 08:00'), 'Add app role assignment to service principal', { more: { correlationId: correlation(101) } }),
  ],
};

let folder: string;
let reader: LakeReader;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'either-api-'));
  const tenants: [string, Planted['records']][] = [
    ...Object.entries(graphHas).map(([name, records]): [string, Planted['records']] => [
      `sign-ins: ${name}`,
      { 'audit-azure-active-directory': inManagement, 'sign-ins-interactive': records },
    ]),
    ...Object.entries(changesOfGraph).map(([name, records]): [string, Planted['records']] => [
      `changes: ${name}`,
      { 'audit-azure-active-directory': consentInManagement, 'directory-audits': records },
    ]),
  ];
  await plantLake(folder, { only: [], isQuiet: true, tenants: Object.fromEntries(tenants) });
  reader = await openLakeReader(folder);
}, 120_000);
afterAll(async () => {
  await reader.close();
  await rm(folder, { recursive: true, force: true });
});

async function rowsOf(name: string, tenant: string): Promise<unknown[][]> {
  const sql = querySql(queryNamed(name, queryLibrary()), { since: timestampSql(since), until: timestampSql(until) });
  const result = await reader.query(`SELECT * FROM (${sql}) WHERE tenant_name = '${tenant}'`);
  const rows: unknown[][] = [];
  for await (const chunk of result.yieldRows()) rows.push(...chunk.map((row) => row.map(plainValue).slice(1)));
  return rows;
}

describe('a tenant that collects both APIs', () => {
  test.each(Object.keys(graphHas).map((name) => ({ name })))(
    'has guessing found, and counted once, where Graph has $name',
    async ({ name }) => {
      const rows = await rowsOf('guessed-passwords', `sign-ins: ${name}`);
      expect(rows.map(([account, , failures]) => [account, failures])).toEqual([[upn('ada'), 6]]);
    },
  );

  test.each(Object.keys(graphHas).map((name) => ({ name })))('has every failure counted once where Graph has $name', async ({ name }) => {
    const rows = await rowsOf('password-guessing', `sign-ins: ${name}`);
    const failures = (await rowsOf('sign-in-failures', `sign-ins: ${name}`)).reduce((sum, [, , count]) => sum + Number(count), 0);
    expect(rows).toEqual([]);
    expect(failures).toBe(name.startsWith('the same failure') ? 7 : 6);
  });

  test.each([
    { name: 'nothing', expected: permissions },
    { name: 'the first of it', expected: permissions },
    { name: 'all of it', expected: permissions },
    { name: 'another change of the same hour', expected: permissions },
    { name: 'the same operation under another correlation id', expected: [...permissions, null] },
  ])('has every change of one consent once where Graph has $name', async ({ name, expected }) => {
    const rows = await rowsOf('consent-grants', `changes: ${name}`);
    expect(rows.map((row) => row[6]).sort()).toEqual([...expected].sort());
  });

  test("has Graph's form of a change where Graph has it", async () => {
    const rows = await rowsOf('consent-grants', 'changes: the first of it');
    expect(rows.map((row) => [row[6], row[8]]).sort()).toEqual([
      ['Files.Read.All', 'audit-azure-active-directory'],
      ['Mail.Read', 'directory-audits'],
      ['Mail.Send', 'audit-azure-active-directory'],
    ]);
  });
});
