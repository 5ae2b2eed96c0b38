/** The client against the simulator: two readings of the same documents, written apart, have to agree. */

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseFaults } from '../../../simulator/faults.ts';
import { seededWorld } from '../../../simulator/seeded-world.ts';
import { startSimulator, type Simulator, type SimulatorOptions } from '../../../simulator/simulator.ts';
import { simulatedTenant } from '../../../simulator/tenants.ts';
import type { World } from '../../../simulator/world.ts';
import type { Member } from '../../../shared/domain/fetch-job.ts';
import type { Tenant } from '../../../shared/domain/tenant.ts';
import { hours, minutes, type Instant, type Window } from '../../../shared/domain/window.ts';
import { logTypeById, logTypes } from '../../../shared/log-types/index.ts';
import type { LogType, WindowSource } from '../../../shared/log-types/log-type.ts';
import { connectMicrosoft, type ConnectedMicrosoft } from '../../../shared/microsoft/connect.ts';
import type { Clock } from '../../../shared/ports/clock.ts';
import type { Answer } from '../../../shared/ports/microsoft.ts';
import { FakeLog } from '../../fakes/fake-log.ts';

const startAt = Date.parse('2026-11-22T06:00:00Z');
const hour: Window = { start: startAt - hours(3), end: startAt - hours(2) };

let folder: string;
let simulator: Simulator | undefined;
let time: Instant;
const clock: Clock = {
  now: () => time,
  sleep: (ms) => {
    time += ms;
    return Promise.resolve();
  },
};

beforeEach(async () => {
  time = startAt;
  folder = await mkdtemp(join(tmpdir(), 'simulator-test-'));
});
afterEach(async () => {
  await simulator?.close();
  await rm(folder, { recursive: true });
});

async function setUp(
  options: Partial<SimulatorOptions> = {},
): Promise<{ world: World; tenant: Tenant; client: ConnectedMicrosoft; played: Simulator }> {
  const world = seededWorld({ seed: 'adapters', startAt, recordsPerDay: 6_000, tenants: [simulatedTenant({ name: 'contoso' })] });
  const played = await startSimulator({ world, clock, ...options });
  simulator = played;
  const [given] = world.tenants;
  const secret = given?.apps[0]?.secrets[0]?.value ?? '';
  const tenant: Tenant = {
    name: 'contoso',
    tenantDomain: given?.domains[0] ?? '',
    clientId: given?.apps[0]?.clientId ?? '',
    credentialKind: 'secret',
    managementActivity: { cloud: 'enterprise', logTypes: ids('content') },
    graph: { cloud: 'global', logTypes: ids('windows') },
  };
  const credential = () => Promise.resolve({ kind: 'secret', secret } as const);
  const client = connectMicrosoft({
    tenants: { credential },
    clock,
    log: new FakeLog(),
    hostOverride: { baseUrl: played.baseUrl },
  });
  return { world, tenant, client, played };
}

const ids = (kind: LogType['source']['kind']): string[] => logTypes.filter(({ source }) => source.kind === kind).map(({ id }) => id);

function value<T>(answer: Answer<T> | { readonly kind: 'too-many-pages' }): T {
  if (answer.kind === 'ok') return answer.value;
  throw new Error(answer.kind === 'too-many-pages' ? answer.kind : `${answer.kind} ${answer.cause.code}: ${answer.cause.message}`);
}

const neverListed: Member = { contentId: '', contentUri: '', created: 0, expires: 0 };
const records = async (file: string): Promise<Record<string, unknown>[]> =>
  JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>[];

