import { randomUUID } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { DeleteParametersCommand, GetParametersByPathCommand, PutParameterCommand } from '@aws-sdk/client-ssm';
import { configPath, credentialPath } from '../../shared/aws/tenant-parameters.ts';
import { openTenants } from '../../shared/aws/tenants.ts';
import { homes } from '../../shared/clouds.ts';
import { homeOf } from '../../shared/tenant-config.ts';
import type { Tenants } from '../../shared/ports/tenants.ts';
import { tenantsContract, type TenantsSetup } from '../contracts/tenants-contract.ts';
import { leapingClock } from '../aws-free/leaping-clock.ts';
import { at } from '../contracts/samples.ts';
import { emulated } from './emulated.ts';

const { clients } = emulated();

async function put(path: string, value: string, Type: 'String' | 'SecureString'): Promise<void> {
  await clients().ssm.send(new PutParameterCommand({ Name: path, Value: value, Type, Overwrite: true }));
}

async function clear(prefix: string): Promise<void> {
  for (;;) {
    const { Parameters = [] } = await clients().ssm.send(new GetParametersByPathCommand({ Path: prefix, Recursive: true }));
    if (Parameters.length === 0) return;
    await clients().ssm.send(new DeleteParametersCommand({ Names: Parameters.flatMap(({ Name }) => Name ?? []) }));
  }
}

function opened() {
  const base = `/lake-${randomUUID()}`;
  const paths = { prefix: `${base}/tenants`, credentialsPrefix: `${base}/credentials` };
  const assertion = () => Promise.reject(new Error('nobody is federated here'));
  const clock = leapingClock(at('09:00'));
  const place = { client: clients().ssm, ...paths, homes, deployment: { isFedramp: false } };
  const tenants: Tenants = openTenants({ ...place, assertion, clock });
  const configure: TenantsSetup['configure'] = async (setups) => {
    await clear(base);
    for (const { name, config, secret } of setups) {
      const home = homeOf(config) ?? 'enterprise';
      await put(configPath(paths, home, name), JSON.stringify(config), 'String');
      if (secret !== undefined) await put(credentialPath(paths, home, name), secret, 'SecureString');
    }
  };
  return { paths, tenants, configure, clock };
}

describe('tenants in the parameter store', () => {
  tenantsContract(() => Promise.resolve(opened()));
});

const config = {
  tenantDomain: 'contoso.onmicrosoft.com',
  clientId: '5d2f1c3a-8b47-4e90-a1d6-0f3e2c7b9a84',
  credential: { kind: 'secret' },
  managementActivity: { cloud: 'enterprise', logTypes: ['audit-exchange'] },
};

test('23 tenants are more than one page', async () => {
  const { tenants, configure } = opened();
  const names = Array.from({ length: 23 }, (_, index) => `tenant-${String(index)}`);
  await configure(names.map((name) => ({ name, config, secret: 'not-so-secret' })));
  const listed = (await tenants.list()).map((entry) => (entry.kind === 'tenant' ? entry.tenant.name : entry.faults.join()));
  expect(listed.sort()).toEqual([...names].sort());
});

test('the list decrypts nothing: what comes back of a credential is not the credential', async () => {
  const { paths, configure } = opened();
  await configure([{ name: 'contoso', config, secret: 'not-so-secret' }]);
  const page = await clients().ssm.send(
    new GetParametersByPathCommand({ Path: paths.credentialsPrefix, Recursive: true, WithDecryption: false }),
  );
  expect(JSON.stringify(page.Parameters)).not.toContain('not-so-secret');
});
