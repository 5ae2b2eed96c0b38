/** The part of Microsoft Graph that is collected: every collection that a log type of log-types/ names. */

import { days, type Instant } from '../shared/domain/window.ts';
import { bearer, header, type Route, type SimulatedAnswer, type SimulatedRequest } from './http-message.ts';
import type { GraphApi, GraphCall } from './graph-call.ts';
import { diagnostics, graphError, requestIds } from './graph-errors.ts';
import { pageOf, type PagePlace } from './graph-page.ts';
import { parseFilter, type Filter } from './graph-query.ts';
import { licenceRefusal, permissionRefusal, throttled } from './graph-refusals.ts';
import { findRows, render } from './graph-rows.ts';
import { readToken } from './jwt.ts';
import { graphCollections, graphLogTypesOf } from './log-types/index.ts';
import type { GraphCollection, GraphLogType } from './log-types/log-type.ts';
import type { Quirks } from './quirks.ts';
import type { SimulatedTenant } from './world.ts';

/** Answers a request to graph.microsoft.com or to the same API of another cloud. */
export function answerGraph(request: SimulatedRequest, api: GraphApi): SimulatedAnswer {
  const [, version = '', path = ''] = pathPattern.exec(request.path) ?? [];
  const collection = collectionOf(path);
  if (!collection || api.quirks.notOffered.includes(path))
    return graphError(request, 400, 'BadRequest', `Resource not found for the segment '${path === '' ? request.path : path}'.`);
  const claims = readToken(bearer(request) ?? '', request.now);
  if (claims === 'expired')
    return graphError(request, 401, 'InvalidAuthenticationToken', 'Lifetime validation failed, the token is expired.');
  if (claims === 'not ours') return graphError(request, 401, 'InvalidAuthenticationToken', 'Access token is empty or malformed.');
  if (claims.aud !== `https://${request.host}`)
    return graphError(request, 401, 'InvalidAuthenticationToken', 'Access token validation failure. Invalid audience.');

  const tenant = api.world.tenants.find((one) => one.tenantId === claims.tid);
  if (!tenant) return graphError(request, 404, 'Directory_ResourceNotFound', 'The tenant does not exist.');
  const call: GraphCall = { request, version: version === 'beta' ? 'beta' : 'v1.0', collection, claims, tenant };
  return throttled(call, api) ?? permissionRefusal(call) ?? licenceRefusal(call) ?? answerQuery(call, api);
}

const pathPattern = /^\/(v1\.0|beta)\/(\w+\/\w+)$/;

function collectionOf(path: string): GraphCollection | undefined {
  return graphCollections.find((collection) => collection.path === path);
}

/** The route of a path such as `/v1.0/auditLogs/signIns`. */
export function graphRoute(path: string): Route {
  return collectionOf(pathPattern.exec(path)?.[2] ?? '')?.route ?? 'other';
}

function answerQuery(call: GraphCall, api: GraphApi): SimulatedAnswer {
  const { request, collection, tenant } = call;
  const refused = optionRefusal(call);
  if (refused) return refused;
  const text = request.query.get('$filter') ?? '';
  const everything = { start: request.now - retentionMs(tenant), end: request.now + 1 };
  const filter = parseFilter(text, collection, everything, request.now);
  if (!filter) return graphError(request, 400, 'BadRequest', `Invalid filter clause: ${text}`);
  if (filter.eventType && (call.version === 'v1.0' || graphLogTypesOf(collection).every(({ eventType }) => eventType === undefined)))
    return graphError(request, 400, 'BadRequest', "Could not find a property named 'signInEventTypes' on type 'microsoft.graph.signIn'.");
  const token = request.query.get('$skiptoken');
  const place = token === null ? undefined : readPlace(token, api.pagesExpiredAt());
  if (place === 'invalid') return graphError(request, 400, 'BadRequest', 'Invalid Skip Token, skip token is null.');
  return answerPage(call, api, filter, place);
}

function retentionMs(tenant: SimulatedTenant): number {
  return days(tenant.licence === 'premium' ? 30 : 7);
}

function optionRefusal({ request, collection }: GraphCall): SimulatedAnswer | undefined {
  const { query } = request;
  const [skip, top] = [query.get('$skip'), query.get('$top')];
  if (top !== null && !/^[1-9]\d*$/.test(top))
    return graphError(request, 400, 'BadRequest', `Invalid value '${top}' for $top query option found.`);
  if (skip === null) return undefined;
  if (collection.api === 'reporting')
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
  const { request, version, collection, claims, tenant } = call;
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
  const context = `"@odata.context":"https://${request.host}/${version}/$metadata#${collection.path}"`;
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

/** v1.0, and beta without the clause: interactive sign-ins only. A retired collection answers 200 and nothing. */
function logTypesAsked({ collection, request }: GraphCall, filter: Filter, { world, quirks }: GraphApi): readonly GraphLogType[] {
  if (world.records === 'seeded' && isRetired(collection, request, quirks)) return [];
  const asked = filter.eventType ?? ((eventType: string) => eventType === 'interactiveUser');
  return graphLogTypesOf(collection).filter((logType) => logType.eventType === undefined || asked(logType.eventType));
}

/** Whether the collection has stopped returning data. */
function isRetired({ retiredAt = Infinity }: GraphCollection, { now }: SimulatedRequest, quirks: Quirks): boolean {
  return quirks.legacyAlerts === 'until-retired' && now >= retiredAt;
}

/** The request's own options and a token; following it needs nothing else. */
function nextLinkOf({ request, version, collection }: GraphCall, next: PagePlace): string {
  const options = [...request.query].filter(([name]) => name !== '$skiptoken' && name !== '$skip');
  const query = options.map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  const token = `${request.now.toString(36)}.${Buffer.from(JSON.stringify(next)).toString('base64url')}`;
  return `https://${request.host}/${version}/${collection.path}?${[...query, `$skiptoken=${token}`].join('&')}`;
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
