import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { DuckDBConnection } from '@duckdb/node-api';
import { plainValue } from '../../../../local/asking/plain-value.ts';
import { findingColumns, findingsDataset, findingsSelect, type FindingColumn } from '../../../../shared/datasets/findings.ts';
import { ocsfFindingColumns, ocsfFindingsSelect } from '../../../../shared/datasets/ocsf/findings-as-events.ts';
import { duckdbType } from '../../../../shared/domain/columns.ts';
import { connectDuckDb } from '../../../../shared/landing/landing.ts';
import { temporaryFolders } from '../../../helpers/temporary-folder.ts';
import { eventOfRow, faultsOfEvent } from './validate-event.ts';

const makeFolder = temporaryFolders();
const found = {
  finding_id: `'9b1d4b3a'`,
  event_time: `'2026-11-20 09:14:03+00'`,
  first_time: `'2026-11-20 09:05:12+00'`,
  found_at: `'2026-11-20 09:19:41+00'`,
  title: `'One address fails with the passwords of many users'`,
  ...{ level: `'high'`, state: `'new'`, kind: `'window'`, rule_id: `'0c3b6d7e'`, rule_version: `'4f555edf'` },
  ...{ tenant_id: `'5f2a6c1e-3d0b-4c55-9c2f-7a1d0e6b9f31'`, tenant_name: `'contoso'`, cloud: `'global'` },
  ...{ attack: `['T1110.003']`, count: '14', datasets: `['msft_azure_ad_raw']`, record_keys: `['66ea54eb']` },
  group_values: `MAP {'source_ip': '203.0.113.7'}`,
  evidence: `'{"actor_upn": "megan@contoso.example"}'`,
  ...{ query: `'SELECT 1'`, is_incomplete: 'false', finding_key: `'[]'`, object: `'raw/a.parquet'` },
};
const rows: readonly Readonly<Record<string, string>>[] = [
  found,
  { ...found, state: `'closed'`, because: `'a test of ours'`, set_by: `'ada'`, found_at: `'2026-11-20 10:00:00+00'`, object: 'NULL' },
  { ...found, finding_id: `'quiet'`, quiet_because: `'learning'`, attack: '[]', group_values: 'MAP {}', level: `'informational'` },
  { ...found, finding_id: `'acknowledged'`, level: `'low'`, group_values: `MAP {'actor_upn': 'megan@contoso.example'}` },
  { ...found, finding_id: `'acknowledged'`, state: `'acknowledged'`, found_at: `'2026-11-20 10:00:00+00'`, level: `'low'` },
  { ...found, finding_id: `'failed'`, state: `'error'`, level: `'critical'` },
];

let duckdb: DuckDBConnection;
beforeAll(async () => {
  duckdb = await connectDuckDb({ memoryMb: 200, spillFolder: await makeFolder() });
  const columns = Object.entries<FindingColumn>(findingColumns).map(([name, { type }]) => `${name} ${duckdbType(type)}`);
  await duckdb.run(`CREATE TABLE ${findingsDataset} (${columns.join(', ')})`);
  for (const row of rows)
    await duckdb.run(`INSERT INTO ${findingsDataset} (${Object.keys(row).join(', ')}) VALUES (${Object.values(row).join(', ')})`);
  await duckdb.run(`CREATE VIEW findings AS ${findingsSelect()}`);
  await duckdb.run(`CREATE VIEW ocsf_findings AS ${ocsfFindingsSelect()}`);
});
afterAll(() => {
  duckdb.closeSync();
});

async function events(): Promise<Record<string, unknown>[]> {
  const result = await duckdb.runAndReadAll('SELECT * FROM ocsf_findings ORDER BY finding_info.uid');
  const names = result.columnNames();
  const plain = result.getRows().map((row) => Object.fromEntries(row.map((value, index) => [names[index] ?? '', plainValue(value)])));
  return plain.map((row) => eventOfRow(row, ['event_time', 'tenant_name']));
}

describe('findings as OCSF events', () => {
  test('every finding is one event, valid against the schema of OCSF 1.8.0', async () => {
    const all = await events();
    expect(all).toHaveLength(4);
    expect(all.flatMap(faultsOfEvent)).toEqual([]);
  });

  test('say the rule, its level, whom it is about, and what people made of it', async () => {
    const [closed, acknowledged, failed, quiet] = await events();
    expect(closed).toMatchObject({
      ...{ activity_name: 'Close', status: 'Resolved', severity: 'High', comment: 'a test of ours', is_alert: true, type_uid: 200403 },
      finding_info: { uid: '9b1d4b3a', analytic: { uid: '0c3b6d7e', type: 'Rule' }, attacks: [{ technique: { uid: 'T1110.003' } }] },
      observables: [{ name: 'evidences.src_endpoint.ip', value: '203.0.113.7' }],
      unmapped: { count: 14, record_keys: ['66ea54eb'], set_by: 'ada' },
    });
    expect(acknowledged).toMatchObject({
      ...{ activity_name: 'Update', status: 'In Progress', severity: 'Low' },
      evidences: [{ user: { name: 'megan@contoso.example' } }],
    });
    expect(failed).toMatchObject({ activity_name: 'Create', status_id: 99, status: 'error', severity: 'Critical' });
    expect(quiet).toMatchObject({ is_alert: false, severity: 'Informational', unmapped: { quiet_because: 'learning' } });
    expect(quiet).not.toHaveProperty('observables');
    expect(quiet?.finding_info).not.toHaveProperty('attacks');
  });

  test('have the columns and types that Athena and the docs are given', async () => {
    const described = await duckdb.runAndReadAll('DESCRIBE ocsf_findings');
    const types = described
      .getRowObjects()
      .map(({ column_name, column_type }) => [column_name, String(column_type).replace('TIMESTAMP WITH TIME ZONE', 'TIMESTAMPTZ')]);
    const plain = ocsfFindingColumns.filter(({ type }) => typeof type === 'string').map(({ name, type }) => [name, duckdbType(type)]);
    expect(types).toEqual(expect.arrayContaining(plain));
    expect(types.map(([name]) => name)).toEqual(ocsfFindingColumns.map(({ name }) => name));
  });
});
