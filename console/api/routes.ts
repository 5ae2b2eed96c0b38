/** Every route of the console: the schema of what is asked and of what is answered. All are POST under /api/, with the session's token in a header. */

import { z } from 'zod';
import { instant, range, search, value } from './common.ts';

const nothing = z.object({});
const name = z.string().min(1).max(100);
const texts = z.array(z.string());

const stream = z.object({
  logType: z.string(),
  title: z.string(),
  cloud: z.string(),
  state: z.string(),
  because: z.string().optional(),
  lagMs: z.number().optional(),
  newest: z.number().optional(),
  rowsByHour: z.array(z.number()),
  rowsLastDay: z.number(),
  pending: z.number(),
  quarantined: z.number(),
  expired: z.number(),
  gaps: z.number(),
  needs: texts,
});

const finding = z.object({
  id: z.string(),
  time: z.string(),
  level: z.string(),
  title: z.string(),
  who: z.string(),
  count: z.number(),
  state: z.string(),
  quiet: z.string().nullable(),
  tenant: z.string(),
  ruleId: z.string(),
});

const tenantFields = z.object({
  domain: z.string().trim().min(1).max(253),
  clientId: z.string().trim().min(1).max(100),
  logTypes: z.array(z.string()).min(1).max(50),
  managementCloud: z.string().optional(),
  graphCloud: z.string().optional(),
  credential: z.enum(['secret', 'certificate', 'federated']),
});

const needed = z.object({
  portal: z.string(),
  consentUrl: z.string(),
  apis: z.array(
    z.object({
      title: z.string(),
      permissions: z.array(z.object({ name: z.string(), isOptional: z.boolean(), why: z.string().optional(), logTypes: texts })),
    }),
  ),
  steps: texts,
});

const rule = z.object({
  id: z.string(),
  title: z.string(),
  description: z.string(),
  level: z.string(),
  kind: z.string(),
  attack: texts,
  tactics: texts,
  falsePositives: texts,
  references: texts,
  tests: z.number(),
  notify: z.boolean(),
  datasets: texts,
  file: z.string(),
  groupedBy: texts,
  off: z.object({ by: z.string(), since: z.string(), because: z.string() }).optional(),
  allowed: z.array(z.object({ where: z.record(z.string(), z.string()), by: z.string(), until: z.string(), because: z.string() })),
});
const why = z.string().trim().min(1).max(1_000);
const ruleId = z.string().min(1).max(200);
const allowedValues = z.record(z.string().max(200), z.string().max(1_000));

