import { describe, expect, test } from '@jest/globals';
import { changeTenant, draftTenant, knownIds, matchingCloud, usualLogTypes, type TenantFields } from '../../../cli/tenants/draft.ts';
import { logTypeById } from '../../../shared/log-types/index.ts';
import { parseTenantConfig } from '../../../shared/tenant-config.ts';

const fields: TenantFields = {
  domain: 'contoso.onmicrosoft.com',
  clientId: '5d2f1c3a-8b47-4e90-a1d6-0f3e2c7b9a84',
  logTypes: ['audit-exchange', 'directory-audits', 'dlp-all'],
};

describe('a new configuration', () => {
  test('is switched off, and sorts log types by their API', () => {
    expect(draftTenant(fields)).toEqual({
      enabled: false,
      tenantDomain: 'contoso.onmicrosoft.com',
      clientId: '5d2f1c3a-8b47-4e90-a1d6-0f3e2c7b9a84',
      credential: { kind: 'secret' },
      managementActivity: { cloud: 'enterprise', logTypes: ['audit-exchange', 'dlp-all'] },
      graph: { cloud: 'global', logTypes: ['directory-audits'] },
    });
  });

  test('has no API of which nothing is chosen', () => {
    expect(draftTenant({ ...fields, logTypes: ['alerts'] })).not.toHaveProperty('managementActivity');
  });

  test.each([
    { given: { managementCloud: 'gcc' }, clouds: ['gcc', 'global'] },
    { given: { managementCloud: 'gcc-high' }, clouds: ['gcc-high', 'us-gov-l4'] },
    { given: { managementCloud: 'dod' }, clouds: ['dod', 'us-gov-l5'] },
    { given: { graphCloud: 'us-gov-l4' }, clouds: ['gcc-high', 'us-gov-l4'] },
    { given: { graphCloud: 'us-gov-l5' }, clouds: ['dod', 'us-gov-l5'] },
    { given: {}, clouds: ['enterprise', 'global'] },
  ])('given $given is in the clouds $clouds', ({ given, clouds }) => {
    const { managementActivity, graph } = draftTenant({ ...fields, ...given });
    expect([managementActivity, graph].map((choice) => (choice as { cloud: string }).cloud)).toEqual(clouds);
  });

  test('of the usual log types is one that needs no beta API and is not retired, and works in FedRAMP', () => {
    expect(usualLogTypes(false)).toEqual(expect.arrayContaining(['audit-general', 'sign-ins-interactive', 'alerts']));
    const unusual = ['alerts-legacy', 'sign-ins-non-interactive', 'sign-ins-service-principal', 'sign-ins-managed-identity'];
    expect(unusual.map((id) => logTypeById(id).id)).toEqual(unusual);
    expect(usualLogTypes(false).filter((id) => unusual.includes(id))).toEqual([]);
    const tenant = draftTenant({ ...fields, logTypes: usualLogTypes(true), managementCloud: 'gcc-high' });
    expect(parseTenantConfig('contoso', { ...tenant, enabled: true }, { isFedramp: true }).kind).toBe('tenant');
  });
});

describe('a changed configuration', () => {
  const before = { ...draftTenant(fields), enabled: true, publisherId: fields.clientId, note: 'kept' };

  test('keeps what is not named', () => {
    expect(changeTenant(before, { domain: 'fabrikam.example' })).toEqual({ ...before, tenantDomain: 'fabrikam.example' });
  });

  test('keeps its clouds and its credential’s place when log types change, and nothing waits any more', () => {
    const waiting = {
      ...before,
      credential: { kind: 'secret', secretFile: 'f' },
      graph: { cloud: 'us-gov-l4', logTypes: [], waiting: ['alerts'] },
    };
    expect(changeTenant(waiting, { logTypes: ['alerts', 'audit-general'], credential: 'secret' })).toMatchObject({
      credential: { kind: 'secret', secretFile: 'f' },
      managementActivity: { cloud: 'enterprise', logTypes: ['audit-general'] },
      graph: { cloud: 'us-gov-l4', logTypes: ['alerts'] },
    });
  });

  test('forgets where the credential is when it becomes one of another kind', () => {
    expect(changeTenant(before, { credential: 'certificate' }).credential).toEqual({ kind: 'certificate' });
  });

  test('reads interactive sign-ins from the API that is named, and keeps to it when log types change', () => {
    const graph = { cloud: 'us-gov-l4', logTypes: ['sign-ins-interactive'] };
    const wanted = changeTenant({ ...draftTenant(fields), graph }, { signInsApi: 'beta' });
    expect(wanted.graph).toEqual({ ...graph, signInsApi: 'beta' });
    expect(changeTenant(wanted, { logTypes: ['alerts'] }).graph).toMatchObject({ logTypes: ['alerts'], signInsApi: 'beta' });
    expect(() => changeTenant({ tenantDomain: 'x' }, { signInsApi: 'beta' })).toThrow('no log type of Microsoft Graph is chosen');
  });

  test('may change a cloud alone', () => {
    expect(changeTenant(before, { graphCloud: 'us-gov-l4' }).graph).toEqual({ cloud: 'us-gov-l4', logTypes: ['directory-audits'] });
  });
});

test.each([
  { ids: ['audit-exchagne'], says: "--log-types: unknown log type 'audit-exchagne'; did you mean 'audit-exchange'?" },
  { ids: ['alerts', 'emails'], says: 'use a dedicated mail collector' },
])('$ids is refused: $says', ({ ids, says }) => {
  expect(() => knownIds(ids, '--log-types')).toThrow(says);
});

test('the cloud of one API follows that of the other, and is the usual one where neither is chosen', () => {
  expect(matchingCloud('graph', undefined)).toBe('global');
  expect(matchingCloud('management-activity', 'global')).toBe('enterprise');
  expect(() => matchingCloud('management-activity', 'china')).toThrow("unknown cloud 'china'; known are enterprise");
});
