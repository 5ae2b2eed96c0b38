/** The stack, deployed by the real CDK CLI to the emulator. */

import { spawn } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deploymentNames } from '../../../shared/domain/deployment.ts';
import type { Emulator } from '../../../tools/aws-emulator.ts';

const root = join(import.meta.dirname, '..', '..', '..');

export interface Deployed {
  readonly outputs: Readonly<Record<string, string>>;
  /** What the emulator cannot make from a template, by logical id. */
  readonly leftOut: Readonly<Record<string, TemplateResource>>;
}

interface TemplateResource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
}

/**
 * Observed 2026-11-22: MiniStack 1.5.33 refuses a template that has one of these, though it serves their API. They are taken out,
 * and the test makes them through that API from the properties in the template.
 */
const unknownToTheEmulator = ['AWS::Athena::NamedQuery'];

/**
 * Observed 2026-11-22: where MiniStack 1.5.33 enforces policies, it takes a batch for an action of its own (AWS: `sqs:SendMessage`)
 * and does not see that parameters by name or path are resources (by name: observed 2026-11-30). Every policy that allows the real action allows these as well; all
 * else holds as it is deployed, but for the bucket's rule that objects under raw/ are written once: it does not know
 * `s3:ObjectCreationOperation`. That rule is tested in the template.
 */
const actionsOfTheEmulator: Readonly<Record<string, string>> = {
  'sqs:SendMessage': 'sqs:SendMessageBatch',
  'ssm:GetParameters': 'ssm:GetParameters',
  'ssm:GetParametersByPath': 'ssm:GetParametersByPath',
};

/** @param settings Of cdk.json's context. @param folder Where the assembly is kept. */
export async function deploy(
  emulator: Pick<Emulator, 'env'>,
  settings: Readonly<Record<string, string>>,
  folder: string,
): Promise<Deployed> {
  const context = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  await mkdir(folder, { recursive: true });
  const assembly = join(folder, 'assembly');
  await cdk(emulator, ['synth', '--quiet', '--output', assembly, ...context]);
  const templates = (await readdir(assembly)).filter((name) => name.endsWith('.template.json'));
  const leftOut = await Promise.all(templates.map((name) => adapt(join(assembly, name))));
  await cdk(emulator, ['bootstrap', 'aws://000000000000/us-east-1']);
  const outputsFile = join(folder, 'outputs.json');
  await cdk(emulator, ['deploy', '--app', assembly, '--require-approval', 'never', '--outputs-file', outputsFile]);
  const outputs = JSON.parse(await readFile(outputsFile, 'utf8')) as Readonly<Record<string, Readonly<Record<string, string>>>>;
  const { stack } = deploymentNames(settings.deployment);
  return { outputs: outputs[stack] ?? {}, leftOut: Object.assign({}, ...leftOut) as Record<string, TemplateResource> };
}

/** Removes the stack that was deployed from the folder. What holds data stays. */
export async function destroy(emulator: Pick<Emulator, 'env'>, folder: string): Promise<void> {
  await cdk(emulator, ['destroy', '--app', join(folder, 'assembly'), '--force']);
}

/** Changes a template, of the stack or of one nested in it, to what the emulator knows. @returns What was taken out. */
async function adapt(templateFile: string): Promise<Record<string, TemplateResource>> {
  const template = JSON.parse(await readFile(templateFile, 'utf8')) as { readonly Resources: Readonly<Record<string, TemplateResource>> };
  const isUnknown = ([, { Type }]: [string, TemplateResource]): boolean => unknownToTheEmulator.includes(Type);
  const resources = Object.entries(template.Resources);
  const known = resources.filter((resource) => !isUnknown(resource)).map(([id, resource]) => [id, allowForEmulator(resource)] as const);
  // A template has to have a resource.
  const Resources = known.length > 0 ? Object.fromEntries(known) : { Nothing: { Type: 'AWS::CloudFormation::WaitConditionHandle' } };
  await writeFile(templateFile, JSON.stringify({ ...template, Resources }));
  return Object.fromEntries(resources.filter(isUnknown));
}

interface PolicyDocument {
  readonly Statement: readonly { readonly Action: string | readonly string[] }[];
}

function allowForEmulator(resource: TemplateResource): TemplateResource {
  if (resource.Type !== 'AWS::IAM::ManagedPolicy') return resource;
  const document = resource.Properties.PolicyDocument as PolicyDocument;
  const allowed = document.Statement.flatMap(({ Action }) => Action);
  const more = [...new Set(allowed.flatMap((action) => actionsOfTheEmulator[action] ?? []))];
  const Statement = [...document.Statement, ...more.map((Action) => ({ Effect: 'Allow', Action, Resource: '*' }))];
  return { ...resource, Properties: { ...resource.Properties, PolicyDocument: { ...document, Statement } } };
}

/** @throws With the end of the CLI's output. */
function cdk(emulator: Pick<Emulator, 'env'>, args: readonly string[]): Promise<void> {
  const output: Buffer[] = [];
  const env = { ...process.env, ...emulator.env, CDK_DEFAULT_ACCOUNT: '000000000000', CDK_DEFAULT_REGION: 'us-east-1' };
  const child = spawn(process.execPath, [join(root, 'node_modules', 'aws-cdk', 'bin', 'cdk'), ...args], { cwd: root, env });
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => output.push(chunk));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      const end = Buffer.concat(output).toString('utf8').slice(-4_000);
      if (code === 0) resolve();
      else reject(new Error(`cdk ${String(args[0])} ended with ${String(code)}: ${end}`));
    });
  });
}
