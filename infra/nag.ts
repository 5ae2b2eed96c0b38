/**
 * The security report: six rule packs of cdk-nag over the stack with the settings of cdk.json (and `-- '{"setting": …}'`).
 *
 * Prints every acknowledged finding with its reason. Exits with 1 where a finding is left, or an acknowledgement matches nothing.
 */

import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { App } from 'aws-cdk-lib';
import { z } from 'zod';
import { AuditLakeStack } from './audit-lake-stack.ts';
import { reviewFindings } from './nag-review.ts';
import { readSettings } from './settings.ts';

const CdkJson = z.object({ context: z.record(z.string(), z.unknown()) });
const root = resolve(import.meta.dirname, '..');
const { context } = CdkJson.parse(JSON.parse(await readFile(resolve(root, 'cdk.json'), 'utf8')));
const more = z.record(z.string(), z.unknown()).parse(JSON.parse(process.argv[2] ?? '{}'));
const read = readSettings({ ...context, ...more }, process.env.CDK_DEFAULT_REGION);
if (read.kind === 'faulty') throw new Error(read.faults.join('; '));

const app = new App({ context });
// What the functions consist of is of no concern to the rules.
new AuditLakeStack(app, 'M365AuditLake', { settings: read.settings, code: { light: import.meta.dirname, fetch: import.meta.dirname } });
const { acknowledged, left, stale } = reviewFindings(app);

for (const { rule, reason, places } of acknowledged) {
  const [first = '', ...others] = places;
  process.stdout.write(`${rule}\n  at ${first}${others.length > 0 ? ` and ${String(others.length)} more` : ''}\n  ${reason}\n`);
}
for (const { rule, places } of left) process.stdout.write(`NOT ACKNOWLEDGED ${rule} at ${places.join(', ')}\n`);
for (const { rule, places } of stale) process.stdout.write(`NOTHING TO ACKNOWLEDGE ${rule} at ${places.join(', ')}\n`);
process.stdout.write(`${String(acknowledged.length)} acknowledged, ${String(left.length)} left, ${String(stale.length)} stale\n`);
if (left.length + stale.length > 0) process.exitCode = 1;
