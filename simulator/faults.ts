/** The faults file: what goes wrong by rate, by script and by the clock. */

import { z } from 'zod';
import type { Instant, Window } from '../shared/domain/window.ts';
import { eventNames, faultNames } from './fault-names.ts';
import { routes } from './routes.ts';

const faultName = z.enum(faultNames);
const routeOrAny = z.enum([...routes, '*']);
const moment = z.string().refine(isMoment, {
  error: (issue) => `'${String(issue.input)}' is neither an ISO time nor '+90s', '+15m', '-2h' from the world's start`,
});

const ruleByNumber = z.strictObject({ route: routeOrAny, request: z.int().positive(), answer: faultName });
const ruleByTime = z.strictObject({ from: moment, until: moment, route: routeOrAny.default('*'), answer: faultName });
/** Requests whose own window (of a listing, of a Graph filter) overlaps the one named. */
const ruleByWindow = z.strictObject({
  window: z.strictObject({ from: moment, until: moment }),
  route: routeOrAny.default('*'),
  answer: faultName,
  /** Only until then; for ever when absent. */
  until: moment.optional(),
});
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
  script: z.array(z.union([ruleByNumber, ruleByTime, ruleByWindow, ruleByEvent, ruleByBlob])).default([]),
  retryAfterSeconds: z.int().nonnegative().default(5),
  lateMs: z.int().nonnegative().default(1_500),
  bigMb: z.number().positive().default(150),
  longWindowMinutes: z.number().positive().default(60),
  endlessRows: z.int().positive().default(200),
  dateSkewSeconds: z.int().default(3_600),
  /** Of every error of the Management Activity API; `mixed` takes one shape after the other. */
  errorShape: z.enum(['nested', 'flat', 'quoted', 'mixed']).default('nested'),
});

/** A faults file that was read, with its defaults. */
export type Faults = z.infer<typeof faultsSchema>;
/** One entry of `script`. The first that applies to a request decides; what applies to none is decided by `rates`. */
export type FaultRule = Faults['script'][number];
/** A change of the world at an instant. */
export type EventRule = z.infer<typeof ruleByEvent>;
/** A fault of single content blobs. */
export type BlobRule = z.infer<typeof ruleByBlob>;

/**
 * Reads a faults file.
 *
 * @throws When something is not a fault, naming each place and what there is.
 */
export function parseFaults(json: unknown): Faults {
  const parsed = faultsSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const complaints = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'faults'}: ${issue.message}`);
  throw new Error(
    `faults cannot be read: ${complaints.join('; ')}; answers are ${faultNames.join(', ')}; events are ${eventNames.join(', ')}`,
  );
}

/** Nothing goes wrong. */
export const noFaults: Faults = parseFaults({});

function isMoment(text: string): boolean {
  return relativePattern.test(text) || !Number.isNaN(Date.parse(text));
}

/** An ISO time, or a distance from the world's start (`+90s`, `-2h`). */
export function instantOf(text: string, startAt: Instant): Instant {
  const [, count, unit = 's'] = relativePattern.exec(text) ?? [];
  return count === undefined ? Date.parse(text) : startAt + Number(count) * (unitMs[unit] ?? 1_000);
}

/** Both ends by {@link instantOf}. */
export function windowOf({ from, until }: { readonly from: string; readonly until: string }, startAt: Instant): Window {
  return { start: instantOf(from, startAt), end: instantOf(until, startAt) };
}

const relativePattern = /^([+-]\d+(?:\.\d+)?)([smhd])$/;
const unitMs: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
