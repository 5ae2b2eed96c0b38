/** Tenants of a deployment before 0.2.0, whose parameters were all at one path, moved to the paths of their homes. */

import { randomUUID } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { GetParametersByPathCommand, PutParameterCommand } from '@aws-sdk/client-ssm';
import { moveTenants } from '../../cli/tenants/move-tenants.ts';
import { openParameterStore, type ParameterPlace } from '../../cli/tenants/parameter-store.ts';
import type { Note } from '../../cli/tenants/tenant-audit.ts';
import { openTenants } from '../../shared/aws/tenants.ts';
import { leapingClock } from '../aws-free/leaping-clock.ts';
import { at } from '../contracts/samples.ts';
import { emulated } from './emulated.ts';

const { clients } = emulated();

const config = (cloud: string) => ({
  tenantDomain: 'contoso.onmicrosoft.com',
  clientId: '5d2f1c3a-8b47-4e90-a1d6-0f3e2c7b9a84',
  credential: { kind: 'secret' },
  managementActivity: { cloud, logTypes: ['audit-exchange'] },
});

function opened() {
  const base = `/lake-${randomUUID()}`;
  const place: ParameterPlace = {
    tenantsPrefix: `${base}/tenants`,
    credentialsPrefix: `${base}/credentials`,
    credentialsKeyArn: 'alias/aws/ssm',
    queueUrls: { enterprise: 'https://sqs.example/1', gcc: 'https://sqs.example/2' },
    isFedramp: false,
  };
  const rows: string[] = [];
  const note: Note = ({ action, tenant, failed }) => Promise.resolve(void rows.push([action, tenant, failed].join(' ').trim()));
  const put = (path: string, Value: string, Type: 'String' | 'SecureString' = 'String') =>
    clients().ssm.send(new PutParameterCommand({ Name: `${base}${path}`, Value, Type }));
  const names = async (): Promise<string[]> => {
    const { Parameters = [] } = await clients().ssm.send(new GetParametersByPathCommand({ Path: base, Recursive: true, MaxResults: 10 }));
    return Parameters.map(({ Name = '' }) => Name.slice(base.length)).sort();
  };
  return { base, place, rows, put, names, move: () => moveTenants(place, clients().ssm, note) };
}

describe('a move', () => {
  test('takes configuration and credential to the home of each tenant, and leaves nothing at the path all functions read', async () => {
    const { place, rows, put, names, move } = opened();
    await put('/tenants/contoso/config', JSON.stringify(config('enterprise')));
    await put('/tenants/contoso/credential', 'hunter2', 'SecureString');
    await put('/tenants/fabrikam/config', JSON.stringify({ ...config('gcc'), credential: { kind: 'federated' } }));
    expect(await move()).toEqual([{ name: 'contoso' }, { name: 'fabrikam' }]);
    expect(await names()).toEqual([
      '/credentials/enterprise/contoso',
      '/tenants/enterprise/contoso/config',
      '/tenants/gcc/fabrikam/config',
    ]);
    expect(rows).toEqual(['move contoso', 'move fabrikam']);

    const tenants = openTenants({
      ...{ client: clients().ssm, prefix: place.tenantsPrefix, credentialsPrefix: place.credentialsPrefix, homes: ['enterprise'] },
      ...{ deployment: { isFedramp: false }, assertion: () => Promise.resolve(''), clock: leapingClock(at('09:00')) },
    });
    expect((await tenants.list()).map((entry) => entry.kind === 'tenant' && entry.tenant.name)).toEqual(['contoso']);
    expect(await tenants.credential('contoso')).toEqual({ kind: 'secret', secret: 'hunter2' });
    expect(await move()).toEqual([]);
  });

  test('that was cut off after the first copy goes on, and a second tenant of the name is not overwritten', async () => {
    const { put, names, move, rows } = opened();
    await put('/tenants/contoso/config', JSON.stringify(config('enterprise')));
    await put('/tenants/contoso/credential', 'hunter2', 'SecureString');
    await put('/tenants/enterprise/contoso/config', JSON.stringify(config('enterprise'), undefined, 2));
    await put('/tenants/fabrikam/config', JSON.stringify(config('enterprise')));
    await put('/tenants/enterprise/fabrikam/config', JSON.stringify({ ...config('enterprise'), tenantDomain: 'fabrikam.example' }));
    await put('/tenants/odd/config', '{ "managementActivity": ');
    const moved = await move();
    expect(moved).toContainEqual({ name: 'contoso' });
    expect(moved).toContainEqual({
      name: 'fabrikam',
      fault: expect.stringContaining("another tenant 'fabrikam' at enterprise") as unknown as string,
    });
    expect(moved).toContainEqual({ name: 'odd', fault: expect.stringContaining('no JSON object with a cloud') as unknown as string });
    expect(await names()).toEqual([
      '/credentials/enterprise/contoso',
      '/tenants/enterprise/contoso/config',
      '/tenants/enterprise/fabrikam/config',
      '/tenants/fabrikam/config',
      '/tenants/odd/config',
    ]);
    expect(rows.sort()).toEqual(['move contoso', 'move fabrikam', 'move odd']);
  });
});

// Observed 2026-12-01: the emulator has tags of parameters that are not there, where AWS answers InvalidResourceId.
test('where a credential is, is known without reading it', async () => {
  const { place, put, base } = opened();
  const store = openParameterStore(place, clients().ssm);
  await put('/tenants/enterprise/contoso/config', JSON.stringify(config('enterprise')));
  await put('/credentials/enterprise/contoso', 'hunter2', 'SecureString');
  expect(await store.credential('contoso')).toBe(`in the SecureString ${base}/credentials/enterprise/contoso`);
});