describe('content blobs', () => {
  test.each(ids('content'))('of %s are listed and fetched whole', async (id) => {
    const { world, tenant, client } = await setUp({ quirks: { contentPageSize: 3 } });
    const logType = logTypeById(id);
    const { tenantId } = value(await client.identify(tenant, logType));
    expect((await client.listBlobs(tenant, logType, hour)).kind).toBe('not-subscribed');
    value(await client.startSubscription(tenant, logType));
    value(await client.startSubscription(tenant, logType));
    expect(value(await client.listSubscriptions(tenant, logType)).filter((one) => one.isEnabled)).toHaveLength(1);

    const listed = value(await client.listBlobs(tenant, logType, hour));
    const there = world.blobs(tenantId, id, hour).filter((blob) => blob.visibleAt <= time);
    expect(listed.map((member) => member.contentId).sort()).toEqual(there.map((blob) => blob.contentId).sort());
    expect(there.length).toBeGreaterThan(0);
    for (const member of listed) {
      const file = join(folder, 'blob.json');
      value(await client.fetchBlob(tenant, logType, member, file));
      expect(await records(file)).toHaveLength(there.find((blob) => blob.contentId === member.contentId)?.records().length ?? -1);
    }
  });

  test('that have expired, and windows too old, are distinguished from failures', async () => {
    const { tenant, client } = await setUp();
    const logType = logTypeById('audit-exchange');
    value(await client.startSubscription(tenant, logType));
    const [member = neverListed] = value(await client.listBlobs(tenant, logType, hour));
    time += hours(8 * 24);
    expect((await client.fetchBlob(tenant, logType, member, join(folder, 'x'))).kind).toBe('expired');
    expect((await client.listBlobs(tenant, logType, hour)).kind).toBe('out-of-range');
  });
});

describe('windows', () => {
  test.each(ids('windows').filter((id) => id !== 'alerts-legacy'))(
    'of %s are probed and fetched whole, without one throttled request',
    async (id) => {
      const { world, tenant, client, played } = await setUp({ quirks: { graphPageSize: 7, emptyPageEvery: 3 } });
      const logType = logTypeById(id);
      const { timeField } = logType.source as WindowSource;
      const span: Window = { start: startAt - hours(12), end: startAt - hours(1) };
      const { tenantId } = value(await client.identify(tenant, logType));
      const there = world.versions(tenantId, id, span).filter((version) => version.visibleFrom <= time && time < version.visibleUntil);
      expect(there.length).toBeGreaterThan(0);

      expect(value(await client.probeWindow(tenant, logType, span))).toBe('rows');
      const { files } = value(await client.fetchWindow(tenant, logType, span, folder, 10_000));
      const rows = (await Promise.all(files.map(records))).flat();
      expect(new Set(rows.map((row) => row.id))).toEqual(new Set(there.map((version) => version.id)));
      for (const row of rows) expect(Date.parse(String(row[timeField]))).toBeGreaterThanOrEqual(span.start);
      expect([...played.requestLog.throttled]).toEqual([]);
    },
  );

  test('give their newest row in one request, past pages that are empty', async () => {
    const { world, tenant, client, played } = await setUp({ quirks: { emptyPageEvery: 1 } });
    const logType = logTypeById('directory-audits');
    const { tenantId } = value(await client.identify(tenant, logType));
    const there = world
      .versions(tenantId, logType.id, hour)
      .filter((version) => version.visibleFrom <= time && time < version.visibleUntil);
    expect(value(await client.newestRow(tenant, logType, hour))).toBe(Math.max(...there.map((version) => version.time)));
    expect(value(await client.newestRow(tenant, logType, { start: startAt + hours(1), end: startAt + hours(2) }))).toBeUndefined();
    expect([...played.requestLog.throttled]).toEqual([]);
  });

  test('of a collection that the cloud has not are not offered', async () => {
    const { tenant, client } = await setUp({ quirks: { notOffered: ['security/alerts_v2'] } });
    expect((await client.probeWindow(tenant, logTypeById('alerts'), hour)).kind).toBe('not-offered');
    expect((await client.probeWindow(tenant, logTypeById('directory-audits'), hour)).kind).toBe('ok');
  });

  test('without rows are empty', async () => {
    const { tenant, client } = await setUp();
    const logType = logTypeById('directory-audits');
    expect(value(await client.probeWindow(tenant, logType, { start: startAt + hours(1), end: startAt + hours(1) + minutes(5) }))).toBe(
      'empty',
    );
  });
});

