import { expect, test } from '@jest/globals';
import type { Credential, Tenants } from '../../shared/ports/tenants.ts';

/** A tenant to be configured, with the secret put wherever the adapter keeps it. */
interface TenantSetup {
  readonly name: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly secret?: string;
}

/** Tenants under test, and how they are configured. */
export interface TenantsSetup {
  readonly tenants: Tenants;
  /** Configures these tenants and no others. */
  readonly configure: (setups: readonly TenantSetup[]) => Promise<void>;
}

const config = {
  tenantDomain: 'contoso.onmicrosoft.com',
  clientId: '5d2f1c3a-8b47-4e90-a1d6-0f3e2c7b9a84',
  credential: { kind: 'secret' },
  managementActivity: { cloud: 'enterprise', logTypes: ['audit-exchange', 'audit-general'] },
};

/** What every store of tenants keeps. @param make One without any tenant. */
export function tenantsContract(make: () => Promise<TenantsSetup>): void {
  const secretOf = (credential: Credential): string => (credential.kind === 'secret' ? credential.secret : `a ${credential.kind}`);

  test('a tenant is listed and found by its name, as its configuration says', async () => {
    const { tenants, configure } = await make();
    await configure([{ name: 'contoso', config, secret: 'not-so-secret' }]);
    const tenant = {
      name: 'contoso',
      tenantDomain: 'contoso.onmicrosoft.com',
      clientId: '5d2f1c3a-8b47-4e90-a1d6-0f3e2c7b9a84',
      credentialKind: 'secret',
      managementActivity: { cloud: 'enterprise', logTypes: ['audit-exchange', 'audit-general'] },
    };
    expect(await tenants.list()).toEqual([{ kind: 'tenant', tenant }]);
    expect(await tenants.byName('contoso')).toEqual(tenant);
  });

  test('the credential is what was stored', async () => {
    const { tenants, configure } = await make();
    await configure([{ name: 'contoso', config, secret: 'not-so-secret' }]);
    expect(await tenants.credential('contoso')).toEqual({ kind: 'secret', secret: 'not-so-secret' });
  });

  test('a credential that was replaced is read with a refresh', async () => {
    const { tenants, configure } = await make();
    await configure([{ name: 'contoso', config, secret: 'first' }]);
    await tenants.credential('contoso');
    await configure([{ name: 'contoso', config, secret: 'second' }]);
    expect(secretOf(await tenants.credential('contoso', 'refresh'))).toBe('second');
  });

  test('nobody is configured: nobody is listed, and no name is known', async () => {
    const { tenants, configure } = await make();
    await configure([]);
    expect(await tenants.list()).toEqual([]);
    expect(await tenants.byName('contoso')).toBeUndefined();
    await expect(tenants.credential('contoso')).rejects.toThrow("'contoso'");
  });

  test.each(['__proto__', 'constructor', 'toString'])('%s is no tenant', async (name) => {
    const { tenants, configure } = await make();
    await configure([{ name: 'contoso', config, secret: 'x' }]);
    expect(await tenants.byName(name)).toBeUndefined();
  });

  test('a tenant that is switched off is not there', async () => {
    const { tenants, configure } = await make();
    await configure([{ name: 'contoso', config: { ...config, enabled: false }, secret: 'x' }]);
    expect(await tenants.list()).toEqual([]);
    expect(await tenants.byName('contoso')).toBeUndefined();
  });

  test('a broken tenant says all its faults, and stops only itself', async () => {
    const { tenants, configure } = await make();
    const broken = {
      ...config,
      tenantDomain: 'https://contoso',
      managementActivity: { cloud: 'enterprise', logTypes: ['audit-exchagne'] },
    };
    await configure([
      { name: 'contoso', config: broken, secret: 'x' },
      { name: 'fabrikam', config: { ...config, tenantDomain: 'fabrikam.example' }, secret: 'y' },
    ]);
    const entries = await tenants.list();
    const faults = entries.flatMap((entry) => (entry.kind === 'broken' && entry.name === 'contoso' ? entry.faults : []));
    expect(faults.join('\n')).toMatch(/tenantDomain: .*https:\/\/contoso/);
    expect(faults.join('\n')).toMatch(/managementActivity\.logTypes\.0: .*did you mean 'audit-exchange'/);
    expect(entries.flatMap((entry) => (entry.kind === 'tenant' ? entry.tenant.name : []))).toEqual(['fabrikam']);
    expect(await tenants.byName('contoso')).toBeUndefined();
    expect((await tenants.byName('fabrikam'))?.tenantDomain).toBe('fabrikam.example');
  });
}