/** The routes that answer one JSON object. */
export const routes = {
  session: {
    request: nothing,
    answer: z.object({
      version: z.string(),
      backend: z.enum(['lake', 'aws']),
      place: z.string(),
      engine: z.string(),
      now: instant,
      newest: instant.optional(),
      tenants: texts,
      datasets: z.array(z.object({ name: z.string(), title: z.string() })),
      meanings: z.record(z.string(), z.string()),
    }),
  },
  overview: {
    request: nothing,
    answer: z.object({
      at: instant,
      tenants: z.array(z.object({ name: z.string(), state: z.string(), faults: texts, streams: z.array(stream) })),
      needs: texts,
      isSimulated: z.boolean(),
    }),
  },
  findingCounts: {
    request: range,
    answer: z.object({ levels: z.array(z.object({ level: z.string(), open: z.number() })), newest: z.array(finding) }),
  },
  histogram: {
    request: search.extend({ buckets: z.number().int().min(1).max(400) }),
    answer: z.object({
      bucketMs: z.number(),
      first: instant,
      success: z.array(z.number()),
      failure: z.array(z.number()),
      other: z.array(z.number()),
      bytesScanned: z.number().optional(),
    }),
  },
  record: {
    request: z.object({ dataset: name, recordKey: z.string().min(1).max(200), eventTime: instant, tenantId: z.string().max(100) }),
    answer: z.object({
      view: z.string(),
      fields: z.array(z.object({ name: z.string(), meaning: z.string(), value })),
      raw: z.string(),
    }),
  },
  entity: {
    request: range.extend({ value: z.string().min(1).max(1_000) }),
    answer: z.object({
      total: z.number(),
      first: z.string().nullable(),
      last: z.string().nullable(),
      top: z.array(z.object({ what: z.string(), value: z.string(), count: z.number(), first: z.string(), last: z.string() })),
      signIns: z.array(z.object({ what: z.string(), value: z.string(), count: z.number() })),
    }),
  },
  findings: {
    request: range.extend({ all: z.boolean(), who: z.string().max(1_000).optional(), ruleId: z.string().max(200).optional() }),
    answer: z.object({ findings: z.array(finding) }),
  },
  finding: {
    request: z.object({ id: z.string().regex(/^[0-9a-f]{32}$/) }),
    answer: z.object({
      finding,
      because: z.string().nullable(),
      setBy: z.string().nullable(),
      firstTime: z.string(),
      evidence: z.string(),
      group: z.string(),
      attack: texts,
      query: z.string(),
      isIncomplete: z.boolean(),
      rule: rule.optional(),
    }),
  },
  setFinding: {
    request: z.object({
      id: z.string().regex(/^[0-9a-f]{32}$/),
      state: z.enum(['acknowledged', 'closed']),
      because: z.string().trim().min(1).max(1_000),
    }),
    answer: nothing,
  },
  rules: {
    request: range,
    answer: z.object({
      rules: z.array(rule),
      faults: texts,
      days: z.array(z.object({ ruleId: z.string(), day: instant, findings: z.number(), quiet: z.number() })),
    }),
  },
  switchRule: { request: z.object({ id: ruleId, on: z.boolean(), because: why.optional() }), answer: nothing },
  allowValues: { request: z.object({ id: ruleId, where: allowedValues, until: z.iso.date(), because: why }), answer: nothing },
  disallowValues: { request: z.object({ id: ruleId, where: allowedValues }), answer: nothing },
  queries: {
    request: nothing,
    answer: z.object({
      queries: z.array(
        z.object({
          name: z.string(),
          title: z.string(),
          question: z.string(),
          topic: z.string(),
          attack: texts,
          parameters: z.array(z.object({ name: z.string(), default: z.union([z.string(), z.number()]), meaning: z.string() })),
          columns: z.array(z.object({ name: z.string(), meaning: z.string() })),
        }),
      ),
    }),
  },
  tenants: {
    request: nothing,
    answer: z.object({
      place: z.string(),
      hasRole: z.boolean(),
      canChange: z.boolean(),
      tenants: z.array(
        z.object({
          name: z.string(),
          isEnabled: z.boolean(),
          faults: texts,
          fields: tenantFields.partial(),
          waiting: texts,
          credentialPlace: z.string(),
        }),
      ),
      logTypes: z.array(
        z.object({
          id: z.string(),
          title: z.string(),
          api: z.enum(['management-activity', 'graph']),
          permissions: texts,
          licence: z.string().optional(),
          warning: z.string().optional(),
          retired: z.boolean(),
          usual: z.boolean(),
          clouds: texts,
          reference: z.string(),
        }),
      ),
      clouds: z.array(z.object({ id: z.string(), title: z.string(), api: z.enum(['management-activity', 'graph']), pairedWith: texts })),
    }),
  },
  saveTenant: {
    request: z.object({ name, isNew: z.boolean(), fields: tenantFields, credential: z.string().max(20_000).optional() }),
    answer: z.object({ warnings: texts, needed }),
  },
  neededPermissions: { request: z.object({ name, fields: tenantFields }), answer: needed },
  testTenant: {
    request: z.object({ name }),
    answer: z.object({
      logTypes: z.array(
        z.object({
          logType: z.string(),
          passed: z.boolean(),
          problem: z.string().optional(),
          code: z.string().optional(),
          cure: z.string().optional(),
          warnings: texts,
        }),
      ),
    }),
  },
  enableTenant: { request: z.object({ name }), answer: z.object({ logTypes: texts, waiting: texts }) },
  disableTenant: { request: z.object({ name }), answer: nothing },
  health: {
    request: nothing,
    answer: z.object({
      streams: z.array(
        z.object({
          tenant: z.string(),
          logType: z.string(),
          state: z.string(),
          gaps: z.array(z.object({ from: instant, to: instant, reason: z.string() })),
          losses: z.array(z.object({ reason: z.string(), created: instant, contentId: z.string() })),
          lateness: z.array(z.object({ late: z.string(), count: z.number() })),
          backfill: z.object({ listedShare: z.number(), listedUntil: instant, waiting: z.number(), live: z.number() }).optional(),
        }),
      ),
      compaction: z.array(z.object({ dataset: z.string(), parts: z.number(), bytes: z.number() })),
    }),
  },
  compareStream: {
    request: z.object({ tenant: name, logType: name }),
    answer: z.discriminatedUnion('kind', [
      z.object({
        kind: z.literal('compared'),
        listed: z.number(),
        landed: z.number(),
        pending: z.number(),
        missing: z.number(),
        records: z.number(),
        inLake: z.number(),
        gaps: z.number(),
        faults: texts,
      }),
      z.object({ kind: z.literal('not-compared'), because: z.string(), cure: z.string().optional() }),
    ]),
  },
} as const;

/** The name of a route that answers JSON. */
export type RouteName = keyof typeof routes;
/** What is asked of a route. */
export type RequestOf<Name extends RouteName> = z.output<(typeof routes)[Name]['request']>;
/** What a route answers. */
export type AnswerOf<Name extends RouteName> = z.output<(typeof routes)[Name]['answer']>;

/** The routes that answer lines, as `streamed` has them. */
export const streams = {
  search: { request: search.extend({ limit: z.number().int().min(1).max(1_000_000) }) },
  sql: { request: z.object({ sql: z.string().min(1).max(100_000), limit: z.number().int().min(1).max(1_000_000) }) },
  query: {
    request: range.extend({ name, values: z.record(z.string(), z.string().max(1_000)), limit: z.number().int().min(1).max(1_000_000) }),
  },
} as const;
/** The name of a route that streams. */
export type StreamName = keyof typeof streams;
/** What is asked of a route that streams. */
export type StreamRequestOf<Name extends StreamName> = z.output<(typeof streams)[Name]['request']>;

/** What a route answers instead, with a status of 400 and above. */
export const fault = z.object({ message: z.string() });

/** One finding, as lists have it. */
export type Finding = z.output<typeof finding>;
/** One rule. */
export type Rule = z.output<typeof rule>;
/** What a tenant's form says. */
export type TenantFields = z.output<typeof tenantFields>;
/** What an administrator has to grant. */
export type Needed = z.output<typeof needed>;
/** A log type of a tenant. */
export type StreamState = z.output<typeof stream>;
