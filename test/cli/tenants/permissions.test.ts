import { describe, expect, test } from '@jest/globals';
import { consentSteps, credentialSteps, neededPermissions } from '../../../cli/tenants/permissions.ts';
import type { CloudId } from '../../../shared/clouds.ts';
import type { Tenant } from '../../../shared/domain/tenant.ts';

const clientId = '5d2f1c3a-8b47-4e90-a1d6-0f3e2c7b9a84';
const tenantOf = (logTypes: readonly string[], clouds: { management?: CloudId; graph?: CloudId } = {}): Tenant => {
  const content = logTypes.filter((id) => id.startsWith('audit-') || id === 'dlp-all');
  const windows = logTypes.filter((id) => !content.includes(id));
  return {
    name: 'contoso',
    tenantDomain: 'contoso.onmicrosoft.com',
    clientId,
    credentialKind: 'secret',
    ...(content.length > 0 && { managementActivity: { cloud: clouds.management ?? 'enterprise', logTypes: content } }),
    ...(windows.length > 0 && { graph: { cloud: clouds.graph ?? 'global', logTypes: windows } }),
  };
};

const namesOf = (tenant: Tenant): readonly string[] =>
  neededPermissions(tenant).apis.flatMap(({ title, permissions }) =>
    permissions.map(({ name, isOptional }) => `${title}: ${name}${isOptional ? ' (optional)' : ''}`),
  );

describe('the permissions that a choice needs', () => {
  const [o365, graph] = ['Office 365 Management APIs', 'Microsoft Graph'];
  const reporting = [`${graph}: AuditLog.Read.All`, `${graph}: Directory.Read.All (optional)`];
  test.each([
    { logTypes: ['audit-exchange', 'audit-general'], names: [`${o365}: ActivityFeed.Read`] },
    { logTypes: ['dlp-all'], names: [`${o365}: ActivityFeed.Read`, `${o365}: ActivityFeed.ReadDlp`] },
    { logTypes: ['directory-audits'], names: reporting },
    { logTypes: ['sign-ins-interactive'], names: [...reporting, `${graph}: Policy.Read.ConditionalAccess (optional)`] },
    { logTypes: ['alerts'], names: [`${graph}: SecurityAlert.Read.All`] },
    { logTypes: ['alerts-legacy'], names: [`${graph}: SecurityEvents.Read.All`] },
    { logTypes: ['audit-sharepoint', 'alerts'], names: [`${o365}: ActivityFeed.Read`, `${graph}: SecurityAlert.Read.All`] },
  ])('$logTypes', ({ logTypes, names }) => {
    expect([...namesOf(tenantOf(logTypes))].sort()).toEqual([...names].sort());
  });

  test('name the log types that need each, and a permission once', () => {
    const [api] = neededPermissions(tenantOf(['directory-audits', 'sign-ins-interactive'])).apis;
    expect(api?.permissions[0]).toMatchObject({ name: 'AuditLog.Read.All', logTypes: ['directory-audits', 'sign-ins-interactive'] });
  });
});

describe('hosts, portals and links', () => {
  test.each([
    { clouds: { management: 'enterprise', graph: 'global' }, login: 'login.microsoftonline.com', portal: 'https://entra.microsoft.com' },
    { clouds: { management: 'gcc', graph: 'global' }, login: 'login.microsoftonline.com', portal: 'https://entra.microsoft.com' },
    { clouds: { management: 'gcc-high', graph: 'us-gov-l4' }, login: 'login.microsoftonline.us', portal: 'https://entra.microsoft.us' },
    { clouds: { management: 'dod', graph: 'us-gov-l5' }, login: 'login.microsoftonline.us', portal: 'https://entra.microsoft.us' },
  ] as const)('of $clouds.management and $clouds.graph are those of $login', ({ clouds, login, portal }) => {
    for (const logTypes of [['audit-exchange', 'alerts'], ['audit-exchange'], ['alerts']]) {
      const tenant = tenantOf(logTypes, clouds);
      const needed = neededPermissions(tenant);
      expect(needed.consentUrl).toBe(`https://${login}/contoso.onmicrosoft.com/adminconsent?client_id=${clientId}`);
      expect(needed.portal).toBe(portal);
      const urls = consentSteps(tenant, needed, '')
        .join('\n')
        .match(/https:\/\/[^/]+/g);
      expect(new Set(urls)).toEqual(new Set([portal, `https://${login}`]));
    }
  });
});

test.each([
  { credentialKind: 'secret', says: 'not its Secret ID' },
  { credentialKind: 'certificate', says: 'without its private key' },
  { credentialKind: 'federated', says: 'Other issuer' },
] as const)('a $credentialKind is put where Entra has it', ({ credentialKind, says }) => {
  expect(credentialSteps({ ...tenantOf(['alerts']), credentialKind }).join()).toContain(says);
});
