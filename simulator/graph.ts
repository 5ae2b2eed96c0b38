/** The part of Microsoft Graph that is collected: sign-ins, directory audits, alerts. */

import { days, type Instant } from '../shared/domain/window.ts';
import { bearer, header, type Route, type SimulatedAnswer, type SimulatedRequest } from './http-message.ts';
import { diagnostics, graphError, requestIds } from './graph-errors.ts';
import { pageOf, type PagePlace } from './graph-page.ts';
import { filterRules, parseFilter, type Filter } from './graph-query.ts';
import { licenceRefusal, permissionRefusal, throttled } from './graph-refusals.ts';
import { findRows, render } from './graph-rows.ts';
import { readToken, type AccessTokenClaims } from './jwt.ts';
import { graphLogTypesOf, type GraphLogType, type GraphPath } from './log-types.ts';
import type { Quirks } from './quirks.ts';
import type { Limiter, Throttle } from './throttle.ts';
import type { SimulatedTenant, World } from './world.ts';

export interface GraphApi {
  readonly world: World;
  readonly quirks: Quirks;
  readonly throttle: Throttle;
  readonly limiter: Limiter;
  /** Skip tokens handed out before this instant are not good any more. */
  readonly pagesExpiredAt: () => Instant;
}

export interface GraphCall {
  readonly request: SimulatedRequest;
  readonly version: 'v1.0' | 'beta';
  readonly path: GraphPath;
  readonly claims: AccessTokenClaims;
  readonly tenant: SimulatedTenant;
}

export function answerGraph(request: SimulatedRequest, api: GraphApi): SimulatedAnswer {
  const [, version = '', path = ''] = pathPattern.exec(request.path) ?? [];
  if (!isGraphPath(path) || api.quirks.notOffered.includes(path))
    return graphError(request, 400, 'BadRequest', `Resource not found for the segment '${path === '' ? request.path : path}'.`);
  const claims = readToken(bearer(request) ?? '', request.now);
  if (claims === 'expired')
    return graphError(request, 401, 'InvalidAuthenticationToken', 'Lifetime validation failed, the token is expired.');
  if (claims === 'not ours') return graphError(request, 401, 'InvalidAuthenticationToken', 'Access token is empty or malformed.');
  if (claims.aud !== `https://${request.host}`)
    return graphError(request, 401, 'InvalidAuthenticationToken', 'Access token validation failure. Invalid audience.');

  const tenant = api.world.tenants.find((one) => one.tenantId === claims.tid);
  if (!tenant) return graphError(request, 404, 'Directory_ResourceNotFound', 'The tenant does not exist.');
  const call: GraphCall = { request, version: version === 'beta' ? 'beta' : 'v1.0', path, claims, tenant };
  return throttled(call, api) ?? permissionRefusal(call) ?? licenceRefusal(call) ?? answerQuery(call, api);
}

const pathPattern = /^\/(v1\.0|beta)\/((?:auditLogs|security)\/\w+)$/;

const routeByPath: Readonly<Record<GraphPath, Route>> = {
  'auditLogs/signIns': 'sign-ins',
  'auditLogs/directoryAudits': 'directory-audits',
  'security/alerts_v2': 'alerts',
  'security/alerts': 'alerts-legacy',
};

function isGraphPath(path: string): path is GraphPath {
  return Object.hasOwn(routeByPath, path);
}

export function graphRoute(path: string): Route {
  const named = pathPattern.exec(path)?.[2] ?? '';
  return isGraphPath(named) ? routeByPath[named] : 'other';
}

function answerQuery(call: GraphCall, api: GraphApi): SimulatedAnswer {
  const { request, path, tenant } = call;
  const refused = optionRefusal(call);
  if (refused) return refused;
  const text = request.query.get('$filter') ?? '';
  const everything = { start: request.now - retentionMs(tenant), end: request.now + 1 };
  const filter = parseFilter(text, filterRules[path], everything, request.now);
  if (!filter) return graphError(request, 400, 'BadRequest', `Invalid filter clause: ${text}`);
  if (call.version === 'v1.0' && filter.eventType) {
    return graphError(request, 400, 'BadRequest', "Could not find a property named 'signInEventTypes' on type 'microsoft.graph.signIn'.");
  }
  const token = request.query.get('$skiptoken');
  const place = token === null ? undefined : readPlace(token, api.pagesExpiredAt());
  if (place === 'invalid') return graphError(request, 400, 'BadRequest', 'Invalid Skip Token, skip token is null.');
  return answerPage(call, api, filter, place);
}

