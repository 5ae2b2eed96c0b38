import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { plainValue } from '../../../../local/asking/plain-value.ts';
import { openLakeReader, type LakeReader } from '../../../../local/lake-reader.ts';
import { lakeColumns } from '../../../../shared/datasets/ocsf/base-event.ts';
import { choiceSql } from '../../../../shared/datasets/ocsf/class-choice.ts';
import { ocsfDatasets } from '../../../../shared/datasets/ocsf/index.ts';
import { logTypeById, logTypes } from '../../../../shared/log-types/index.ts';
import { plantLake } from '../../../queries/planted-lake.ts';
import { eventOfRow, faultsOfEvent } from './validate-event.ts';

const becoming = [
  { is: 'a sign-in that fails', from: 'password-spray', dataset: 'ocsf_authentication', activity: 'Logon', status: 'Failure', rows: 33 },
  {
    is: 'a role that is given',
    from: 'admin-role-changes',
    dataset: 'ocsf_account_change',
    activity: 'Attach Policy',
    status: 'Success',
    rows: 2,
  },
  {
    is: 'an application that is registered',
    from: 'new-applications',
    dataset: 'ocsf_entity_management',
    activity: 'Create',
    status: 'Success',
    rows: 1,
  },
  {
    is: 'an inbox rule that is made',
    from: 'forwarding-inbox-rules',
    dataset: 'ocsf_api_activity',
    activity: 'Create',
    status: 'Success',
    rows: 2,
  },
  {
    is: 'a file that is downloaded',
    from: 'unmanaged-downloads',
    dataset: 'ocsf_file_hosting_activity',
    activity: 'Download',
    status: 'Success',
    rows: 3,
  },
  {
    is: 'a file that is shared',
    from: 'shared-with-guests',
    dataset: 'ocsf_file_hosting_activity',
    activity: 'Share',
    status: 'Success',
    rows: 2,
  },
  { is: 'a mail that is sent', from: 'sent-as-others', dataset: 'ocsf_email_activity', activity: 'Send', status: 'Success', rows: 3 },
  {
    is: 'an alert that is resolved',
    from: 'open-alerts',
    dataset: 'ocsf_detection_finding',
    activity: 'Close',
    status: 'Resolved',
    rows: 1,
  },
  {
    is: 'a policy that is overridden',
    from: 'dlp-overrides',
    dataset: 'ocsf_detection_finding',
    activity: 'Close',
    status: 'Resolved',
    rows: 1,
  },
];

let folder: string;
let reader: LakeReader;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ocsf-'));
  await plantLake(folder, { normalized: ocsfDatasets, only: [...new Set(becoming.map(({ from }) => from))] });
  reader = await openLakeReader(folder);
}, 180_000);
afterAll(async () => {
  await reader.close();
  await rm(folder, { recursive: true, force: true });
});

const own = [...Object.keys(lakeColumns), 'dt'];

async function rowsOf(sql: string): Promise<Record<string, unknown>[]> {
  const result = await reader.query(sql);
  const names = result.columnNames();
  const rows: Record<string, unknown>[] = [];
  for await (const chunk of result.yieldRows())
    rows.push(...chunk.map((row) => Object.fromEntries(row.map((value, index) => [names[index] ?? '', plainValue(value)]))));
  return rows;
}

