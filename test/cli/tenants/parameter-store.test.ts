import { describe, expect, test } from '@jest/globals';
import { InvalidResourceId, ParameterAlreadyExists, type Parameter, type SSMClient } from '@aws-sdk/client-ssm';
import { openParameterStore, type ParameterPlace } from '../../../cli/tenants/parameter-store.ts';
import { fakeClient } from '../../aws-free/fake-client.ts';

const keyArn = 'arn:aws:kms:us-east-1:111122223333:key/00000000-0000-0000-0000-000000000000';
const place: ParameterPlace = {
  tenantsPrefix: '/m365-audit-lake/tenants',
  credentialsPrefix: '/m365-audit-lake/credentials',
  credentialsKeyArn: keyArn,
  queueUrls: { enterprise: 'https://sqs.example/1', gcc: 'https://sqs.example/2', global: 'https://sqs.example/3' },
  isFedramp: false,
};
const path = {
  config: '/m365-audit-lake/tenants/enterprise/contoso/config',
  credential: '/m365-audit-lake/credentials/enterprise/contoso',
};
const config = {
  enabled: false,
  tenantDomain: 'contoso.onmicrosoft.com',
  credential: { kind: 'secret' },
  managementActivity: { cloud: 'enterprise', logTypes: ['audit-exchange'] },
};
const inGcc = { ...config, managementActivity: { cloud: 'gcc', logTypes: ['audit-exchange'] } };
const stored = (Value: string, Name = path.config): { Parameters: Parameter[] } => ({ Parameters: [{ Name, Value, Type: 'String' }] });
const kept = stored(JSON.stringify(config));

function open(...answers: unknown[]) {
  const { client, sent } = fakeClient<SSMClient>(...answers);
  return { store: openParameterStore(place, client), sent };
}

/** The names that were looked for, whether one by one or together, have no order. */
const changes = (sent: readonly Readonly<Record<string, unknown>>[]) => sent.filter(({ WithDecryption }) => WithDecryption === undefined);

describe('tenants in the parameter store', () => {
  test('a new one is a String at the path of its home, and a SecureString under the key of credentials apart from it', async () => {
    const { store, sent } = open({});
    await store.save('contoso', config, 'new', ' hunter2\n');
    expect(sent).toEqual([
      expect.objectContaining({ Name: path.config, Type: 'String', Overwrite: false }),
      expect.objectContaining({ Name: path.credential, Type: 'SecureString', KeyId: keyArn, Value: 'hunter2' }),
    ]);
    expect(JSON.parse(String(sent[0]?.Value))).toEqual(config);
  });

  test('one that is there already is not overwritten, and its credential is not touched', async () => {
    const { store, sent } = open(new ParameterAlreadyExists({ message: 'no', $metadata: {} }));
    await expect(store.save('contoso', config, 'new', 'hunter2')).rejects.toThrow("there is a tenant 'contoso' in");
    expect(sent).toHaveLength(1);
  });

  test('one of a cloud that the deployment does not collect from is refused: nobody would read it', async () => {
    const { store, sent } = open({});
    const elsewhere = { ...config, managementActivity: { cloud: 'gcc-high', logTypes: ['audit-exchange'] } };
    await expect(store.save('contoso', elsewhere, 'new', 'hunter2')).rejects.toThrow(
      "tenant 'contoso' is in cloud 'gcc-high', and this deployment collects from enterprise, gcc, global",
    );
    expect(sent).toEqual([]);
  });

  test('a change overwrites the configuration alone', async () => {
    const { store, sent } = open(kept);
    await store.save('contoso', { ...config, enabled: true }, 'replace');
    expect(changes(sent)).toEqual([expect.objectContaining({ Name: path.config, Overwrite: true })]);
  });

  test('who moves to another home takes a new credential along, and leaves nothing behind', async () => {
    const { store, sent } = open(kept);
    await expect(store.save('contoso', inGcc, 'replace')).rejects.toThrow(
      'moves from enterprise to gcc, where its credential has to be given again',
    );
    expect(changes(sent)).toEqual([]);
    await store.save('contoso', inGcc, 'replace', 'hunter3');
    expect(changes(sent)).toEqual([
      expect.objectContaining({ Name: '/m365-audit-lake/tenants/gcc/contoso/config', Overwrite: false }),
      expect.objectContaining({ Name: '/m365-audit-lake/credentials/gcc/contoso', Value: 'hunter3' }),
      { Names: [path.config, path.credential] },
    ]);
  });

  test('a credential that AWS refuses is named by what is missing, without a word of it', async () => {
    const refusal = Object.assign(new Error('hunter2 is not allowed'), { name: 'AccessDeniedException' });
    const answer = open({}, refusal).store.save('contoso', config, 'new', 'hunter2');
    await expect(answer).rejects.toThrow(
      /AccessDeniedException.*ssm:PutParameter on .*credentials\/enterprise\/contoso and kms:Encrypt on arn:aws:kms.*'lake tenant edit contoso --aws --credential-stdin'/,
    );
    await expect(answer).rejects.not.toThrow('hunter2');
  });

  test('of a credential nothing is read: its tags say whether it is there', async () => {
    const { store, sent } = open(kept, {});
    expect(await store.credential('contoso')).toBe(`in the SecureString ${path.credential}`);
    expect(sent.at(-1)).toEqual({ ResourceType: 'Parameter', ResourceId: path.credential });
    expect(JSON.stringify(sent.slice(0, -1))).not.toContain('/credentials/');
    const missing = new InvalidResourceId({ message: 'no', $metadata: {} });
    expect(await open(kept, missing).store.credential('contoso')).toBe('nowhere');
    const forbidden = Object.assign(new Error('no'), { name: 'AccessDeniedException' });
    expect(await open(kept, forbidden).store.credential('contoso')).toContain('to look needs ssm:ListTagsForResource');
  });

  test('the list asks for no credential either', async () => {
    const { store, sent } = open(kept);
    expect(await store.entries()).toMatchObject([{ kind: 'broken', faults: [expect.stringContaining('clientId')] }]);
    expect(sent).toEqual([expect.objectContaining({ Path: place.tenantsPrefix, WithDecryption: false })]);
  });

  test('a configuration is read as it stands there; one that is no JSON object is refused', async () => {
    expect(await open(kept).store.config('contoso')).toEqual(config);
    await expect(open(stored('{ "clientId": hunter2')).store.config('contoso')).rejects.toThrow('is no JSON object');
    expect(await open({ Parameters: [] }).store.config('contoso')).toBeUndefined();
  });

  test('a tenant of an earlier version is broken until it is moved, and the cure is named', async () => {
    const earlier = stored(JSON.stringify(config), '/m365-audit-lake/tenants/contoso/config');
    expect(await open(earlier).store.entries()).toEqual([
      { kind: 'broken', name: 'contoso', faults: [expect.stringContaining("run 'lake tenant move --aws'")] },
    ]);
    await expect(open(earlier).store.config('contoso')).rejects.toThrow("run 'lake tenant move --aws'");
  });

  test('a removed tenant takes both its parameters along', async () => {
    const { store, sent } = open(kept);
    await store.remove('contoso');
    expect(changes(sent)).toEqual([{ Names: [path.config, path.credential] }]);
  });
});