function retentionMs(tenant: SimulatedTenant): number {
  return days(tenant.licence === 'premium' ? 30 : 7);
}

function optionRefusal({ request, path }: GraphCall): SimulatedAnswer | undefined {
  const { query } = request;
  const [skip, top] = [query.get('$skip'), query.get('$top')];
  if (top !== null && !/^[1-9]\d*$/.test(top))
    return graphError(request, 400, 'BadRequest', `Invalid value '${top}' for $top query option found.`);
  if (skip === null) return undefined;
  if (path.startsWith('auditLogs/'))
    return graphError(
      request,
      400,
      'BadRequest',
      "Query option 'Skip' is not allowed. To allow it, set the 'AllowedQueryOptions' property.",
    );
  if (Number(skip) <= 500) return undefined;
  return graphError(request, 400, 'BadRequest', 'The skip value must not exceed 500.');
}

function answerPage(call: GraphCall, api: GraphApi, filter: Filter, place: PagePlace | undefined): SimulatedAnswer {
  const { request, version, path, claims, tenant } = call;
  const order = / asc$|^\w+$/.test(request.query.get('$orderby') ?? '') ? 'asc' : 'desc';
  const logTypes = logTypesAsked(call, filter, api);
  const rows = findRows(api.world, tenant.tenantId, logTypes, filter, order, request.now);
  // More than 1,000 is not refused, only not given: the page looks like a short last one.
  const top = Math.min(Number(request.query.get('$top') ?? api.quirks.graphPageSize), api.quirks.graphPageSize);
  const page = pageOf(rows, {
    place,
    order,
    top,
    skip: Number(request.query.get('$skip') ?? 0),
    now: request.now,
    emptyPageEvery: api.quirks.emptyPageEvery,
  });

  const rendering = {
    api: version,
    hasPolicyRead: (claims.roles ?? []).some((role) => role.startsWith('Policy.Read')),
    knowsNewMembers: (header(request, 'prefer') ?? '').includes('include-unknown-enum-members'),
  };
  const texts = page.rows.map((row) => render(row, rendering, api.world.records));
  const context = `"@odata.context":"https://${request.host}/${version}/$metadata#${path}"`;
  const nextLink = page.next === undefined ? '' : `,"@odata.nextLink":${JSON.stringify(nextLinkOf(call, page.next))}`;
  return {
    status: 200,
    headers: {
      'Content-Type': 'application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8',
      ...requestIds(request),
      ...diagnostics,
    },
    body: `{${context}${nextLink},"value":[${texts.join(',')}]}`,
    facts: { tenantId: tenant.tenantId, logTypeIds: logTypes.map((logType) => logType.id), window: filter.window, rows: texts.length },
  };
}

/** v1.0, and beta without the clause: interactive sign-ins only. The retired alerts API answers 200 and nothing. */
function logTypesAsked({ path, request }: GraphCall, filter: Filter, { world, quirks }: GraphApi): readonly GraphLogType[] {
  if (path === 'security/alerts' && world.records === 'seeded' && isRetired(request, quirks)) return [];
  const asked = filter.eventType ?? ((eventType: string) => eventType === 'interactiveUser');
  return graphLogTypesOf(path).filter((logType) => logType.eventType === undefined || asked(logType.eventType));
}

/** Whether the first alerts API has stopped returning data. */
function isRetired({ now }: SimulatedRequest, quirks: Quirks): boolean {
  return quirks.legacyAlerts === 'until-retired' && now >= Date.parse('2026-10-15T00:00:00Z');
}

/** The request's own options and a token; following it needs nothing else. */
function nextLinkOf({ request, version, path }: GraphCall, next: PagePlace): string {
  const options = [...request.query].filter(([name]) => name !== '$skiptoken' && name !== '$skip');
  const query = options.map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  const token = `${request.now.toString(36)}.${Buffer.from(JSON.stringify(next)).toString('base64url')}`;
  return `https://${request.host}/${version}/${path}?${[...query, `$skiptoken=${token}`].join('&')}`;
}

function readPlace(token: string, expiredAt: Instant): PagePlace | 'invalid' {
  const [issuedAt = '', place = ''] = token.split('.');
  try {
    const read = JSON.parse(Buffer.from(place, 'base64url').toString('utf8')) as PagePlace;
    return Number.parseInt(issuedAt, 36) > expiredAt && typeof read.time === 'number' ? read : 'invalid';
  } catch {
    return 'invalid';
  }
}
