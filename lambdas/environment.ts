/** What the stack tells the functions. The environment is read once, whole, and complains whole. */

import { z } from 'zod';
import { clouds, type CloudId } from '../shared/clouds.ts';
import { unknownWord } from '../shared/domain/nearest.ts';
import { logTypes } from '../shared/log-types/index.ts';

const text = z.string({ error: 'is missing' }).min(1, { error: 'is empty' });
const url = z.url({ error: ({ input }) => (typeof input === 'string' ? `'${input}' is not a URL` : 'is missing') });
const flag = z
  .enum(['true', 'false'], { error: ({ input }) => `'${String(input)}' is neither true nor false` })
  .default('false')
  .transform((word) => word === 'true');

const ledgerAndQueues = {
  TABLE_NAME: text,
  /** Standard queue of content jobs. */
  CONTENT_QUEUE_URL: url,
  /** FIFO queue of window jobs. */
  WINDOW_QUEUE_URL: url,
};
const tenants = {
  /** Each tenant has `<prefix>/<name>/config` and `<prefix>/<name>/credential` below it. */
  TENANTS_PREFIX: text
    .regex(/^\/[\w.\-/]*[\w.-]$/, { error: 'is no path of parameters; write /m365-audit-lake/tenants' })
    .default('/m365-audit-lake/tenants'),
  FEDRAMP: flag,
  /** The role that federated tenants know the deployment by; without it there can be none. */
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
const cloudId = z.custom<CloudId>((id) => clouds.some((cloud) => cloud.id === id), {
  error: ({ input }) =>
    unknownWord(
      'cloud',
      String(input),
      clouds.map(({ id }) => id),
    ),
});

export const listEnvironment = z.object({ ...ledgerAndQueues, ...tenants, LOG_TYPE: logTypeId, CLOUD: cloudId });
export const fetchEnvironment = z.object({
  ...ledgerAndQueues,
  ...tenants,
  BUCKET_NAME: text,
  /** Where a message that is not ours goes at once; without it such a message takes the way of all that fail. */
  DEAD_LETTER_QUEUE_URL: url.optional(),
  /** What landed becomes a metric of every tenant and log type as well. */
  TENANT_METRICS: flag,
  /** The OCSF datasets are landed as well. */
  OCSF: flag,
});
export const sweepEnvironment = z.object(ledgerAndQueues);
export const checkEnvironment = z.object(tenants);

export type ListEnvironment = z.output<typeof listEnvironment>;
export type FetchEnvironment = z.output<typeof fetchEnvironment>;
export type SweepEnvironment = z.output<typeof sweepEnvironment>;
export type CheckEnvironment = z.output<typeof checkEnvironment>;

/** @throws With every fault, when something is missing or wrong: the stack that deployed the function is at fault. */
export function readEnvironment<Shape extends z.ZodType>(shape: Shape, env: NodeJS.ProcessEnv): z.output<Shape> {
  const parsed = shape.safeParse(env);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`);
  throw new Error(`the function's environment cannot be used: ${faults.join('; ')}`);
}
