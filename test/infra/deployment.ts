/** The stack with some settings, as `cdk synth` makes it, without bundles. */

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll } from '@jest/globals';
import { App, NestedStack, type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AuditLakeStack } from '../../infra/audit-lake-stack.ts';
import { readSettings, type Settings } from '../../infra/settings.ts';
import { cloudIdsOf } from '../../shared/clouds.ts';
import { logTypes } from '../../shared/log-types/index.ts';

interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
}

/** A template, by itself. */
interface StackTemplate {
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Parameters?: Readonly<Record<string, unknown>>;
  readonly Outputs?: Readonly<Record<string, unknown>>;
}

export interface Deployment {
  readonly app: App;
  /** Of the stack itself, without those nested in it. */
  readonly template: Template;
  /** Every template by the path of its stack, the stack itself first. */
  readonly templates: Readonly<Record<string, StackTemplate>>;
  /** Of one type in all templates, by logical id; of a nested stack as `<its construct id>/<logical id>`. */
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

/** An app whose stack has no template yet. */
export interface MadeApp {
  readonly app: App;
  readonly stack: AuditLakeStack;
  readonly settings: Settings;
  readonly code: { readonly light: string; readonly fetch: string; readonly incomplete?: string };
}

/** The construct tree alone: no template is made yet. */
export function makeApp(settings: Readonly<Record<string, unknown>> = {}, place: Place = {}): MadeApp {
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
  const { settings: checked } = read;
  return { app, settings: checked, code, stack: new AuditLakeStack(app, checked.names.stack, { settings: checked, code, ...env }) };
}

/** Every template of the app. */
export function deploy(settings: Readonly<Record<string, unknown>> = {}, place: Place = {}): Deployment {
  const { app, stack } = makeApp(settings, place);
  return deploymentOf(app, stack);
}

/** Synthesizes what was made by hand. */
export function deploymentOf(app: App, stack: Stack): Deployment {
  const nested = stack.node.findAll().filter((construct) => construct instanceof NestedStack);
  const templates = Object.fromEntries(
    [stack, ...nested].map((one) => [one.node.path, Template.fromStack(one).toJSON() as unknown as StackTemplate]),
  );
  const all = Object.entries(templates).flatMap(([path, { Resources }]) => {
    const prefix = path === stack.node.path ? '' : `${path.slice(path.lastIndexOf('/') + 1)}/`;
    return Object.entries(Resources).map(([id, resource]) => [`${prefix}${id}`, resource] as const);
  });
  const resources = (type: string) => Object.fromEntries(all.filter(([, { Type }]) => Type === type));
  return { app, template: Template.fromStack(stack), templates, resources };
}