describe('the OCSF datasets', () => {
  test.each(ocsfDatasets.map(({ name }) => ({ name })))(
    'every row of $name is valid against the schema of OCSF 1.8.0',
    async ({ name }) => {
      const rows = await rowsOf(`SELECT * FROM ${name}`);
      expect(rows.length).toBeGreaterThan(0);
      const faults = new Map<string, unknown>();
      for (const row of rows)
        for (const fault of faultsOfEvent(eventOfRow(row, own))) faults.set(fault.replaceAll(/'[^']*'/g, '…'), row.record_id);
      expect([...faults]).toEqual([]);
    },
  );

  test('no raw row becomes two events', async () => {
    const all = ocsfDatasets.map(({ name }) => `SELECT object, record_key, log_type, '${name}' AS class FROM ${name}`).join(' UNION ALL ');
    expect(await rowsOf(`SELECT object, record_key FROM (${all}) GROUP BY ALL HAVING count(DISTINCT class) > 1`)).toEqual([]);
  });

  test('nearly every record becomes an event; of Audit.General those that name an address or an object', async () => {
    const raw = [...new Set(logTypes.map(({ dataset }) => dataset))]
      .map((name) => `SELECT log_type, record_key FROM ${name}`)
      .join(' UNION ALL ');
    const events = ocsfDatasets.map(({ name }) => `SELECT log_type, record_key FROM ${name}`).join(' UNION ALL ');
    const shares = await rowsOf(`SELECT log_type, count(DISTINCT record_key) FILTER (WHERE is_event) / count(DISTINCT record_key) AS share
      FROM (SELECT *, false AS is_event FROM (${raw}) UNION ALL SELECT *, true FROM (${events})) GROUP BY log_type`);
    // A log type of which no record has a class has nothing to be counted.
    const classed = shares.filter(({ log_type }) => choiceSql(logTypeById(String(log_type)).id) !== 'NULL');
    expect(classed.length).toBeGreaterThan(5);
    for (const { log_type, share } of classed) {
      expect({ log_type, isMost: Number(share) > (log_type === 'audit-general' ? 0.6 : 0.95) }).toEqual({ log_type, isMost: true });
    }
  });
});

describe('records become the events they are', () => {
  test.each(becoming)('$is', async ({ from, dataset, activity, status, rows }) => {
    const found = await rowsOf(
      `SELECT DISTINCT record_key FROM ${dataset} WHERE tenant_name = '${from}' AND activity_name = '${activity}' AND status = '${status}' AND event_time >= TIMESTAMPTZ '2026-11-14 00:00:00Z'`,
    );
    expect(found).toHaveLength(rows);
  });

  test('a member that is added to a group names both', async () => {
    const rows = await rowsOf(`SELECT * FROM ocsf_group_management WHERE activity_name = 'Add User'`);
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) expect(eventOfRow(row, own)).toMatchObject({ group: { name: expect.any(String) }, user: { type_id: 1 } });
  });

  test('a risk detection was created when it was detected, which is after the activity', async () => {
    const times =
      await rowsOf(`SELECT DISTINCT finding_info.created_time = epoch_ms(detected_time) AS is_detected, finding_info.first_seen_time = epoch_ms(r.event_time) AS is_seen
      FROM ocsf_detection_finding f JOIN msft_azure_ad_risk_raw r USING (record_key) WHERE r.detected_time > r.event_time`);
    expect(times).toEqual([{ is_detected: true, is_seen: true }]);
  });

  test('with who, what, from where and in which words of the raw row', async () => {
    const [event] = await rowsOf(
      `SELECT * FROM ocsf_file_hosting_activity WHERE tenant_name = 'shared-with-guests' AND share LIKE '%#EXT#%' AND event_time >= TIMESTAMPTZ '2026-11-14 00:00:00Z'`,
    );
    expect(eventOfRow(event ?? {}, own)).toMatchObject({
      class_uid: 6006,
      activity_id: 12,
      type_uid: 600612,
      time: Date.UTC(2026, 10, 18, 8),
      actor: { user: { name: 'ada@contoso.example', type: 'User' } },
      file: { name: 'plan.docx', ext: 'docx', type_id: 1 },
      share: 'gil_fabrikam.example#EXT#@contoso.example',
      src_endpoint: { ip: '203.0.113.5' },
      cloud: { provider: 'Microsoft', org: { name: 'shared-with-guests' } },
      unmapped: { target_user_type: 'Guest', site_url: 'https://contoso.example/sites/sales/' },
    });
  });
});

describe('the check', () => {
  const event = {
    class_uid: 4009,
    class_name: 'Email Activity',
    category_uid: 4,
    category_name: 'Network Activity',
    activity_id: 1,
    type_uid: 400901,
    type_name: 'Email Activity: Send',
  };
  const whole = {
    ...event,
    time: 1,
    severity_id: 1,
    direction_id: 0,
    email: { from: 'ada@contoso.example' },
    metadata: { version: '1.8.0', product: { name: 'Exchange Online' } },
  };

  test.each([
    { change: {}, fault: undefined },
    { change: { email: undefined }, fault: 'email is required' },
    { change: { email: { subject: 'x' } }, fault: 'email.has none of from, to' },
    { change: { email: { from: 'ada' } }, fault: "email.from is 'ada', no email_t" },
    { change: { direction_id: 7 }, fault: 'direction_id is 7, which the class does not know' },
    { change: { direction: 'Outbound' }, fault: `direction_id is 0, but its caption "Outbound" and not 'Unknown'` },
    { change: { time: 'now' }, fault: 'time is "now", no timestamp_t' },
    { change: { recipients: [] }, fault: 'recipients is no attribute' },
    { change: { cloud: { provider: 'Microsoft' } }, fault: 'cloud is no attribute' },
    { change: { category_name: 'Mail' }, fault: 'category_name is Mail, not Network Activity' },
  ])('says of $change: $fault', ({ change, fault }) => {
    const changed = Object.fromEntries(Object.entries({ ...whole, ...change }).filter(([, value]) => value !== undefined));
    expect(faultsOfEvent(changed)).toEqual(fault === undefined ? [] : expect.arrayContaining([fault]));
  });
});
