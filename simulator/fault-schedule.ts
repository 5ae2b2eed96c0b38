/** Decides for each request whether something goes wrong, and lets scripted events happen when their time has come. */

import type { Instant, Window } from '../shared/domain/window.ts';
import type { FaultName } from './fault-names.ts';
import { instantOf, windowOf, type BlobRule, type EventRule, type FaultRule, type Faults } from './faults.ts';
import type { Route } from './http-message.ts';
import { random } from './random.ts';
import { changeTenants } from './tenant-events.ts';
import type { World } from './world.ts';

/** What a fault may depend on. */
interface RequestFacts {
  readonly route: Route;
  /** Of `content-fetch`. */
  readonly contentId: string | undefined;
  /** The window that is asked for; asked only where a rule needs it. */
  readonly window: () => Window | undefined;
  readonly now: Instant;
}

/** The faults file at work: it counts requests, so that "the third" has a meaning. */
export interface FaultSchedule {
  /** Call once for each request, in order. */
  decide(request: RequestFacts): FaultName | undefined;
  /** Next pages and skip tokens handed out until then are not good any more. */
  pagesExpiredAt(): Instant;
}

/** Begins with no request counted, and with every event of the script still to come. */
export function faultSchedule(faults: Faults, world: World): FaultSchedule {
  const numbers = new Map<string, number>();
  const blobs = blobRules(faults, world);
  const events = pendingEvents(faults, world);
  let pagesExpiredAt = Number.NEGATIVE_INFINITY;

  const runEvents = (now: Instant) => {
    for (let next = events[0]; next && next.at <= now; next = events[0]) {
      events.shift();
      if (next.rule.event === 'expire-next-pages') pagesExpiredAt = next.at;
      else changeTenants(world.tenants, next.rule, next.at);
    }
  };

  return {
    decide(request) {
      const { route, contentId, now } = request;
      runEvents(now);
      const number = count(numbers, route);
      const numberOfAll = count(numbers, '*');
      const scripted = faults.script.find((rule) => applies(rule, { ...request, number, numberOfAll }, world.startAt));
      if (scripted && 'answer' in scripted) return scripted.answer;
      return (contentId === undefined ? undefined : blobs(contentId)) ?? byRate(faults, route, number);
    },
    pagesExpiredAt: () => pagesExpiredAt,
  };
}

interface CountedRequest extends RequestFacts {
  readonly number: number;
  readonly numberOfAll: number;
}

function applies(rule: FaultRule, request: CountedRequest, startAt: Instant): boolean {
  if ('event' in rule || 'blob' in rule) return false;
  if (rule.route !== '*' && rule.route !== request.route) return false;
  if ('request' in rule) return rule.request === (rule.route === '*' ? request.numberOfAll : request.number);
  const { now } = request;
  if (!('window' in rule)) return contains(windowOf(rule, startAt), now);
  return (rule.until === undefined || now < instantOf(rule.until, startAt)) && overlap(windowOf(rule.window, startAt), request.window());
}

function contains({ start, end }: Window, at: Instant): boolean {
  return start <= at && at < end;
}

function overlap(a: Window, b: Window | undefined): boolean {
  return b !== undefined && a.start < b.end && b.start < a.end;
}

/** A function of seed, route and the request's number on its route: concurrency changes who meets a fault, not how many there are. */
function byRate(faults: Faults, route: Route, number: number): FaultName | undefined {
  const rates = { ...faults.rates['*'], ...faults.rates[route] };
  let left = random(faults.seed, route, number).next();
  for (const [name, rate] of Object.entries(rates) as [FaultName, number][]) {
    left -= rate;
    if (left < 0) return name;
  }
  return undefined;
}

/** Faults of single blobs: what the next fetch of this one gets. */
function blobRules(faults: Faults, world: World): (contentId: string) => FaultName | undefined {
  const rules = faults.script.filter((rule): rule is BlobRule => 'blob' in rule);
  const fetches = new Map<string, number>();
  const places = new Map<string, number>();
  return (contentId) => {
    if (rules.length === 0) return undefined;
    const logType = world.tenants.map((tenant) => world.blob(tenant.tenantId, contentId)?.logTypeId).find((id) => id !== undefined) ?? '';
    const place = places.get(contentId) ?? count(fetches, `first fetches of ${logType}`);
    places.set(contentId, place);
    const number = count(fetches, contentId);
    return rules.find((rule) => concerns(rule, contentId, logType, place) && number <= (rule.times ?? number))?.answer;
  };
}

function concerns({ blob }: BlobRule, contentId: string, logType: string, place: number): boolean {
  if ('contentId' in blob) return blob.contentId === contentId;
  if ('nth' in blob) return blob.logType === logType && blob.nth === place;
  return (blob.logType === undefined || blob.logType === logType) && random('one in', contentId).int(1, blob.oneIn) === 1;
}

function pendingEvents(faults: Faults, world: World): { readonly at: Instant; readonly rule: EventRule }[] {
  const rules = faults.script.filter((rule): rule is EventRule => 'event' in rule);
  return rules.map((rule) => ({ at: instantOf(rule.at, world.startAt), rule })).sort((a, b) => a.at - b.at);
}

function count(numbers: Map<string, number>, key: string): number {
  const number = (numbers.get(key) ?? 0) + 1;
  numbers.set(key, number);
  return number;
}
