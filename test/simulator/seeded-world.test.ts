import { describe, expect, test } from '@jest/globals';
import { days, hours, minutes, type Window } from '../../shared/domain/window.ts';
import { simulatedLogTypes } from '../../simulator/log-types/index.ts';
import { seededWorld } from '../../simulator/seeded-world.ts';
import { simulatedTenant } from '../../simulator/tenants.ts';
import type { Blob, Version, World } from '../../simulator/world.ts';
import { startAt } from './stage.ts';

const firstDay: Window = { start: startAt - days(1), end: startAt };
const contentIds = simulatedLogTypes.filter((logType) => logType.kind === 'content').map(({ id }) => id);
const graphIds = simulatedLogTypes.filter((logType) => logType.kind === 'graph').map(({ id }) => id);

const tenantId = (world: World): string => world.tenants[0]?.tenantId ?? '';
const blobsOf = (world: World, logTypeId: string, window = firstDay): readonly Blob[] => world.blobs(tenantId(world), logTypeId, window);
const versionsOf = (world: World, logTypeId: string, window = firstDay): readonly Version[] =>
  world.versions(tenantId(world), logTypeId, window);
const facts = ({ contentId, created, visibleAt, expires }: Blob) => ({ contentId, created, visibleAt, expires });

const world = seededWorld({ seed: 'one', startAt });
const textsById = new Map<string, string[]>();
/** All records of the first day, made once. */
const texts = (logTypeId: string): string[] => {
  const made = textsById.get(logTypeId) ?? blobsOf(world, logTypeId).flatMap((blob) => blob.records());
  textsById.set(logTypeId, made);
  return made;
};
const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

describe('the same seed and start time', () => {
  const again = seededWorld({ seed: 'one', startAt });

  test.each(contentIds)('serve the same blobs to the byte after a restart: %s', (id) => {
    const window = { start: startAt - hours(5), end: startAt - hours(3) };
    // Asked for in another order and through other windows, as after a restart.
    const later = [
      ...blobsOf(again, id, { start: startAt - hours(4), end: window.end }),
      ...blobsOf(again, id, { start: window.start, end: startAt - hours(4) }),
    ];
    const sorted = [...later].sort((a, b) => a.created - b.created);
    const before = blobsOf(world, id, window);
    expect(sorted.map(facts)).toEqual(before.map(facts));
    expect(sorted.map((blob) => blob.records())).toEqual(before.map((blob) => blob.records()));
    expect(before.length).toBeGreaterThan(2);
  });

  test.each(graphIds)('serve the same versions: %s', (id) => {
    const window = { start: startAt - hours(5), end: startAt - hours(3) };
    const byTime = (a: Version, b: Version) => a.time - b.time || a.visibleFrom - b.visibleFrom || (a.text < b.text ? -1 : 1);
    expect([...versionsOf(again, id, window)].sort(byTime)).toEqual([...versionsOf(world, id, window)].sort(byTime));
  });

  test('and another seed other records', () => {
    const other = seededWorld({ seed: 'two', startAt });
    expect(blobsOf(other, 'audit-exchange')[0]?.contentId).not.toBe(blobsOf(world, 'audit-exchange')[0]?.contentId);
  });

  test('serve each tenant its own records', () => {
    const two = seededWorld({
      seed: 'one',
      startAt,
      tenants: [simulatedTenant({ name: 'contoso' }), simulatedTenant({ name: 'fabrikam' })],
    });
    const [contoso, fabrikam] = two.tenants.map((tenant) => two.blobs(tenant.tenantId, 'audit-exchange', firstDay));
    expect(contoso?.map(facts)).toEqual(blobsOf(world, 'audit-exchange').map(facts));
    expect(fabrikam?.[0]?.contentId).not.toBe(contoso?.[0]?.contentId);
    expect(two.blob(two.tenants[1]?.tenantId ?? '', contoso?.[0]?.contentId ?? '')).toBeUndefined();
  });
});

