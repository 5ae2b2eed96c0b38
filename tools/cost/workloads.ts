/** What is run to be counted: a tenant that is busy, and one that is idle. */

import { DeleteMessageCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';
import { makeCompactHandler } from '../../lambdas/compact/handler.ts';
import { makeAbsenceHandler, makeFetchHandler } from '../../lambdas/fetch/handler.ts';
import { makeListHandler } from '../../lambdas/list/handler.ts';
import { makeSweepHandler } from '../../lambdas/sweep/handler.ts';
import { normalizedDatasets } from '../../shared/datasets/index.ts';
import { hours, minutes } from '../../shared/domain/window.ts';
import { alertsLegacy } from '../../shared/log-types/alerts-legacy.ts';
import { logTypeById, logTypes } from '../../shared/log-types/index.ts';
import type { Log } from '../../shared/ports/log.ts';
import { addRun, type Run } from './assumptions.ts';
import type { Tally } from './counted-clients.ts';
import { RulesShare } from './rules-share.ts';
import type { Stage } from './stage.ts';
import { Usage } from './usage.ts';

/** As the stack sets them. */
export interface Memory {
  readonly lightMb: number;
  readonly fetchMb: number;
}

const listEveryMs = minutes(5);
const context = { getRemainingTimeInMillis: () => minutes(5) };
const defaultLogTypes = logTypes.filter(({ id }) => id !== alertsLegacy.id);
const idsOf = (kind: 'content' | 'windows'): string[] => defaultLogTypes.filter(({ source }) => source.kind === kind).map(({ id }) => id);

/** What landing a workload took. */
export interface Landed {
  /** Without what rules add. */
  readonly usage: Usage;
  readonly rules: Usage;
  readonly state: Usage;
  readonly records: number;
  readonly jobs: number;
  readonly metrics: number;
}

/** How long there is something to land, and how often it is listed. */
export interface Pace {
  readonly forHours: number;
  readonly everyMs: number;
}

/** Listed every five minutes, as by default. */
export const steadily: Pace = { forHours: 3, everyMs: listEveryMs };
/** As much, all at once: as after an outage. */
export const atOnce: Pace = { forHours: 3, everyMs: hours(3) };

/** A tenant with one busy log type; every job is fetched as soon as it is sent. */
export async function land(stage: Stage, memory: Memory, { forHours, everyMs }: Pace): Promise<Landed> {
  await addBusyTenant(stage);
  const { meter } = stage.output;
  const state: Tally = { usage: new Usage(), calls: 0 };
  const { detecting, hash } = stage.openRules(state);
  const list = makeListHandler({
    ...{ adapters: stage.openFunction(), logType: logTypeById(busyLogType), cloud: 'enterprise', meter },
    rules: hash,
  });
  const adapters = await stage.openFetch();
  const { log, landedRows } = countingRows(adapters.log);
  const share = new RulesShare(stage.tally, state);
  const fetch = makeFetchHandler({ adapters: share.watched({ ...adapters, log }, detecting), normalized: normalizedDatasets, meter });
  const start = stage.now();
  // What is done once in a process, or once a day, is done before anything is counted.
  await list({}, context);
  stage.tally.usage = new Usage();
  await share.warmUp(detecting, hash);
  let jobs = 0;
  for (let time = start + everyMs; time <= start + hours(forHours); time += everyMs) {
    await stage.moveTo(time);
    await measured(stage, { kind: 'list', memoryMb: memory.lightMb }, () => list({}, context));
    for (const message of await take(stage)) {
      jobs += 1;
      await measured(stage, { kind: 'fetch', memoryMb: memory.fetchMb }, () => fetch({ Records: [message] }, context));
    }
  }
  const { usage: all } = stage.tally;
  const rules = share.usage(memory.fetchMb, jobs);
  const usage = all.beyond(rules);
  // Lambda receives each message and deletes it.
  usage.add('sqsStandard', 2 * jobs);
  usage.add('sqsFair', 2 * jobs);
  // Whoever sends and whoever receives asks for a data key of the queue each hour.
  usage.add('kmsRequest', 3 * forHours);
  if (landedRows() === 0) throw new Error('nothing landed, so there is nothing to divide the cost by; see the log of the emulator');
  return { usage, rules, state: state.usage, records: landedRows(), jobs, metrics: stage.output.metrics.size };
}

/** Landed rows stand in the log, and nowhere else outside the lake. */
function countingRows(log: Log): { readonly log: Log; readonly landedRows: () => number } {
  let rows = 0;
  const info: Log['info'] = (message, fields = {}) => {
    if (message === 'landed') rows += Number(fields.rows);
    log.info(message, fields);
  };
  return { log: { ...log, info }, landedRows: () => rows };
}

/** What looks for what is absent, for so many hours in which nothing is. */
export async function absences(stage: Stage, memory: Memory, forHours: number): Promise<Usage> {
  const { detecting, absenceDeps } = stage.openRules(stage.tally);
  const look = makeAbsenceHandler({ ...(await stage.openFetch()), detecting, absenceDeps });
  await look();
  stage.tally.usage = new Usage();
  const start = stage.now();
  for (let time = start + hours(1); time <= start + hours(forHours); time += hours(1)) {
    await stage.moveTo(time);
    await measured(stage, { kind: 'absence', memoryMb: memory.fetchMb }, look);
  }
  return stage.tally.usage.times(1);
}

/** The list functions and the sweep for so many hours in which there is nothing new. @param only These list functions, and no sweep. */
export async function idle(stage: Stage, memory: Memory, forHours: number, only?: readonly string[]): Promise<Usage> {
  const lists = defaultLogTypes
    .filter(({ id }) => only?.includes(id) ?? true)
    .map((logType) => {
      const cloud = logType.source.kind === 'content' ? 'enterprise' : 'global';
      return makeListHandler({ adapters: stage.openFunction(), logType, cloud, meter: stage.output.meter });
    });
  const sweep = makeSweepHandler(stage.openFunction());
  const runAll = async (): Promise<void> => {
    for (const list of lists) await measured(stage, { kind: 'list', memoryMb: memory.lightMb }, () => list({}, context));
    if (!only) await measured(stage, { kind: 'sweep', memoryMb: memory.lightMb }, () => sweep({}, context));
  };
  // Functions that wait move the stage's time on.
  const start = stage.now();
  await runAll();
  stage.tally.usage = new Usage();
  for (let time = start + listEveryMs; time <= start + hours(forHours); time += listEveryMs) {
    await stage.moveTo(time);
    await runAll();
  }
  return stage.tally.usage.times(1);
}

/** Compaction for so many hours in which nothing lands. */
export async function idleCompaction(stage: Stage, memory: Memory, forHours: number): Promise<Usage> {
  const compact = makeCompactHandler(stage.openCompaction());
  const run = () => compact({}, { getRemainingTimeInMillis: () => minutes(14) });
  await run();
  stage.tally.usage = new Usage();
  const start = stage.now();
  for (let time = start + hours(1); time <= start + hours(forHours); time += hours(1)) {
    await stage.moveTo(time);
    await measured(stage, { kind: 'compact', memoryMb: memory.lightMb }, run);
    // It looks twice for pending jobs, with a pause that is paid.
    stage.tally.usage.add('lambdaGbSecond', (memory.lightMb / 1_024) * pauseSeconds);
  }
  return stage.tally.usage.times(1);
}

/** Of shared/aws/compaction/pending-hours.ts. */
const pauseSeconds = 3;

/** The log type that is busy, in idleness. */
export const busyLogType = 'audit-exchange';

/** Adds the tenant whose events {@link land} lands. */
export const addBusyTenant = (stage: Stage): Promise<void> => stage.addTenant('contoso', [busyLogType], []);

/** Adds a tenant that chose every default log type and has no events. */
export const addIdleTenant = (stage: Stage): Promise<void> => stage.addTenant('contoso', idsOf('content'), idsOf('windows'));

async function measured(stage: Stage, run: Pick<Run, 'kind' | 'memoryMb'>, invoke: () => Promise<unknown>): Promise<void> {
  const before = {
    microsoft: await stage.microsoftRequests(),
    cpu: process.cpuUsage(),
    calls: stage.tally.calls,
    bytes: stage.output.bytes,
  };
  const dynamodb = stage.tally.usage.of('dynamodbRead') + stage.tally.usage.of('dynamodbWrite');
  const puts = stage.tally.usage.of('s3Put');
  await invoke();
  const { user, system } = process.cpuUsage(before.cpu);
  const { usage } = stage.tally;
  if (usage.of('dynamodbRead') + usage.of('dynamodbWrite') > dynamodb) usage.add('kmsRequest', 1);
  if (usage.of('s3Put') > puts) usage.add('kmsRequest', 1);
  addRun(usage, {
    ...run,
    cpuMs: (user + system) / 1_000,
    microsoftRequests: (await stage.microsoftRequests()) - before.microsoft,
    awsRequests: stage.tally.calls - before.calls,
    logBytes: stage.output.bytes - before.bytes,
  });
}

/** The messages in the queue, as Lambda hands them over: one at a time. */
async function take({ free, contentQueueUrl: QueueUrl }: Stage): Promise<SQSRecord[]> {
  const taken: SQSRecord[] = [];
  for (;;) {
    const { Messages = [] } = await free.sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
    if (Messages.length === 0) return taken;
    for (const { Body, MessageId, ReceiptHandle } of Messages) {
      await free.sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      taken.push({ body: Body, messageId: MessageId } as SQSRecord);
    }
  }
}
