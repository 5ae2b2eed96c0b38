/** The functions' environment variables, which the stack sets. They are read once; every fault is reported together. */

import { z } from 'zod';
import { layouts } from '../shared/domain/compacted-by.ts';
import { clouds, type CloudId } from '../shared/clouds.ts';
import type { QueueUrls } from '../shared/domain/deployment.ts';
import { unknownWord } from '../shared/domain/nearest.ts';
import { readLock } from '../shared/domain/object-lock.ts';
import { logTypes } from '../shared/log-types/index.ts';
import { metricService } from '../shared/metric-names.ts';

/** The `service` of this function's log lines and metrics: the deployment's own name. */
export const serviceName = (env: Readonly<NodeJS.ProcessEnv> = process.env): string => env.POWERTOOLS_SERVICE_NAME ?? metricService;

const text = z.string({ error: 'is missing' }).min(1, { error: 'is empty' });
const url = z.url({ error: ({ input }) => (typeof input === 'string' ? `'${input}' is not a URL` : 'is missing') });
const flag = z
  .enum(['true', 'false'], { error: ({ input }) => `'${String(input)}' is neither true nor false` })
  .default('false')
  .transform((word) => word === 'true');

/** How what lands is held in the bucket. */
const lock = z
  .string()
  .transform((got, context) => {
    const read = readLock(got);
    if (!read) context.addIssue({ code: 'custom', message: `'${got}' is no lock; an example is governance:365`, input: got });
    return read ?? z.NEVER;
  })
  .optional();

/** The queue of each cloud: `enterprise=https://… global=https://…`. */
const queueUrls = text.transform((got, context): QueueUrls => {
  const pairs = got.split(/\s+/).map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)] as const);
  for (const [cloud, address] of pairs) {
    if (!clouds.some(({ id }) => id === cloud)) context.addIssue({ code: 'custom', message: cloudFault(cloud), input: got });
    if (!URL.canParse(address)) context.addIssue({ code: 'custom', message: `'${address}' is not a URL`, input: got });
  }
  return Object.fromEntries(pairs);
});

const cloudFault = (got: string): string =>
  unknownWord(
    'cloud',
    got,
    clouds.map(({ id }) => id),
  );
const cloudId = z.custom<CloudId>((id) => clouds.some((cloud) => cloud.id === id), { error: ({ input }) => cloudFault(String(input)) });

const ledgerAndQueues = {
  TABLE_NAME: text,
  /** Of fetch jobs, by cloud. */
  QUEUE_URLS: queueUrls,
};
const path = text.regex(/^\/[\w.\-/]*[\w.-]$/, { error: 'is not a parameter path; an example is /m365-audit-lake/tenants' });
const tenants = {
  /** Each tenant has `<prefix>/<home>/<name>/config` below it. */
  TENANTS_PREFIX: path.default('/m365-audit-lake/tenants'),
  /** Each tenant has `<prefix>/<home>/<name>` below it. */
  CREDENTIALS_PREFIX: path.default('/m365-audit-lake/credentials'),
  /** Whose tenants the function may read, with commas between. */
  CLOUDS: text.transform((got) => got.split(',')).pipe(z.array(cloudId)),
  FEDRAMP: flag,
  /** The role that federated tenants know the deployment by; without it no tenant can be federated. */
  FEDERATION_ROLE_ARN: text.optional(),
  /** The simulator in place of Microsoft; tests only. */
  SIMULATOR_URL: url.optional(),
};

const logTypeId = text.refine((id) => logTypes.some((logType) => logType.id === id), {
  error: ({ input }) =>
    unknownWord(
      'log type',
      String(input),
      logTypes.map(({ id }) => id),
    ),
});
/** Of a list function. */
export const listEnvironment = z.object({
  ...ledgerAndQueues,
  ...tenants,
  LOG_TYPE: logTypeId,
  CLOUD: cloudId,
  /** Where the lake is: a new table over a lake that is there already is refused. */
  BUCKET_NAME: text,
  /** Jobs name the rules in force, and workers evaluate them. */
  DETECTIONS: flag,
});
/** Of a fetch worker. */
export const fetchEnvironment = z.object({
  ...ledgerAndQueues,
  ...tenants,
  BUCKET_NAME: text,
  /** Where poison messages go at once; without it they are received five times first, like any message that fails. */
  DEAD_LETTER_QUEUE_URL: url.optional(),
  /** What landed becomes a metric of every tenant and log type as well. */
  TENANT_METRICS: flag,
  /** The OCSF datasets are landed as well. */
  OCSF: flag,
  /** What rules remember; without it no rules are evaluated. */
  SIGHTINGS_TABLE_NAME: text.optional(),
  /** Without it the bucket holds nothing. */
  OBJECT_LOCK: lock,
});
/** Of what notifies of findings. */
export const notifyEnvironment = z.object({
  TABLE_NAME: text,
  /** Of SNS: people subscribe to it. */
  TOPIC_ARN: text,
  /** Of EventBridge, by name. */
  EVENT_BUS_NAME: text.default('default'),
  /** Each webhook is a parameter below it. */
  WEBHOOKS_PREFIX: text,
});
/** Of the sweep. */
export const sweepEnvironment = z.object(ledgerAndQueues);
/** Of compaction. */
export const compactEnvironment = z.object({
  TABLE_NAME: text,
  BUCKET_NAME: text,
  /** Glue's database. */
  DATABASE_NAME: text,
  /** Athena's workgroup for its statements. */
  WORKGROUP_NAME: text,
  /** How often what has landed is merged, where it is little. */
  COMPACT_EVERY_HOURS: z.coerce.number(),
  /** How compacted tables are laid out. */
  COMPACTED_BY: z.enum(layouts),
  /** Days that compacted rows are kept; for ever where absent. */
  COMPACTED_DAYS: z.coerce.number().optional(),
  /** Where tenants say how long they keep theirs. */
  TENANTS_PREFIX: tenants.TENANTS_PREFIX,
  /** The OCSF datasets are landed as well. */
  OCSF: flag,
});
/** Of manifests. */
export const manifestEnvironment = z.object({ TABLE_NAME: text, BUCKET_NAME: text, OBJECT_LOCK: lock });
/** Of the check. */
export const checkEnvironment = z.object(tenants);

/** A read {@link listEnvironment}. */
export type ListEnvironment = z.output<typeof listEnvironment>;
/** A read {@link fetchEnvironment}. */
export type FetchEnvironment = z.output<typeof fetchEnvironment>;
/** A read {@link sweepEnvironment}. */
export type SweepEnvironment = z.output<typeof sweepEnvironment>;
/** A read {@link checkEnvironment}. */
export type CheckEnvironment = z.output<typeof checkEnvironment>;

/** @throws With every fault, when something is missing or wrong: the stack that deployed the function is at fault. */
export function readEnvironment<Shape extends z.ZodType>(shape: Shape, env: NodeJS.ProcessEnv): z.output<Shape> {
  const parsed = shape.safeParse(env);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`);
  throw new Error(`the function's environment cannot be used: ${faults.join('; ')}`);
}
