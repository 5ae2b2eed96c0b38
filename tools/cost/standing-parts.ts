/** What a deployment pays for being there: its parts that cost by the month, counted in the template of the default settings. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { App, NestedStack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { z } from 'zod';
import { AuditLakeStack } from '../../infra/audit-lake-stack.ts';
import { readSettings } from '../../infra/settings.ts';
import { lightMemoryMb } from '../../infra/station-function.ts';
import { Usage } from './usage.ts';
import type { Memory } from './workloads.ts';

/** Lambda asks an empty queue three times a minute, on five connections. @see https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html */
const pollsPerMonth = 5 * 3 * 60 * 24 * 30;

/** What is paid by the month, and the memory that functions are given. */
export interface StandingParts {
  readonly usage: Usage;
  readonly memory: Memory;
  readonly compactEveryHours: number;
}

/** Counted in the templates of the default settings. @throws When cdk.json has a faulty setting. */
export async function standingParts(): Promise<StandingParts> {
  const root = join(import.meta.dirname, '..', '..');
  const CdkJson = z.object({ context: z.record(z.string(), z.unknown()) });
  const { context } = CdkJson.parse(JSON.parse(await readFile(join(root, 'cdk.json'), 'utf8')));
  const read = readSettings(context, undefined);
  if (read.kind === 'faulty') throw new Error(read.faults.join('; '));
  const { settings } = read;
  // What the functions consist of is of no concern here.
  const code = { light: import.meta.dirname, fetch: import.meta.dirname };
  const app = new App({ context, builtinCloudFormationValidation: false });
  const stack = new AuditLakeStack(app, 'M365AuditLake', { settings, code });
  const nested = stack.node.findAll().filter((construct) => construct instanceof NestedStack);
  const templates = [stack, ...nested].map((one) => Template.fromStack(one));
  const count = (type: string): number => templates.flatMap((template) => Object.keys(template.findResources(type))).length;

  const usage = new Usage();
  usage.add('kmsKey', count('AWS::KMS::Key'));
  usage.add('alarm', count('AWS::CloudWatch::Alarm'));
  usage.add('dashboard', count('AWS::CloudWatch::Dashboard'));
  // One queue of the two that functions read is standard, the other FIFO.
  usage.add('sqsStandard', pollsPerMonth);
  usage.add('sqsFifo', pollsPerMonth);
  return { usage, memory: { lightMb: lightMemoryMb, fetchMb: settings.fetchMemoryMb }, compactEveryHours: settings.compactEveryHours };
}
