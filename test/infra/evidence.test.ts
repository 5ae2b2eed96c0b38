/** What the settings of evidence make of the template. */

import { describe, expect, test } from '@jest/globals';
import { readLock, type ObjectLock } from '../../shared/domain/object-lock.ts';
import { deploy, type Deployment } from './deployment.ts';

const logTypes = ['audit-exchange', 'alerts'];
const admin = 'arn:aws:iam::111122223333:role/evidence-admin';
const lock: ObjectLock = { mode: 'compliance', days: 400 };

interface Statement {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
}

const lakeOf = ({ resources }: Deployment) => Object.entries(resources('AWS::S3::Bucket')).find(([id]) => id.startsWith('LakeBucket'))?.[1];

function lakePolicy({ resources }: Deployment) {
  const policy = Object.entries(resources('AWS::S3::BucketPolicy')).find(([id]) => id.startsWith('LakeBucket'))?.[1];
  return { policy, statements: (policy?.Properties.PolicyDocument as { Statement: Statement[] } | undefined)?.Statement ?? [] };
}

/** Statements of roles that have the action, with the role's id. */
const rightsTo = (action: string, { resources }: Deployment) =>
  Object.entries(resources('AWS::IAM::ManagedPolicy')).flatMap(([id, { Properties }]) =>
    (Properties.PolicyDocument as { Statement: Statement[] }).Statement.filter(({ Action }) => [Action].flat().includes(action)).map(
      (statement) => ({ id, statement }),
    ),
  );

/** What functions are given of the lock, by handler. */
const lockSettingsOf = ({ resources }: Deployment): string[] =>
  Object.values(resources('AWS::Lambda::Function')).flatMap(({ Properties }) => {
    const { Handler, Environment } = Properties as { Handler: string; Environment: { Variables: Record<string, string> } };
    const { OBJECT_LOCK: text } = Environment.Variables;
    return text === undefined ? [] : [`${Handler} ${text}`];
  });

test('without the settings nothing is held, and the write-once rule outlives the stack', () => {
  const plain = deploy({ logTypes });
  expect(lakeOf(plain)?.Properties).not.toHaveProperty('ObjectLockEnabled');
  expect(lakePolicy(plain).policy?.DeletionPolicy).toBe('Retain');
  expect(lakePolicy(plain).statements.map(({ Sid }) => Sid)).toContain('RawIsWrittenOnce');
  expect(JSON.stringify(plain.templates)).not.toMatch(/PutObjectRetention|OBJECT_LOCK|object-lock|OneRole/);
});

test('with a lock the bucket can hold objects, and holds none by itself: compacted tables must lose their files', () => {
  const locked = deploy({ logTypes, objectLock: lock });
  expect(lakeOf(locked)?.Properties).toMatchObject({ ObjectLockEnabled: true });
  expect(lakeOf(locked)?.Properties).not.toHaveProperty('ObjectLockConfiguration');
  const others = Object.entries(locked.resources('AWS::S3::Bucket')).filter(([id]) => !id.startsWith('LakeBucket'));
  expect(others.filter(([, { Properties }]) => 'ObjectLockEnabled' in Properties)).toEqual([]);
});

test('what puts evidence puts it held, for the days of the setting and no longer', () => {
  const locked = deploy({ logTypes, objectLock: lock });
  expect(lockSettingsOf(locked).sort()).toEqual([
    'fetch.handler compliance:400',
    'fetch.handler compliance:400',
    'manifest.handler compliance:400',
  ]);
  expect(readLock('compliance:400')).toEqual(lock);
  const rights = rightsTo('s3:PutObjectRetention', locked);
  expect(rights.map(({ id }) => id.replace(/[0-9A-F]{8}$/, '')).sort()).toEqual([
    'Evidence/ManifestPolicy',
    'FetchContentPolicy',
    'FetchWindowsPolicy',
  ]);
  for (const { statement } of rights) {
    expect(statement.Condition).toEqual({
      StringEquals: { 's3:object-lock-mode': 'COMPLIANCE' },
      NumericLessThanEquals: { 's3:object-lock-remaining-retention-days': 400 },
    });
    expect(JSON.stringify(statement.Resource)).toMatch(/\/(raw|manifests)\/\*/);
  }
  const held = lakePolicy(locked).statements.find(({ Sid }) => Sid === 'RawIsHeld');
  expect(held).toMatchObject({
    Effect: 'Deny',
    Action: 's3:PutObject',
    Condition: { Null: { 's3:object-lock-mode': 'true' }, Bool: { 's3:ObjectCreationOperation': 'true' } },
  });
  expect(JSON.stringify(held?.Resource)).toMatch(/\/manifests\/\*.*\/raw\/\*/);
});

test('commands learn of the lock from the parameter that describes the deployment', () => {
  const described = (settings: object): string => {
    const parameters = Object.values(deploy({ logTypes, ...settings }).resources('AWS::SSM::Parameter'));
    return JSON.stringify(parameters.map(({ Properties }) => Properties.Value)).replaceAll('\\', '');
  };
  expect(described({ objectLock: lock })).toContain('"objectLock":{"mode":"compliance","days":400}');
  expect(described({})).not.toContain('objectLock');
});

