/** Two deployments in one account and region, deployed by the real CDK; and what one leaves behind, adopted by the next. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { readDeployment } from '../../cli/aws/deployment.ts';
import { minutes } from '../../shared/domain/window.ts';
import { apiOf, type Api } from './deployment/api.ts';
import { deploy, destroy, type Deployed } from './deployment/cdk.ts';
import { emulated } from './emulated.ts';

jest.setTimeout(minutes(15));

const { clients, emulator } = emulated();
const settings = {
  architecture: process.arch === 'arm64' ? 'arm64' : 'x64',
  logTypes: '["alerts"]',
  detections: 'false',
  compaction: 'false',
} as const;
let root = '';
let usual!: Deployed;
let research!: Deployed;
let api!: Api;

const folderOf = (name: string): string => join(root, name);
const deployed = (name: string, more: Readonly<Record<string, string>> = {}): Promise<Deployed> =>
  deploy(emulator(), { ...settings, ...more }, folderOf(name));

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'm365-audit-lake-deployments-'));
  usual = await deployed('usual');
  research = await deployed('research', { deployment: 'research' });
  api = apiOf(emulator());
});

afterAll(() => rm(root, { recursive: true, force: true }));

test('they stand side by side, and share no store, name or role', () => {
  const names = Object.keys(usual.outputs);
  expect(names.length).toBeGreaterThan(10);
  expect(Object.keys(research.outputs).sort()).toEqual(names.sort());
  expect(names.filter((name) => usual.outputs[name] === research.outputs[name])).toEqual([]);
});

test('commands find each by its name', async () => {
  const { ssm } = clients();
  const [one, other] = [await readDeployment(ssm, {}), await readDeployment(ssm, { LAKE_DEPLOYMENT: 'research' })];
  expect([one.bucketName, other.bucketName]).toEqual([usual.outputs.BucketName, research.outputs.BucketName]);
  expect(one.federationRoleArn).not.toBe(other.federationRoleArn);
});

test('one is destroyed, the other stays, and what the first left is adopted', async () => {
  const { BucketName = '', TableName = '', KeyArn = '', CredentialsKeyArn = '' } = usual.outputs;
  const { s3, ssm, dynamodb } = clients();
  await s3.send(new PutObjectCommand({ Bucket: BucketName, Key: 'raw/d/evidence', Body: 'kept', IfNoneMatch: '*' }));
  const before = await api.functions();
  await destroy(emulator(), folderOf('usual'));
  const after = await api.functions();
  expect(after.length).toBeGreaterThan(0);
  expect(after.length).toBeLessThan(before.length);
  expect((await readDeployment(ssm, { LAKE_DEPLOYMENT: 'research' })).tableName).toBe(research.outputs.TableName);
  await expect(readDeployment(ssm, {})).rejects.toThrow('there is no parameter');

  const left = { bucketName: BucketName, tableName: TableName, kmsKeyArn: KeyArn, credentialsKeyArn: CredentialsKeyArn };
  const adopted = await deployed('adopted', left);
  expect(adopted.outputs).toMatchObject({ BucketName, TableName, KeyArn, CredentialsKeyArn });
  expect(await readDeployment(ssm, {})).toMatchObject({ bucketName: BucketName, tableName: TableName, keyArn: KeyArn });
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: BucketName, Key: 'raw/d/evidence' }));
  expect(await Body?.transformToString()).toBe('kept');
  expect((await dynamodb.send(new DescribeTableCommand({ TableName }))).Table?.TableStatus).toBe('ACTIVE');
  expect(await api.functions()).toHaveLength(before.length);

  // Destroyed again, it leaves the same.
  await destroy(emulator(), folderOf('adopted'));
  expect((await dynamodb.send(new DescribeTableCommand({ TableName }))).Table?.TableStatus).toBe('ACTIVE');
});
