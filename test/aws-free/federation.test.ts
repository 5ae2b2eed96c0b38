import { describe, expect, test } from '@jest/globals';
import type { STSClient } from '@aws-sdk/client-sts';
import { federation } from '../../lambdas/federation.ts';
import { federatedCredential } from '../../cli/tenants/federation.ts';
import { stsAs } from '../../shared/aws/assumed-role.ts';
import type { Deployment } from '../../shared/domain/deployment.ts';
import type { Tenant } from '../../shared/domain/tenant.ts';
import { at } from '../contracts/samples.ts';
import { fakeClient } from './fake-client.ts';
import { leapingClock } from './leaping-clock.ts';

const federationRoleArn = 'arn:aws:iam::111122223333:role/m365-audit-lake-federation-us-east-1';
const tenantIn = (cloud: 'global' | 'us-gov-l4'): Tenant => ({
  name: 'contoso',
  tenantDomain: 'contoso.example',
  clientId: '5d2f1c3a-8b47-4e90-a1d6-0f3e2c7b9a84',
  credentialKind: 'federated',
  graph: { cloud, logTypes: ['alerts'] },
});

describe('the role that federated tenants know', () => {
  test('is taken on with credentials of its own, and again when their time is over', async () => {
    const Credentials = {
      AccessKeyId: 'AKIAIOSFODNN7EXAMPLE',
      SecretAccessKey: 's',
      SessionToken: 't',
      Expiration: new Date('2099-01-01'),
    };
    const { client, sent } = fakeClient<STSClient>({ Credentials });
    const acting = stsAs(federationRoleArn, { region: 'us-east-1' }, client);
    const credentials = await acting.config.credentials();
    expect(credentials).toMatchObject({ accessKeyId: 'AKIAIOSFODNN7EXAMPLE', sessionToken: 't', expiration: new Date('2099-01-01') });
    expect(sent).toEqual([{ RoleArn: federationRoleArn, RoleSessionName: 'm365-audit-lake', DurationSeconds: 900 }]);
  });

  test('that gives nothing is an error that names it', async () => {
    const { client } = fakeClient<STSClient>({});
    await expect(stsAs(federationRoleArn, { region: 'us-east-1' }, client).config.credentials()).rejects.toThrow(federationRoleArn);
  });

  test('that a function was not given is asked for when a federated tenant comes', async () => {
    const prove = federation({}, { region: 'us-east-1' }, leapingClock(at('09:00')));
    await expect(prove(tenantIn('global'))).rejects.toThrow("tenant 'contoso' is federated, and this function has no FEDERATION_ROLE_ARN");
  });
});

describe('what Entra has to know of it', () => {
  const deployment = { federationRoleArn } as Deployment;
  const identityOf = (answer: unknown, cloud: 'global' | 'us-gov-l4' = 'global') =>
    federatedCredential(tenantIn(cloud), deployment, fakeClient<STSClient>(answer).client);
  const failure = (name: string): Error => Object.assign(new Error('no'), { name });

  test.each([
    { cloud: 'global', audience: 'api://AzureADTokenExchange' },
    { cloud: 'us-gov-l4', audience: 'api://AzureADTokenExchangeUSGov' },
  ] as const)('in $cloud is the account’s issuer, the role, and the audience $audience', async ({ cloud, audience }) => {
    const issuer = 'https://00000000-0000-4000-8000-000000000000.tokens.sts.global.api.aws';
    const claims = Buffer.from(JSON.stringify({ iss: issuer, sub: 'somebody else' })).toString('base64url');
    expect(await identityOf({ WebIdentityToken: `x.${claims}.y` }, cloud)).toEqual({ issuer, subject: federationRoleArn, audience });
  });

  test.each([
    { name: 'OutboundWebIdentityFederationDisabledException', command: 'aws iam enable-outbound-web-identity-federation' },
    { name: 'AccessDenied', command: 'aws iam get-outbound-web-identity-federation-info' },
  ])('after $name says how the issuer is found', async ({ name, command }) => {
    expect(await identityOf(failure(name))).toMatchObject({ toFindIssuer: command, subject: federationRoleArn });
  });
});
