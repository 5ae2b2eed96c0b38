/** What goes wrong, as JSON: by rate, by script, and by the clock. Every fault has a name. */

import { z } from 'zod';
import type { Instant } from '../shared/domain/window.ts';
import { routes } from './http-message.ts';

/** Answers instead of (or spoiling) the right one. */
const faultNames = [
  /** Throttled, without and with a time to come back. */
  '429',
  '429-retry-after',
  /** The Management API's throttling: HTTP 403. */
  'AF429',
  '401',
  '403',
  '404',
  '500',
  '502',
  '503',
  '503-retry-after',
  'AF50000',
  'AF20050',
  /** Licensed tenants have been told now and then that they have no licence. */
  'premium-403',
  /** Of alerts v1: one provider failed, and the list is not whole. */
  'partial-206',
  /** No answer, until the client gives up. */
  'hang',
  /** The request is carried out, and the connection dies before the answer. */
  'reset',
  /** Half of the body, and a clean end. */
  'truncated',
  /** Half of a packed body. */
  'truncated-gzip',
  /** A page for people, with status 200. */
  'html',
  'malformed',
  'empty-body',
  /** The right answer, `lateMs` late. */
  'late',
  /** The right records with 150 MB of white space among them (`bigMb`). */
  'big',
  /** Some kilobytes that unpack to a gigabyte. */
  'zip-bomb',
] as const;
export type FaultName = (typeof faultNames)[number];

/** Changes of the world at an instant. */
const eventNames = [
  'expire-next-pages',
  'rotate-secret',
  'expire-secret',
  'withdraw-consent',
  'restore-consent',
  'disable-subscription',
  'enable-subscription',
  'remove-subscription',
  'switch-auditing-off',
  'switch-auditing-on',
  'delete-tenant',
  'restore-tenant',
  'lose-licence',
  'gain-licence',
  'block-by-conditional-access',
  'unblock',
] as const;
export type EventName = (typeof eventNames)[number];

const faultName = z.enum(faultNames);
const routeOrAny = z.enum([...routes, '*']);
const moment = z.string().refine(isMoment, {
  error: (issue) => `'${String(issue.input)}' is neither an ISO time nor '+90s', '+15m', '+2h' after the world's start`,
});

const ruleByNumber = z.strictObject({ route: routeOrAny, request: z.int().positive(), answer: faultName });
const ruleByTime = z.strictObject({ from: moment, until: moment, route: routeOrAny.default('*'), answer: faultName });
const ruleByEvent = z.strictObject({
  at: moment,
  event: z.enum(eventNames),
  /** Name of a tenant; all when absent. */
  tenant: z.string().optional(),
  contentType: z.string().optional(),
  /** Of `rotate-secret`. */
  secret: z.string().optional(),
});
const ruleByBlob = z.strictObject({
  blob: z.union([
    z.strictObject({ contentId: z.string() }),
    /** The n-th blob of the log type that anybody fetches. */
    z.strictObject({ logType: z.string(), nth: z.int().positive() }),
    /** One blob in so many, chosen by its id. */
    z.strictObject({ logType: z.string().optional(), oneIn: z.int().positive() }),
  ]),
  answer: faultName,
  /** Only the first so many fetches of the blob; all when absent. */
  times: z.int().positive().optional(),
});

const faultsSchema = z.strictObject({
  seed: z.string().default('faults'),
  /** By route (or `*`): how often each fault happens, 0 to 1. */
  rates: z.partialRecord(routeOrAny, z.partialRecord(faultName, z.number().min(0).max(1))).default({}),
  script: z.array(z.union([ruleByNumber, ruleByTime, ruleByEvent, ruleByBlob])).default([]),
  retryAfterSeconds: z.int().nonnegative().default(5),
  lateMs: z.int().nonnegative().default(1_500),
  bigMb: z.number().positive().default(150),
});

export type Faults = z.infer<typeof faultsSchema>;
export type FaultRule = Faults['script'][number];
export type EventRule = z.infer<typeof ruleByEvent>;
export type BlobRule = z.infer<typeof ruleByBlob>;

/** @throws When something is not a fault, naming each place. */
export function parseFaults(json: unknown): Faults {
  const parsed = faultsSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const complaints = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'faults'}: ${issue.message}`);
  throw new Error(
    `faults cannot be read: ${complaints.join('; ')}; answers are ${faultNames.join(', ')}; events are ${eventNames.join(', ')}`,
  );
}

export const noFaults: Faults = parseFaults({});

function isMoment(text: string): boolean {
  return relativePattern.test(text) || !Number.isNaN(Date.parse(text));
}

/** An ISO time, or a distance from the world's start. */
export function instantOf(text: string, startAt: Instant): Instant {
  const [, count, unit = 's'] = relativePattern.exec(text) ?? [];
  return count === undefined ? Date.parse(text) : startAt + Number(count) * (unitMs[unit] ?? 1_000);
}

const relativePattern = /^\+(\d+(?:\.\d+)?)([smhd])$/;
const unitMs: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
