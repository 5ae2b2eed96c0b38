/** What each setting may be, by itself. */

import { z } from 'zod';
import { clouds, cloudIdsOf, type ApiId, type CloudId } from '../shared/clouds.ts';
import { layouts } from '../shared/domain/compacted-by.ts';
import { deploymentPattern } from '../shared/domain/deployment.ts';
import { leastDaysKept, mostDaysKept } from '../shared/domain/keeping.ts';
import { unknownWord } from '../shared/domain/nearest.ts';
import { lockModes } from '../shared/domain/object-lock.ts';
import { isLogTypeId, logTypes } from '../shared/log-types/index.ts';

/**
 * Days that CloudWatch keeps a log group's events; it knows no others.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
 */
const logDaysAllowed: readonly number[] = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** Every day is divided in the same way. */
const stretches = [1, 2, 3, 4, 6, 8, 12, 24];

/** A list starts on the same minutes of every hour, so the period divides the hour. */
const periods = [1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30, 60];

const wholeNumber = (from: number, to: number, unit: string) =>
  z.number().refine((value) => Number.isInteger(value) && value >= from && value <= to, {
    error: ({ input }) => `${String(input)} is not a whole number of ${unit} from ${String(from)} to ${String(to)}`,
  });

const matching = (pattern: RegExp, what: string) =>
  z.string().regex(pattern, { error: ({ input }) => `'${String(input)}' is not ${what}` });

function cloudsOf(api: ApiId, standard: CloudId) {
  const known = cloudIdsOf(api);
  const cloud = z.custom<CloudId>((got) => known.some((id) => id === got), { error: ({ input }) => cloudFault(input, known) });
  return z.array(cloud).default([standard]);
}

function cloudFault(got: unknown, known: readonly string[]): string {
  const other = clouds.find(({ id }) => id === got);
  if (other) return `cloud '${other.id}' belongs to the other API; here are ${known.join(', ')}`;
  return unknownWord('cloud', String(got), known);
}

function logTypeFault(id: string): string {
  if (id === 'emails') return "log type 'emails' is not collected here; use a dedicated mail collector for mailbox contents";
  return unknownWord(
    'log type',
    id,
    logTypes.map((logType) => logType.id),
  );
}

const everyDays = z.strictObject({
  rawDays: wholeNumber(leastDaysKept, mostDaysKept, 'days').optional(),
  /** By the day of the event; the week's maintenance deletes older rows. */
  compactedDays: wholeNumber(leastDaysKept, mostDaysKept, 'days').optional(),
  quarantineDays: wholeNumber(8, 36500, 'days').default(365),
  logDays: z
    .number()
    .refine((days) => logDaysAllowed.includes(days), {
      error: ({ input }) => `${String(input)} days are not offered by CloudWatch; allowed are ${logDaysAllowed.join(', ')}`,
    })
    .default(90),
});
const bothApis = z.strictObject({ managementActivity: cloudsOf('management-activity', 'enterprise'), graph: cloudsOf('graph', 'global') });

const trailRecords = ['writes', 'all'] as const;
const lockOfObjects = z.strictObject({
  mode: z.enum(lockModes, { error: ({ input }) => unknownWord('mode', String(input), lockModes) }),
  days: wholeNumber(1, 36500, 'days'),
});