describe('volume', () => {
  const records = new Map(contentIds.map((id) => [id, texts(id).length]));
  const ids = new Map(graphIds.map((id) => [id, new Set(versionsOf(world, id).map((version) => version.id)).size]));

  test('a day is about 30,000 records', () => {
    const total = sum([...records.values(), ...ids.values()]);
    expect([total > 27_000, total < 33_000]).toEqual([true, true]);
  });

  test.each([
    { id: 'sign-ins-interactive', most: 1_500 },
    { id: 'sign-ins-non-interactive', most: 1_500 },
    { id: 'sign-ins-service-principal', most: 1_500 },
    { id: 'sign-ins-managed-identity', most: 1_500 },
    { id: 'directory-audits', most: 900 },
  ])('$id stay below $most a day', ({ id, most }) => {
    const count = ids.get(id) ?? 0;
    expect([count > 100, count < most]).toEqual([true, true]);
  });

  test('recordsPerDay scales all of it', () => {
    const small = seededWorld({ seed: 'one', startAt, recordsPerDay: 3_000, hasIncidents: false });
    const total = sum(contentIds.map((id) => sum(blobsOf(small, id).map((blob) => blob.records().length))));
    expect([total > 2_000, total < 3_200]).toEqual([true, true]);
  });

  test('records go on after the start time', () => {
    const nextDay = { start: startAt + days(3), end: startAt + days(3) + hours(2) };
    expect([blobsOf(world, 'audit-sharepoint', nextDay).length > 3, versionsOf(world, 'directory-audits', nextDay).length > 10]).toEqual([
      true,
      true,
    ]);
    expect(blobsOf(world, 'audit-sharepoint', { start: 0, end: startAt - hours(25) })).toEqual([]);
  });
});

describe('content', () => {
  const blobs = contentIds.flatMap((id) => blobsOf(world, id));

  test('ids are unique, have $ in them, and are found again', () => {
    expect(new Set(blobs.map((blob) => blob.contentId)).size).toBe(blobs.length);
    for (const blob of blobs)
      expect([blob.contentId.includes('$'), world.blob(tenantId(world), blob.contentId)?.contentId]).toEqual([true, blob.contentId]);
  });

  test.each(['', 'nonsense', '20261122030000000000001$20261122030000000000001$audit_exchange$Audit_Exchange$emea0036'])(
    'an id that never was finds nothing: %s',
    (id) => {
      expect(world.blob(tenantId(world), id)).toBeUndefined();
    },
  );

  test('some blobs share the instant of their creation', () => {
    const exchange = blobsOf(world, 'audit-exchange').map((blob) => blob.created);
    expect(new Set(exchange).size).toBeLessThan(exchange.length);
  });

  test('some are listed long after their creation, most at once', () => {
    const late = blobs.filter((blob) => blob.visibleAt - blob.created > minutes(10)).length;
    expect([late > 5, late < blobs.length / 8]).toEqual([true, true]);
    expect(blobs.every((blob) => blob.visibleAt > blob.created)).toBe(true);
  });

  test('events are older than their blob, and out of order', () => {
    const blob = blobsOf(world, 'audit-exchange').find((one) => one.records().length > 30);
    const times = (blob?.records() ?? []).map((text) => Date.parse(`${(JSON.parse(text) as { CreationTime: string }).CreationTime}Z`));
    expect(times.every((time) => time < (blob?.created ?? 0) - minutes(4))).toBe(true);
    expect([...times].sort((a, b) => a - b)).not.toEqual(times);
  });

  test('about 2 % of the records were in an earlier blob already', () => {
    const all = texts('audit-exchange');
    const repeated = all.length - new Set(all).size;
    expect([repeated > all.length * 0.01, repeated < all.length * 0.04]).toEqual([true, true]);
  });

  test.each([
    { id: 'audit-azure-active-directory', types: [8, 15] },
    { id: 'audit-exchange', types: [1, 2, 3, 50] },
    { id: 'audit-sharepoint', types: [4, 6, 14, 36] },
    { id: 'audit-general', types: [18, 20, 25, 40, 66, 93, 261] },
    { id: 'dlp-all', types: [11, 13, 63] },
  ])('$id has the record types of its workloads and the fields they all have', ({ id, types }) => {
    const records = texts(id).map((text) => JSON.parse(text) as Record<string, unknown>);
    expect([...new Set(records.map((record) => Number(record.RecordType)))].sort((a, b) => a - b)).toEqual(types);
    for (const record of records.slice(0, 200)) {
      for (const field of ['Id', 'CreationTime', 'Operation', 'OrganizationId', 'RecordType', 'UserId', 'UserKey', 'UserType', 'Workload'])
        expect(record).toHaveProperty(field);
      expect(record.CreationTime).toMatch(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$/);
    }
  });

  test('addresses are documentation addresses', () => {
    const found = texts('audit-sharepoint').map((text) => (JSON.parse(text) as { ClientIP: string }).ClientIP);
    const allowed = /^$|^(::ffff:)?(192\.0\.2|198\.51\.100|203\.0\.113)\.\d+(:\d+)?$|^\[?2001:db8:[0-9a-f:]+(\]:\d+)?$/;
    expect(found.filter((address) => !allowed.test(address))).toEqual([]);
  });
});

