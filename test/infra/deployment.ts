/** The stack with some settings, as `cdk synth` makes it, without bundles. */

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll } from '@jest/globals';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AuditLakeStack } from '../../infra/audit-lake-stack.ts';
import { readSettings } from '../../infra/settings.ts';
import { cloudIdsOf } from '../../shared/clouds.ts';
import { logTypes } from '../../shared/log-types/index.ts';

interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
}

export interface Deployment {
  readonly app: App;
  readonly template: Template;
  /** Of one type, by logical id. */
  readonly resources: (type: string) => Readonly<Record<string, Resource>>;
}

const root = resolve(import.meta.dirname, '../..');
const { context: flags } = JSON.parse(readFileSync(join(root, 'cdk.json'), 'utf8')) as { context: Record<string, unknown> };

const temporary = mkdtempSync(join(tmpdir(), 'infra-test-'));
afterAll(() => {
  rmSync(temporary, { recursive: true, force: true });
});

/** Every log type in every cloud. */
export const everything = {
  clouds: { managementActivity: cloudIdsOf('management-activity'), graph: cloudIdsOf('graph') },
  logTypes: logTypes.map(({ id }) => id),
};

export interface Place {
  readonly region?: string;
  /** Why the bundles cannot be deployed. */
  readonly incomplete?: string;
  /** CDK's own rules throw at what CloudFormation would refuse. They take seconds. */
  readonly isValidated?: boolean;
}

/** The construct tree alone: no template is made yet. */
export function makeApp(settings: Readonly<Record<string, unknown>> = {}, place: Place = {}): { app: App; stack: AuditLakeStack } {
  const { region, incomplete, isValidated = false } = place;
  const folder = mkdtempSync(join(temporary, 'app-'));
  const bundles = join(folder, 'bundles');
  mkdirSync(bundles);
  writeFileSync(join(bundles, 'list.mjs'), 'export const handler = () => {};\n');
  const read = readSettings({ ...flags, ...settings }, region);
  if (read.kind === 'faulty') throw new Error(read.faults.join('; '));
  const app = new App({ context: flags, outdir: join(folder, 'cdk.out'), builtinCloudFormationValidation: isValidated });
  const code = { light: bundles, fetch: bundles, ...(incomplete !== undefined && { incomplete }) };
  const env = region === undefined ? {} : { env: { region } };
  return { app, stack: new AuditLakeStack(app, 'M365AuditLake', { settings: read.settings, code, ...env }) };
}

export function deploy(settings: Readonly<Record<string, unknown>> = {}, place: Place = {}): Deployment {
  const { app, stack } = makeApp(settings, place);
  const template = Template.fromStack(stack);
  const { Resources } = template.toJSON() as { Resources: Record<string, Resource> };
  const resources = (type: string) => Object.fromEntries(Object.entries(Resources).filter(([, { Type }]) => Type === type));
  return { app, template, resources };
}
