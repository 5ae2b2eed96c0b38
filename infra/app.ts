/** `cdk synth` and `cdk deploy` start here: settings, bundles, stack. */

import { resolve } from 'node:path';
import { App } from 'aws-cdk-lib';
import { bundle } from './bundle/bundle.ts';
import { AuditLakeStack } from './audit-lake-stack.ts';
import { readSettings } from './settings.ts';
import { addAuthorities } from './way-out.ts';

const app = new App();
const { CDK_DEFAULT_ACCOUNT: account, CDK_DEFAULT_REGION: region } = process.env;
const read = readSettings(app.node.getAllContext() as Readonly<Record<string, unknown>>, region);

if (read.kind === 'faulty') {
  process.stderr.write(`The settings (cdk.json context, or -c) cannot be used:\n${read.faults.map((fault) => `- ${fault}\n`).join('')}`);
  process.exitCode = 1;
} else {
  const code = await bundle(resolve(import.meta.dirname, '..'), read.settings.architecture);
  await addAuthorities(code, read.settings.caFile);
  if (code.incomplete !== undefined) process.stderr.write(`Warning: ${code.incomplete}. The template refuses to be deployed until then.\n`);
  const env = { ...(account !== undefined && { account }), ...(region !== undefined && { region }) };
  const description = 'm365-audit-lake: every Microsoft 365 audit event, exactly once, as datasets';
  new AuditLakeStack(app, read.settings.names.stack, { settings: read.settings, code, env, description });
  app.synth();
}