test('nobody but the named role removes evidence, lifts a hold or changes the rules of the bucket', () => {
  const { statements } = lakePolicy(deploy({ logTypes, evidenceAdminRole: admin }));
  const own = statements.filter(({ Sid }) => Sid?.startsWith('OneRole'));
  for (const statement of own)
    expect(statement).toMatchObject({ Effect: 'Deny', Condition: { ArnNotEquals: { 'aws:PrincipalArn': admin } } });
  expect(own.map(({ Action }) => Action)).toEqual([
    ['s3:BypassGovernanceRetention', 's3:DeleteObject', 's3:DeleteObjectVersion'],
    [
      's3:DeleteBucket',
      's3:DeleteBucketPolicy',
      's3:PutBucketObjectLockConfiguration',
      's3:PutBucketPolicy',
      's3:PutBucketVersioning',
      's3:PutLifecycleConfiguration',
    ],
  ]);
  expect(JSON.stringify(own[0]?.Resource)).toMatch(/\/manifests\/\*.*\/raw\/\*/);
  expect(JSON.stringify(own[0]?.Resource)).not.toContain('compacted');
});

test('a lock works in a bucket of your own, too', () => {
  const locked = deploy({ logTypes, objectLock: lock, bucketName: 'existing-lake' });
  expect(lakeOf(locked)).toBeUndefined();
  expect(lockSettingsOf(locked)).toHaveLength(3);
  expect(rightsTo('s3:PutObjectRetention', locked)).toHaveLength(3);
});

describe('the audit trail', () => {
  const trailOf = (settings: object) => Object.values(deploy({ logTypes, ...settings }).resources('AWS::CloudTrail::Trail'));

  test('is not there unless it is asked for, for it costs by the event', () => {
    expect(trailOf({})).toEqual([]);
  });

  test.each([
    { auditTrail: 'all', fields: ['eventCategory', 'resources.type', 'resources.ARN'] },
    { auditTrail: 'writes', fields: ['eventCategory', 'resources.type', 'resources.ARN', 'readOnly'] },
  ])('$auditTrail: data events of the lake and of nothing else, encrypted, with digests', ({ auditTrail, fields }) => {
    const [trail, ...others] = trailOf({ auditTrail });
    expect(others).toEqual([]);
    expect(trail?.Properties).toMatchObject({ IsLogging: true, EnableLogFileValidation: true, KMSKeyId: expect.anything() as unknown });
    const [selector] = trail?.Properties.AdvancedEventSelectors as { FieldSelectors: { Field: string }[] }[];
    expect(selector?.FieldSelectors.map(({ Field }) => Field)).toEqual(fields);
    expect(JSON.stringify(selector)).toContain('"LakeBucketB1D32E10","Arn"]},"/"]]}]');
  });

  test('is kept for twelve months and stays, in a bucket that takes deliveries of this trail alone', () => {
    const { resources } = deploy({ logTypes, auditTrail: 'writes' });
    const bucket = Object.entries(resources('AWS::S3::Bucket')).find(([id]) => id.startsWith('AuditTrail'))?.[1];
    expect(bucket).toMatchObject({
      DeletionPolicy: 'Retain',
      Properties: { LifecycleConfiguration: { Rules: [{ ExpirationInDays: 366 }] } },
    });
    const policy = Object.entries(resources('AWS::S3::BucketPolicy')).find(([id]) => id.startsWith('AuditTrail'))?.[1];
    const { Statement: statements } = policy?.Properties.PolicyDocument as { Statement: Statement[] };
    const deliveries = statements.filter(({ Sid }) => Sid?.startsWith('Trail'));
    expect(deliveries.map(({ Action }) => Action)).toEqual(['s3:GetBucketAcl', 's3:PutObject']);
    for (const { Condition } of deliveries) expect(JSON.stringify(Condition)).toContain(':trail/m365-audit-lake-evidence');
    expect(JSON.stringify(resources('AWS::KMS::Key'))).toContain('"Sid":"TrailOfTheLake"');
  });
});

describe('what a stack left is adopted', () => {
  const keys = ['1', '2'].map((digit) => `arn:aws:kms:us-east-1:111122223333:key/00000000-0000-0000-0000-00000000000${digit}`);
  const [kmsKeyArn, credentialsKeyArn] = keys;
  const left = { bucketName: 'left-lake', tableName: 'left-ledger', kmsKeyArn, credentialsKeyArn };

  test('no bucket for the lake, no ledger and no key is made beside it', () => {
    const { resources } = deploy({ logTypes, ...left });
    expect(resources('AWS::KMS::Key')).toEqual({});
    const stores = [...Object.keys(resources('AWS::S3::Bucket')), ...Object.keys(resources('AWS::DynamoDB::Table'))];
    expect(stores.filter((id) => /^(Lake|Ledger)/.test(id))).toEqual([]);
  });

  test('every function and the command line work on it', () => {
    const adopted = deploy({ logTypes, ...left });
    const environments = Object.values(adopted.resources('AWS::Lambda::Function')).map(
      ({ Properties }) => (Properties.Environment as { Variables: Record<string, unknown> }).Variables,
    );
    expect(new Set(environments.flatMap(({ TABLE_NAME }) => TABLE_NAME ?? []))).toEqual(new Set(['left-ledger']));
    expect(new Set(environments.flatMap(({ BUCKET_NAME }) => BUCKET_NAME ?? []))).toEqual(new Set(['left-lake']));
    const described = JSON.stringify(adopted.resources('AWS::SSM::Parameter'));
    for (const name of Object.values(left)) expect(described).toContain(name);
  });

  test('roles may use it, the index of the ledger too', () => {
    const rights = JSON.stringify(deploy({ logTypes, ...left }).resources('AWS::IAM::ManagedPolicy'));
    for (const part of [':table/left-ledger"', ':table/left-ledger/index/due"', ':s3:::left-lake/raw/*"', ...keys])
      expect(rights).toContain(part);
  });
});
