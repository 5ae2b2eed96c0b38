import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { fetchEnvironment, readEnvironment } from '../../../../lambdas/environment.ts';
import { landedDatasets } from '../../../../shared/datasets/index.ts';
import { ocsfDatasets } from '../../../../shared/datasets/ocsf/index.ts';
import { deploy } from '../../../infra/deployment.ts';
import { at, file } from '../../../queries/records.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ocsf-choice-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const names = ocsfDatasets.map(({ name }) => name);

test.each([
  { ocsf: false, landed: [] },
  { ocsf: true, landed: names },
])('a deployment that says ocsf: $ocsf lands that', ({ ocsf, landed }) => {
  const all = landedDatasets({ ocsf }).map(({ name }) => name);
  expect(all).toContain('saas_audit_logs');
  expect(all.filter((name) => name.startsWith('ocsf_'))).toEqual(landed);
});

describe('in AWS', () => {
  const environment = {
    TABLE_NAME: 'table',
    QUEUE_URLS: 'enterprise=https://sqs.example/content',
    CLOUDS: 'enterprise',
    BUCKET_NAME: 'bucket',
  };

  test.each([
    { env: {}, ocsf: false },
    { env: { OCSF: 'true' }, ocsf: true },
  ])('the fetch function reads $env', ({ env, ocsf }) => {
    expect(readEnvironment(fetchEnvironment, { ...environment, ...env }).OCSF).toBe(ocsf);
  });

  test('the setting reaches both fetch functions and the one that compacts, and no other', () => {
    const functions = Object.values(deploy({ ocsf: true }).resources('AWS::Lambda::Function'));
    const constants = functions.map(
      ({ Properties }) => (Properties.Environment as { Variables?: Record<string, string> } | undefined)?.Variables?.OCSF,
    );
    expect(constants.filter((value) => value !== undefined)).toEqual(['true', 'true', 'true']);
  }, 60_000);
});

test('on one machine, --ocsf lands them beside raw', async () => {
  const lake = (...parameters: string[]) =>
    promisify(execFile)(process.execPath, [
      join(import.meta.dirname, '../../../../cli/main.ts'),
      ...parameters,
      '--lake',
      join(folder, 'lake'),
    ]);
  await writeFile(join(folder, 'records.jsonl'), `${JSON.stringify(file(at('18 08:00'), 'ada', 'FileDownloaded', 'plan.docx'))}\n`);
  await lake('import', '--log-type', 'audit-sharepoint', '--tenant', 'contoso', '--ocsf', join(folder, 'records.jsonl'));
  const { stdout } = await lake('query', '--json', 'SELECT type_name, file.name AS file FROM ocsf_file_hosting_activity');
  expect(JSON.parse(stdout)).toEqual([{ type_name: 'File Hosting Activity: Download', file: 'plan.docx' }]);
}, 60_000);
