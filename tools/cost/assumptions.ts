/** What no emulator can measure, assumed; each is printed with the result. */

import { compactionAssumptions } from './compaction.ts';
import type { Usage } from './usage.ts';

/** A Lambda function of this memory has one processor. @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html */
export const mbPerProcessor = 1_769;
const microsoftMs = 200;
/** What a request to AWS takes. */
export const awsMs = 10;
/** lambdas/fetch/fetch-members.ts asks for as many blobs at once. */
const blobsAtOnce = 8;
/** START, END and REPORT. */
const platformLogBytes = 500;

/** Each as a sentence for the page. */
export const assumptions: readonly string[] = [
  `A second of processor here is a second of processor in Lambda, which gives a function of ${String(mbPerProcessor)} MB one processor.`,
  `Microsoft answers a request in ${String(microsoftMs)} ms, an AWS service in ${String(awsMs)} ms; Lambda is paid while it waits.`,
  `Blobs are fetched ${String(blobsAtOnce)} at a time, everything else is done one after the other.`,
  `Lambda writes ${String(platformLogBytes)} bytes of its own to the log for each run, and asks SQS twice for each message: receive and delete.`,
  'KMS is asked once a run for the key of the table, once a run that writes objects, once for each SecureString, and once an hour for each queue and side.',
  'CloudTrail bills an event for each PUT, and with `all` for each GET and HEAD too; the GETs of queries are not among them.',
  ...compactionAssumptions,
];

/** One invocation, as it was measured: time of the processor in ms, requests counted. */
export interface Run {
  readonly memoryMb: number;
  readonly cpuMs: number;
  readonly microsoftRequests: number;
  readonly awsRequests: number;
  readonly logBytes: number;
  readonly kind: 'fetch' | 'list' | 'sweep' | 'compact' | 'absence';
}

/** One invocation of a function. */
export function addRun(usage: Usage, run: Run): void {
  const turns = run.kind === 'fetch' ? Math.ceil(run.microsoftRequests / blobsAtOnce) : run.microsoftRequests;
  const ms = run.cpuMs / (run.memoryMb / mbPerProcessor) + turns * microsoftMs + run.awsRequests * awsMs;
  usage.add('lambdaGbSecond', (run.memoryMb / 1_024) * (ms / 1_000));
  usage.add('lambdaRequest', 1);
  usage.add('logsGb', (run.logBytes + platformLogBytes) / 1e9);
  if (run.kind !== 'fetch') usage.add('schedulerRun', 1);
}