const keyArn = matching(
  /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/(mrk-[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/,
  "a key's ARN, such as arn:aws:kms:us-east-1:111122223333:key/00000000-0000-0000-0000-000000000000; an alias is not an ARN",
);

/** Every setting: what it may be, and its default. docs/deploy.md has the table for people. */
export const shape = z.strictObject({
  /** Of several deployments in one account and region, which one; in the names of all that AWS knows by its name alone. */
  deployment: matching(deploymentPattern, 'a name of at most 20 small letters, digits and dashes that begins with a letter').optional(),
  clouds: bothApis.prefault({}),
  /** Ids of the catalog; all but the retired one when absent. */
  logTypes: z
    .array(z.string().refine(isLogTypeId, { error: ({ input }) => logTypeFault(String(input)) }))
    .min(1, { error: 'is empty; choose at least one, or leave the setting out' })
    .optional(),
  fedramp: z.boolean().optional(),
  listEveryMinutes: z
    .number()
    .refine((minutes) => periods.includes(minutes), {
      error: ({ input }) => `${String(input)} does not divide the hour; allowed are ${periods.join(', ')}`,
    })
    .default(5),
  /** Merges what has landed into tables by the day of the event; without, a query reads every object that was not merged. */
  compaction: z.boolean().default(true),
  /** How often little is merged; much is at once. */
  compactEveryHours: z
    .number()
    .refine((hours) => stretches.includes(hours), {
      error: ({ input }) => `${String(input)} does not divide the day; allowed are ${stretches.join(', ')}`,
    })
    .default(6),
  /** How compacted tables are laid out. A table that is there keeps its layout. */
  compactedBy: z.enum(layouts, { error: ({ input }) => unknownWord('layout', String(input), layouts) }).default('day'),
  /** How long things are kept; `raw/` for ever when `rawDays` is absent. */
  retention: everyDays.prefault({}),
  alarmEmail: matching(/^[^\s@]+@[^\s@]+\.[^\s@]+$/, 'an e-mail address').optional(),
  kmsKeyArn: keyArn.optional(),
  architecture: z
    .enum(['arm64', 'x64'], { error: ({ input }) => unknownWord('architecture', String(input), ['arm64', 'x64']) })
    .default('arm64'),
  vpcId: matching(/^vpc-([0-9a-f]{8}|[0-9a-f]{17})$/, "a VPC's id, such as vpc-0123456789abcdef0").optional(),
  subnetIds: z
    .array(matching(/^subnet-([0-9a-f]{8}|[0-9a-f]{17})$/, "a subnet's id, such as subnet-0123456789abcdef0"))
    .min(1, { error: 'is empty; name at least one private subnet with a way to the internet' })
    .optional(),
  /** The proxy on the way to Microsoft. With a password it is as secret as the function's configuration. */
  httpsProxy: z
    .string()
    .refine((text) => /^https?:\/\/[^\s/]+\/?$/.test(text), { error: 'is not the URL of a proxy, such as http://proxy.example:3128' })
    .optional(),
  /** Hosts that are reached without the proxy, with commas between. */
  noProxy: z.string().optional(),
  /** PEM of the authorities that a proxy's certificates come from; read when the template is made. */
  caFile: z.string().min(1, { error: 'is empty' }).optional(),
  /** Of a stack that was destroyed: the key of its tenants' credentials, and its ledger. */
  credentialsKeyArn: keyArn.optional(),
  tableName: matching(/^[\w.-]{3,255}$/, "a table's name").optional(),
  /** An existing bucket to land in. */
  bucketName: matching(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, "a bucket's name").optional(),
  /** Holds what lands, and manifests, against everybody. */
  objectLock: lockOfObjects.optional(),
  /** Who put, deleted and, with `all`, read objects of the lake, by CloudTrail. */
  auditTrail: z.enum(trailRecords, { error: ({ input }) => unknownWord('audit trail', String(input), trailRecords) }).optional(),
  /** Nobody else deletes evidence, or changes the bucket's rules. */
  evidenceAdminRole: matching(
    /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]{1,512}$/,
    "a role's ARN, such as arn:aws:iam::111122223333:role/evidence-admin",
  ).optional(),
  /** The stack's bucket notifies EventBridge of every object. */
  bucketEvents: z.boolean().default(false),
  /** Holds back a part of the account's concurrency for every function, so that none starves another. */
  reserveConcurrency: z.boolean().default(true),
  /** Workers at once, for each of the two queues. */
  fetchConcurrency: wholeNumber(2, 1000, 'workers').default(10),
  fetchMemoryMb: wholeNumber(1024, 10240, 'MB').default(1024),
  /** Every run as a trace in X-Ray, at 5 USD a million. */
  tracing: z.boolean().default(false),
  /** What landed as a metric of every tenant and log type, at 0.30 USD a month each; without, tenant and log type are in the log lines. */
  tenantMetrics: z.boolean().default(false),
  /** Lands the OCSF datasets too, for about two thirds of landing's CPU time more. */
  ocsf: z.boolean().default(false),
  /** Evaluates rules as records land, and notifies of what they find. */
  detections: z.boolean().default(true),
  /** Gets a mail for each finding that is not quiet; a digest where there are many. */
  findingsEmail: matching(/^[^\s@]+@[^\s@]+\.[^\s@]+$/, 'an e-mail address').optional(),
  lagAlarmMinutes: wholeNumber(90, 10080, 'minutes').default(180),
  /** What one query may read before Athena stops it. */
  queryLimitGb: wholeNumber(1, 100000, 'GB').default(100),
  /** Where the runbook is published, when it is: alarm texts link into it. */
  runbookUrl: z.string().default('docs/runbook.md'),
  /** The simulator in place of Microsoft; tests only. */
  simulatorUrl: z.url({ error: ({ input }) => `'${String(input)}' is not a URL` }).optional(),
});
/** The settings, each right by itself. */
export type Shape = z.output<typeof shape>;

/** Names of the settings, for faults and for the command line. */
export const settingKeys = {
  /** Settings whose value is text: `-c runbookUrl=1` means the text. */
  text: [
    'deployment',
    'alarmEmail',
    'findingsEmail',
    'kmsKeyArn',
    'architecture',
    'vpcId',
    'httpsProxy',
    'noProxy',
    'caFile',
    'bucketName',
    'auditTrail',
    'credentialsKeyArn',
    'evidenceAdminRole',
    'tableName',
    'runbookUrl',
    'simulatorUrl',
  ] as readonly string[],
  /** The names that are known at a path: of `clouds`, of `retention`, or at the top. */
  at: (path: string): string[] =>
    Object.keys(
      ({ clouds: bothApis, retention: everyDays, objectLock: lockOfObjects } as Readonly<Record<string, z.ZodObject>>)[path]?.shape ??
        shape.shape,
    ),
};

/** Messages for what zod finds by itself; our own rules bring theirs. */
export function wordsOf(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code !== 'invalid_type') return undefined;
  const expected = issue.expected === 'array' ? 'a list' : issue.expected === 'object' ? 'an object' : `a ${issue.expected}`;
  return `${JSON.stringify(issue.input)} is not ${expected}`;
}
