import { expect, test } from '@jest/globals';
import type { SSMClient } from '@aws-sdk/client-ssm';
import { tenantsKeeping } from '../../shared/aws/tenants-keeping.ts';
import { TenantsUnavailable } from '../../shared/ports/tenants.ts';
import { fakeClient } from './fake-client.ts';

const prefix = '/lake/tenants';
const parameter = (name: string, config: unknown) => ({
  Name: `${prefix}/${name}`,
  Type: 'String',
  Value: typeof config === 'string' ? config : JSON.stringify(config),
});
const keepingIn = (...answers: readonly unknown[]) => {
  const { client, sent } = fakeClient<SSMClient>(...answers);
  let now = 0;
  const sleep = (ms: number): Promise<void> => {
    now += ms;
    return Promise.resolve();
  };
  return { sent, keeping: tenantsKeeping({ client, clock: { now: () => now, sleep }, salt: '', prefix }) };
};

test('the days of every tenant are read, page by page, also of one that is switched off', async () => {
  const { keeping, sent } = keepingIn(
    { Parameters: [parameter('enterprise/contoso/config', { compactedDays: 400 })], NextToken: 'more' },
    { Parameters: [parameter('gcc/fabrikam/config', { enabled: false, rawDays: 60 }), parameter('dod/usual/config', {})] },
  );
  expect(await keeping).toEqual(
    new Map([
      ['contoso', { compactedDays: 400 }],
      ['fabrikam', { rawDays: 60 }],
      ['usual', {}],
    ]),
  );
  expect(sent).toMatchObject([
    { Path: prefix, Recursive: true, WithDecryption: false },
    { Path: prefix, NextToken: 'more' },
  ]);
});

test.each([
  { what: 'is no JSON', parameters: [parameter('enterprise/contoso/config', '{"compactedDays": 400')] },
  { what: 'has a number of days that nobody may have', parameters: [parameter('enterprise/contoso/config', { compactedDays: 3 })] },
  { what: 'is no object', parameters: [parameter('enterprise/contoso/config', 'null')] },
  {
    what: 'is in two homes',
    parameters: [parameter('enterprise/contoso/config', { compactedDays: 40 }), parameter('gcc/contoso/config', { compactedDays: 40 })],
  },
  { what: 'lies where none is read any more', parameters: [parameter('contoso/config', { compactedDays: 40 })] },
  { what: 'has lost its configuration', parameters: [parameter('enterprise/contoso/other', 'x')] },
])('of a tenant whose configuration $what nothing is known', async ({ parameters }) => {
  expect(await keepingIn({ Parameters: parameters }).keeping).toEqual(new Map([['contoso', 'unknown']]));
});

test('a page that cannot be had is no list: who is not on it would count as removed', async () => {
  const { keeping } = keepingIn(
    { Parameters: [parameter('enterprise/contoso/config', {})], NextToken: 'more' },
    Object.assign(new Error('slow down'), { name: 'ThrottlingException', $fault: 'client' }),
  );
  await expect(keeping).rejects.toThrow(TenantsUnavailable);
});