describe('graph records', () => {
  test('some are corrected, under the same id and time', () => {
    const byId = Map.groupBy(versionsOf(world, 'sign-ins-interactive'), (version) => version.id);
    const corrected = [...byId.values()].filter((versions) => versions.length > 1);
    expect(corrected.length).toBeGreaterThan(5);
    for (const [first, second] of corrected) {
      expect(second?.time).toBe(first?.time);
      expect(second?.visibleFrom).toBe(first?.visibleUntil);
      expect(second?.text).not.toBe(first?.text);
    }
  });

  test('some are visible only after their window was read', () => {
    const waits = versionsOf(world, 'sign-ins-non-interactive').map((version) => version.visibleFrom - version.time);
    const late = waits.filter((wait) => wait > minutes(10)).length;
    expect([late > 20, late < waits.length / 5]).toEqual([true, true]);
  });

  test('the text names the time that windows are filtered on', () => {
    for (const logType of simulatedLogTypes) {
      if (logType.kind !== 'graph') continue;
      for (const version of versionsOf(world, logType.id).slice(0, 50)) {
        const record = JSON.parse(version.text) as Record<string, unknown>;
        expect(Date.parse(String(record[logType.collection.timeField]))).toBe(version.time);
        expect(record.id).toBe(version.id);
      }
    }
  });

  test('alerts move with each update, in ties, and an update changes only what it says', () => {
    const versions = versionsOf(world, 'alerts');
    const times = versions.map((version) => version.time);
    expect(new Set(times).size).toBeLessThan(times.length);
    const byId = Map.groupBy(versions, (version) => version.id);
    const [first, second] = [...byId.values()].find((one) => one.length > 1) ?? [];
    const [before, after] = [first, second].map((version) => JSON.parse(version?.text ?? '{}') as Record<string, unknown>);
    expect([before?.status, after?.title, after?.createdDateTime]).toEqual(['new', before?.title, before?.createdDateTime]);
    expect(after?.lastUpdateDateTime).not.toBe(before?.lastUpdateDateTime);
    expect(first?.visibleUntil).toBe(second?.visibleFrom);
  });
});

describe('attacks worth finding', () => {
  const found = (id: string, pattern: RegExp): number =>
    [...texts(id), ...versionsOf(world, id).map((version) => version.text)].filter((text) => pattern.test(text)).length;

  test.each([
    { name: 'a rule that forwards mail', id: 'audit-exchange', pattern: /New-InboxRule.*ForwardTo/, least: 1 },
    { name: 'auditing switched off', id: 'audit-exchange', pattern: /UnifiedAuditLogIngestionEnabled","Value":"False/, least: 1 },
    { name: 'a mass download', id: 'audit-sharepoint', pattern: /FileDownloaded.*rclone/, least: 40 },
    { name: 'an anonymous link', id: 'audit-sharepoint', pattern: /AnonymousLinkCreated/, least: 1 },
    { name: 'consent to an app', id: 'audit-azure-active-directory', pattern: /Consent to application\./, least: 1 },
    { name: 'an administrator added', id: 'directory-audits', pattern: /Add member to role.*Global Administrator/, least: 1 },
    { name: 'a password spray', id: 'sign-ins-interactive', pattern: /python-requests.*"errorCode":50126/, least: 50 },
    { name: 'refused MFA prompts', id: 'sign-ins-interactive', pattern: /python-requests.*"errorCode":500121/, least: 9 },
    { name: 'a legacy protocol', id: 'sign-ins-interactive', pattern: /Authenticated SMTP/, least: 1 },
    { name: 'a device code', id: 'sign-ins-interactive', pattern: /deviceCode/, least: 1 },
    { name: 'impossible travel', id: 'sign-ins-interactive', pattern: /impossibleTravel/, least: 1 },
  ])('$name is there', ({ id, pattern, least }) => {
    expect(found(id, pattern)).toBeGreaterThanOrEqual(least);
  });

  test('the spray comes from one address and tries everybody', () => {
    const spray = versionsOf(world, 'sign-ins-interactive')
      .map((version) => JSON.parse(version.text) as { ipAddress: string; userPrincipalName: string; userAgent: string })
      .filter((record) => record.userAgent.startsWith('python-requests'));
    const byAddress = Map.groupBy(spray, (record) => record.ipAddress);
    const most = [...byAddress.values()].map((records) => new Set(records.map((record) => record.userPrincipalName)).size);
    expect(Math.max(...most)).toBeGreaterThan(50);
  });
});
