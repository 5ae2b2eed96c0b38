/** The handler of the fetch worker: a batch of messages in, the ids of those that failed out. */

import { SendMessageCommand } from '@aws-sdk/client-sqs';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { landedDatasets } from '../../shared/datasets/index.ts';
import { parseQueuedJob } from '../../shared/aws/queued-job.ts';
import type { JobRef } from '../../shared/domain/fetch-job.ts';
import type { NormalizedDataset } from '../../shared/datasets/normalized-dataset.ts';
import { connectFetch, type FetchAdapters } from '../connect-fetch.ts';
import { fetchEnvironment, readEnvironment } from '../environment.ts';
import { openMeter, type Meter } from '../meter.ts';
import { meteredLedger, meteredMicrosoft } from '../metrics.ts';
import { fetch } from './fetch.ts';
import { findAbsences } from './find-absences.ts';
import { watchedTenants } from './watched-tenants.ts';
import { KeptBlobs } from './kept-blobs.ts';

/** What the handler of a batch of messages works with. */
export interface FetchHandlerDeps {
  readonly adapters: Omit<FetchAdapters, 'sqs'>;
  readonly normalized: readonly NormalizedDataset[];
  readonly meter: Meter;
  /** Moves a poison message to the dead-letter queue, with the reason; undefined where the function knows no such queue. */
  readonly deadLetter?: (message: SQSRecord, reason: string) => Promise<void>;
  /** What this process has fetched and could not land yet, where it lives longer than the handler; the handler's own where absent. */
  readonly kept?: KeptBlobs;
}

/** What is used of Lambda's context: how long the run may still take, in ms. */
export type RunContext = Pick<Context, 'getRemainingTimeInMillis'>;

/**
 * One attempt at every job of the batch, one after the other: they share DuckDB, the disk and Microsoft's limits.
 *
 * A message is acked when its job is final or has a due time, which the ledger knows. What a store failed for is reported and
 * comes again; a poison message goes to the dead-letter queue at once, for no attempt could make it a job.
 */
export function makeFetchHandler(deps: FetchHandlerDeps): (event: SQSEvent, context: RunContext) => Promise<SQSBatchResponse> {
  const place = { ...deps, kept: deps.kept ?? new KeptBlobs() };
  return async ({ Records }, context) => {
    const failed: string[] = [];
    try {
      for (const message of Records) if (!(await handle(message, place, context))) failed.push(message.messageId);
    } finally {
      deps.meter.flush();
    }
    return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
  };
}

/** What every invocation of one sandbox works with. */
type FetchPlace = FetchHandlerDeps & { readonly kept: KeptBlobs };

/** False when the message has to come again. */
async function handle(message: SQSRecord, deps: FetchPlace, context: RunContext): Promise<boolean> {
  const parsed = parseQueuedJob(message.body);
  if (parsed.kind === 'foreign') return rejectPoison(message, parsed.reason, deps);
  return attempt(parsed.queued.ref, deps, context);
}

async function attempt(ref: JobRef, { adapters, normalized, meter, kept }: FetchPlace, context: RunContext): Promise<boolean> {
  const { clock, log } = adapters;
  const ledger = meteredLedger(adapters.ledger, meter, clock);
  const microsoft = meteredMicrosoft(adapters.microsoft, meter);
  const deadline = clock.now() + context.getRemainingTimeInMillis();
  try {
    await fetch(ref, { ...adapters, ledger, microsoft, normalized, kept, deadline });
    return true;
  } catch (error) {
    const { tenantName: tenant, stream, key } = ref;
    log.error('a fetch failed and is tried again', { tenant, logType: stream.logType, job: key, count: 1, reason: String(error) });
    return false;
  }
}

async function rejectPoison(message: SQSRecord, reason: string, { adapters, deadLetter }: FetchHandlerDeps): Promise<boolean> {
  const cure = 'see who else may send to the queue; the message is in the dead-letter queue';
  adapters.log.error('a message is not ours', { messageId: message.messageId, count: 1, reason, cure });
  if (!deadLetter) return false;
  await deadLetter(message, reason);
  return true;
}

let made: Promise<Handlers> | undefined;

/** What a schedule invokes the function with; a queue's event has records. */
type ScheduledEvent = Readonly<Record<string, unknown>> & { readonly Records?: undefined };

interface Handlers {
  readonly fetch: ReturnType<typeof makeFetchHandler>;
  readonly absences: () => Promise<void>;
}

/** What Lambda calls: for a queue's messages, and every hour for what is absent. */
export async function handler(event: SQSEvent | ScheduledEvent, context: Context): Promise<SQSBatchResponse | undefined> {
  made ??= connectHandler();
  // A connection that failed is tried again by the next invocation.
  made.catch(() => (made = undefined));
  const { fetch: fetchBatch, absences } = await made;
  if (event.Records !== undefined) return fetchBatch(event, context);
  await absences();
  return undefined;
}

async function connectHandler(): Promise<Handlers> {
  const environment = readEnvironment(fetchEnvironment, process.env);
  const adapters = await connectFetch(environment);
  const { DEAD_LETTER_QUEUE_URL: deadLetters } = environment;
  const toDeadLetters =
    deadLetters === undefined ? {} : { deadLetter: (message: SQSRecord, reason: string) => sendTo(adapters, deadLetters, message, reason) };
  const fetchBatch = makeFetchHandler({
    adapters,
    normalized: landedDatasets({ ocsf: environment.OCSF }),
    meter: openMeter({ isPerTenant: environment.TENANT_METRICS }),
    ...toDeadLetters,
  });
  return { fetch: fetchBatch, absences: makeAbsenceHandler(adapters) };
}

/** Looks for what is absent in every tenant that is collected; of a deployment without rules, for nothing. */
export function makeAbsenceHandler(adapters: Omit<FetchAdapters, 'sqs'>): () => Promise<void> {
  return async () => {
    const { absenceDeps, tenants, ledger, log } = adapters;
    if (!absenceDeps) return;
    const found = await findAbsences(await watchedTenants(await tenants.list(), ledger), { ...adapters, ...absenceDeps });
    if (found > 0) log.info('found what is absent', { count: found });
  };
}

async function sendTo({ sqs }: FetchAdapters, QueueUrl: string, { body, messageId }: SQSRecord, reason: string): Promise<void> {
  const MessageAttributes = { reason: { DataType: 'String', StringValue: reason } };
  const fifo = QueueUrl.endsWith('.fifo') ? { MessageGroupId: 'foreign', MessageDeduplicationId: messageId } : {};
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: body, MessageAttributes, ...fifo }));
}
