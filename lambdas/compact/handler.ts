/** The handler of compaction: every dataset that the deployment lands, as far as the time goes. */

import { AthenaClient } from '@aws-sdk/client-athena';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GlueClient } from '@aws-sdk/client-glue';
import { S3Client } from '@aws-sdk/client-s3';
import { SSMClient } from '@aws-sdk/client-ssm';
import type { Context } from 'aws-lambda';
import pMap from 'p-map';
import { z } from 'zod';
import { openHourCompaction } from '../../shared/aws/compaction/open.ts';
import { tenantsKeeping } from '../../shared/aws/tenants-keeping.ts';
import { compactedTables } from '../../shared/datasets/compacted-tables.ts';
import { landedDatasets } from '../../shared/datasets/index.ts';
import type { CompactedBy } from '../../shared/domain/compacted-by.ts';
import type { CompactedTable } from '../../shared/domain/compacted-table.ts';
import { compactedColumns } from '../../shared/domain/compaction-statements.ts';
import { hoursBehind, mergeLimits } from '../../shared/domain/hour-compaction.ts';
import { cutoffsOf, type Cutoffs } from '../../shared/domain/keeping.ts';
import { minutes, type Instant } from '../../shared/domain/window.ts';
import { rawDatasets } from '../../shared/log-types/index.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { HourCompaction } from '../../shared/ports/hour-compaction.ts';
import type { Log } from '../../shared/ports/log.ts';
import { lambdaClock } from '../clock.ts';
import { clientSettings, objectStoreSettings, parameterStoreSettings, sandbox } from '../connect.ts';
import { compactEnvironment, readEnvironment } from '../environment.ts';
import { lambdaLog } from '../log.ts';
import { compactHours } from './compact-hours.ts';

/** What the handler is called with. EventBridge's has none of these. */
const compactEvent = z.object({
  /** Merges what is due at once, however little it is. */
  now: z.boolean().default(false),
  /** All where absent. */
  datasets: z.array(z.string()).optional(),
});
/** What asks for compaction now. */
export type CompactEvent = z.input<typeof compactEvent>;

/** What the handler calls, and the datasets that it compacts. */
export interface CompactAdapters {
  readonly compaction: HourCompaction;
  readonly clock: Clock;
  readonly log: Log;
  readonly tables: readonly CompactedTable[];
  /** How often a dataset is merged that has little, in hours; see {@link mergeLimits}. */
  readonly everyHours: number;
  /** How the tables are laid out; by day where absent. */
  readonly by?: CompactedBy | undefined;
  /** What compacted rows are kept at a time; for ever where absent. @throws When it cannot be read. */
  readonly keeping?: ((now: Instant) => Promise<Cutoffs>) | undefined;
}

/** Statements at once: an account has 20 to 200 for everybody, and people's queries go first. */
const datasetsAtOnce = 5;
/** A step that was begun needs this long; a statement that runs is left to the next run. */
const stepMs = minutes(1);
/** A dataset that is so many hours behind, beyond those that wait for their merge, needs a person. */
const mostHoursBehind = 6;

/** @throws At the end, when a dataset is far behind or could not be compacted: what was done for the others stays done. */
export function makeCompactHandler(
  adapters: CompactAdapters,
): (event: unknown, context: Pick<Context, 'getRemainingTimeInMillis'>) => Promise<void> {
  const { compaction, clock, log, tables, everyHours, by = 'day' } = adapters;
  const mostBehind = everyHours + mostHoursBehind;
  return async (event, context) => {
    const { now, datasets } = compactEvent.parse(event ?? {});
    const limits = mergeLimits(now ? 1 : everyHours, by);
    const chosen = tables.filter(({ dataset }) => datasets?.includes(dataset) ?? true);
    const asOf = clock.now();
    const endsAt = asOf + context.getRemainingTimeInMillis() - stepMs;
    const pending = await compaction.pendingHours();
    const { keeping, trouble } = readOnce(adapters.keeping, asOf);
    const troubles = await pMap(
      chosen,
      async (table) => {
        const hours = { asOf, hours: pending.get(table.dataset) ?? new Set<string>() };
        const columns = compactedColumns(table).map(({ name }) => name);
        const deps = { compaction, clock, log, limits, columns, keeping, isOver: () => clock.now() > endsAt };
        return troubleOf(table.dataset, { asOf, mostBehind }, compaction, () => compactHours(table.dataset, hours, deps));
      },
      { concurrency: datasetsAtOnce },
    );
    const found = [...troubles, trouble()].filter((one) => one !== undefined);
    if (found.length > 0) throw new Error(`compaction needs a person: ${found.join('; ')}`);
  };
}