test('every answer shows how far our clock is ahead of Microsoft’s', async () => {
  const { tenant, client } = await setUp({ clock: { ...clock, now: () => time - minutes(20) } });
  expect(client.clockLeadMs()).toBeUndefined();
  await client.identify(tenant, logTypeById('audit-exchange'));
  expect(client.clockLeadMs()).toBe(minutes(20));
});

test('of a bad day, every answer has a name, nothing is thrown, and everything is collected in the end', async () => {
  const spoilt = {
    '429-retry-after': 0.03,
    '401': 0.03,
    '500': 0.05,
    '503': 0.05,
    reset: 0.05,
    truncated: 0.05,
    'truncated-gzip': 0.05,
    html: 0.05,
    malformed: 0.05,
    'empty-body': 0.05,
  };
  const faults = parseFaults({ rates: { '*': spoilt, 'content-fetch': { ...spoilt, AF429: 0.05, AF20050: 0.05 } } });
  const { world, tenant, client } = await setUp({ faults });
  const persist = async <T>(ask: () => Promise<Answer<T> | { readonly kind: 'too-many-pages' }>): Promise<T> => {
    for (let tries = 0; tries < 50; tries += 1) {
      const answer = await ask();
      if (answer.kind === 'ok') return answer.value;
      time += minutes(1);
    }
    throw new Error('fifty times in vain');
  };
  const exchange = logTypeById('audit-exchange');
  const { tenantId } = await persist(() => client.identify(tenant, exchange));
  await persist(() => client.startSubscription(tenant, exchange));
  const listed = await persist(() => client.listBlobs(tenant, exchange, { start: startAt - hours(20), end: startAt }));
  expect(listed.length).toBeGreaterThan(30);
  for (const member of listed) {
    await persist(() => client.fetchBlob(tenant, exchange, member, join(folder, 'blob.json')));
    expect(await records(join(folder, 'blob.json'))).toHaveLength(world.blob(tenantId, member.contentId)?.records().length ?? -1);
  }
  const signIns = logTypeById('sign-ins-non-interactive');
  const { files } = await persist(() => client.fetchWindow(tenant, signIns, hour, folder, 100));
  expect(files.length).toBeGreaterThan(0);
  for (const file of files) expect((await records(file)).length).toBeGreaterThan(0);
});

test.each([
  { name: 'a secret that was replaced', event: 'rotate-secret', kind: 'refused', code: 'AADSTS7000215' },
  { name: 'a secret that ran out', event: 'expire-secret', kind: 'refused', code: 'AADSTS7000222' },
  { name: 'consent that was withdrawn', event: 'withdraw-consent', kind: 'refused', code: 'AF10001' },
  { name: 'auditing that was switched off', event: 'switch-auditing-off', kind: 'refused', code: undefined },
  { name: 'a tenant that was deleted', event: 'delete-tenant', kind: 'refused', code: undefined },
  { name: 'an app that is blocked', event: 'block-by-conditional-access', kind: 'refused', code: 'AADSTS53003' },
])('$name is $kind, with a cure', async ({ event, kind, code }) => {
  const { tenant, client } = await setUp({ faults: parseFaults({ script: [{ at: '+10m', event }] }) });
  const logType = logTypeById('audit-exchange');
  value(await client.startSubscription(tenant, logType));
  time += hours(2); // the first token has run out
  const answer = await client.listBlobs(tenant, logType, hour);
  expect(answer).toMatchObject({ kind, cause: code === undefined ? {} : { code } });
  expect(answer.kind === 'refused' ? answer.cause.cure : '').not.toBe('');
});
