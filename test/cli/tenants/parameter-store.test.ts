import { describe, expect, test } from '@jest/globals';
import { ParameterAlreadyExists, ParameterNotFound, type SSMClient } from '@aws-sdk/client-ssm';
import { openParameterStore } from '../../../cli/tenants/parameter-store.ts';
import type { Deployment } from '../../../shared/domain/deployment.ts';
import { fakeClient } from '../../aws-free/fake-client.ts';

const prefix = '/m365-audit-lake/tenants';
const keyArn = 'arn:aws:kms:us-east-1:111122223333:key/00000000-0000-0000-0000-000000000000';
const config = { enabled: false, tenantDomain: 'contoso.onmicrosoft.com', credential: { kind: 'secret' } };

function open(...answers: unknown[]) {
  const { client, sent } = fakeClient<SSMClient>(...answers);
  return { store: openParameterStore({ tenantsPrefix: prefix, credentialsKeyArn: keyArn, isFedramp: false } as Deployment, client), sent };
}

describe('tenants in the parameter store', () => {
  test('a new one is a String with the configuration and a SecureString under the deployment’s key', async () => {
    const { store, sent } = open({});
    await store.save('contoso', config, 'new', ' hunter2\n');
    expect(sent).toEqual([
      expect.objectContaining({ Name: `${prefix}/contoso/config`, Type: 'String', Overwrite: false }),
      expect.objectContaining({ Name: `${prefix}/contoso/credential`, Type: 'SecureString', KeyId: keyArn, Value: 'hunter2' }),
    ]);
    expect(JSON.parse(String(sent[0]?.Value))).toEqual(config);
  });

  test('one that is there already is not overwritten, and its credential is not touched', async () => {
    const { store, sent } = open(new ParameterAlreadyExists({ message: 'no', $metadata: {} }));
    await expect(store.save('contoso', config, 'new', 'hunter2')).rejects.toThrow("there is a tenant 'contoso' in");
    expect(sent).toHaveLength(1);
  });

  test('a change overwrites the configuration alone', async () => {
    const { store, sent } = open({});
    await store.save('contoso', config, 'replace');
    expect(sent).toEqual([expect.objectContaining({ Name: `${prefix}/contoso/config`, Overwrite: true })]);
  });

  test('a credential that AWS refuses is named by what is missing, without a word of it', async () => {
    const refusal = Object.assign(new Error('hunter2 is not allowed'), { name: 'AccessDeniedException' });
    const saving = open({}, refusal).store.save('contoso', config, 'replace', 'hunter2');
    await expect(saving).rejects.toThrow(
      /AccessDeniedException.*ssm:PutParameter on .*credential and kms:Encrypt on arn:aws:kms.*'lake tenant edit contoso --aws --credential-stdin'/,
    );
    await expect(saving).rejects.not.toThrow('hunter2');
  });

  test('what is printed of a credential is where it is, never decrypted', async () => {
    const LastModifiedDate = new Date('2026-11-20T08:00:00Z');
    const { store, sent } = open({
      Parameter: { Name: `${prefix}/contoso/credential`, Type: 'SecureString', Version: 3, LastModifiedDate },
    });
    expect(await store.credential('contoso')).toBe(
      `in the SecureString ${prefix}/contoso/credential (version 3, since 2026-11-20 08:00 UTC)`,
    );
    expect(sent[0]).toMatchObject({ WithDecryption: false });
    expect(await open(new ParameterNotFound({ message: 'no', $metadata: {} })).store.credential('contoso')).toBe('nowhere');
  });

  test('a configuration is read as it stands there; one that is no JSON object is refused', async () => {
    const configured = (Value: string) => open({ Parameter: { Value } }).store.config('contoso');
    expect(await configured(JSON.stringify(config))).toEqual(config);
    await expect(configured('{ "clientId": hunter2')).rejects.toThrow('is no JSON object');
    expect(await open(new ParameterNotFound({ message: 'no', $metadata: {} })).store.config('contoso')).toBeUndefined();
  });

  test('a removed tenant takes both its parameters along', async () => {
    const { store, sent } = open({});
    await store.remove('contoso');
    expect(sent).toEqual([{ Names: [`${prefix}/contoso/config`, `${prefix}/contoso/credential`] }]);
  });
});