/** What is kept, read when it is first asked for. While it cannot be read nothing expires, and merges go on. */
function readOnce(
  read: CompactAdapters['keeping'],
  asOf: Instant,
): { readonly keeping: (() => Promise<Cutoffs | 'unknown'>) | undefined; readonly trouble: () => string | undefined } {
  let [trouble, known]: [string | undefined, Promise<Cutoffs | 'unknown'> | undefined] = [undefined, undefined];
  const keeping =
    read &&
    (() =>
      (known ??= read(asOf).catch((error: unknown) => {
        trouble = `how long tenants keep their rows cannot be read, so that none expire: ${error instanceof Error ? error.message : String(error)}`;
        return 'unknown' as const;
      })));
  return { keeping, trouble: () => trouble };
}

/** One dataset's trouble is no reason to leave the others. */
async function troubleOf(
  dataset: string,
  { asOf, mostBehind }: { readonly asOf: Instant; readonly mostBehind: number },
  compaction: HourCompaction,
  work: () => Promise<number>,
): Promise<string | undefined> {
  try {
    await work();
    const behind = hoursBehind(await compaction.load(dataset), asOf);
    return behind > mostBehind ? `${dataset} is ${String(behind)} hours behind; its queries are right, and slower every hour` : undefined;
  } catch (error) {
    return `${dataset}: ${error instanceof Error ? error.message : String(error)}`;
  }
}

let made: ReturnType<typeof makeCompactHandler> | undefined;

/** What Lambda calls. */
export async function handler(event: unknown, context: Context): Promise<void> {
  made ??= makeCompactHandler(connectCompaction());
  await made(event, context);
}

function connectCompaction(): CompactAdapters {
  const environment = readEnvironment(compactEnvironment, process.env);
  const landed = new Set<string>([...rawDatasets, ...landedDatasets({ ocsf: environment.OCSF }).map(({ name }) => name)]);
  const compaction = openHourCompaction({
    dynamodb: new DynamoDBClient(clientSettings),
    s3: new S3Client(objectStoreSettings()),
    athena: new AthenaClient(clientSettings),
    glue: new GlueClient(clientSettings),
    clock: lambdaClock,
    tableName: environment.TABLE_NAME,
    bucket: environment.BUCKET_NAME,
    database: environment.DATABASE_NAME,
    workgroup: environment.WORKGROUP_NAME,
    by: environment.COMPACTED_BY,
  });
  const tables = compactedTables.filter(({ dataset }) => landed.has(dataset));
  const tenants = {
    client: new SSMClient(parameterStoreSettings),
    clock: lambdaClock,
    salt: sandbox(),
    prefix: environment.TENANTS_PREFIX,
  };
  const usual = environment.COMPACTED_DAYS === undefined ? {} : { compactedDays: environment.COMPACTED_DAYS };
  return {
    compaction,
    clock: lambdaClock,
    log: lambdaLog(),
    tables,
    everyHours: environment.COMPACT_EVERY_HOURS,
    by: environment.COMPACTED_BY,
    keeping: async (now) => cutoffsOf('compactedDays', usual, await tenantsKeeping(tenants), now),
  };
}
