/** The Office 365 Management Activity API: subscriptions, content listings, content blobs. */

import { minutes } from '../shared/domain/window.ts';
import { fetchContent, friendlyNames, listContent } from './content-api.ts';
import { bearer, json, type Route, type SimulatedAnswer, type SimulatedRequest } from './http-message.ts';
import { readToken, type AccessTokenClaims } from './jwt.ts';
import { logTypeOfContentType } from './log-types/index.ts';
import { dlpIsWithheld, type ManagementApi } from './management-api.ts';
import { auditingOffError, managementError, unauthorized } from './management-errors.ts';
import { listSubscriptions, startSubscription, stopSubscription, subscriptionRefusal } from './subscriptions.ts';
import type { SimulatedTenant } from './world.ts';

/** @see https://learn.microsoft.com/office/office-365-management-api/office-365-management-activity-api-reference */
export function answerManagement(request: SimulatedRequest, api: ManagementApi): SimulatedAnswer {
  const [, tenantInUrl = ''] = pathPattern.exec(request.path) ?? [];
  const claims = readToken(bearer(request) ?? '', request.now);
  if (typeof claims === 'string' || claims.aud !== `https://${request.host}`) return unauthorized();

  const facts = { tenantId: claims.tid };
  const retryAfterMs = takeQuota(request, tenantInUrl, api);
  if (retryAfterMs !== undefined) return throttled(request, claims.tid);
  const refused = tenantRefusal(tenantInUrl, claims, api);
  if (refused) return refused;
  const tenant = api.world.tenants.find((one) => one.tenantId === claims.tid);
  if (!tenant) return managementError('AF20011', [tenantInUrl], facts);

  const route = managementRoute(request.path);
  if (route === 'other') return notFound(request);
  if (route === 'subscriptions-list') return listSubscriptions(tenant);
  if (route === 'content-fetch') return fetchContent(request, tenant, claims, api);
  if (route === 'friendly-names') return friendlyNames(request);
  return answerForContentType(request, route, tenant, claims, api);
}

/** `/api/v1.0/{tenant}/activity/feed/{…}`; next pages come with `/api/v1/`. */
const pathPattern = /^\/api\/v1(?:\.0)?\/([^/]*)\/activity\/feed\/(.*)$/;

const routeByPath: Readonly<Record<string, Route>> = {
  'subscriptions/list': 'subscriptions-list',
  'subscriptions/start': 'subscriptions-start',
  'subscriptions/stop': 'subscriptions-stop',
  'subscriptions/content': 'content-list',
  'subscriptions/notifications': 'notifications',
  'resources/dlpSensitiveTypes': 'friendly-names',
};

/** The route of a path below `/activity/feed/`. */
export function managementRoute(path: string): Route {
  const rest = pathPattern.exec(path)?.[2] ?? '';
  return rest.startsWith('audit/') ? 'content-fetch' : (routeByPath[rest] ?? 'other');
}

function takeQuota(request: SimulatedRequest, tenantInUrl: string, api: ManagementApi): number | undefined {
  const publisher = request.query.get('PublisherIdentifier');
  const key = publisher ? `${tenantInUrl} ${publisher}` : 'all who name no publisher';
  return api.limiter.take(`management ${key}`, api.throttle.managementPerMinute, minutes(1), request.now);
}

function throttled(request: SimulatedRequest, tenantId: string): SimulatedAnswer {
  const publisher = request.query.get('PublisherIdentifier') ?? '00000000-0000-0000-0000-000000000000';
  const method = managementRoute(request.path) === 'content-fetch' ? 'GetBlob' : request.method;
  return managementError('AF429', [method, publisher], { tenantId, isThrottled: true });
}

function tenantRefusal(tenantInUrl: string, claims: AccessTokenClaims, api: ManagementApi): SimulatedAnswer | undefined {
  const facts = { tenantId: claims.tid };
  if (!guidPattern.test(tenantInUrl)) return managementError('AF20013', [tenantInUrl], facts);
  // Observed: clients that put the id of their app here are served as if it were that of the tenant (wazuh does).
  if (![claims.tid, claims.appid].includes(tenantInUrl.toLowerCase())) return managementError('AF20010', [tenantInUrl, claims.tid], facts);
  const tenant = api.world.tenants.find((one) => one.tenantId === claims.tid);
  if (!tenant || tenant.state === 'deleted') return managementError('AF20011', [tenantInUrl], facts);
  if (tenant.state === 'misconfigured') return managementError('AF20012', [tenantInUrl], facts);
  if (!claims.roles?.includes('ActivityFeed.Read')) return managementError('AF10001', [(claims.roles ?? []).join(' ')], facts);
  return tenant.isAuditingOn ? undefined : auditingOffError(tenant.tenantId);
}

const guidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function answerForContentType(
  request: SimulatedRequest,
  route: Route,
  tenant: SimulatedTenant,
  claims: AccessTokenClaims,
  api: ManagementApi,
): SimulatedAnswer {
  const named = request.query.get('contentType');
  if (named === null) return managementError('AF20001', ['contentType']);
  const logType = logTypeOfContentType(named);
  if (!logType) return managementError('AF20020');
  if (dlpIsWithheld(logType.contentType, tenant, claims)) return managementError('AF10001', [(claims.roles ?? []).join(' ')]);

  if (route === 'subscriptions-start' && request.method === 'POST') return startSubscription(logType, tenant, request.now, api);
  if (route === 'subscriptions-stop' && request.method === 'POST') return stopSubscription(logType, tenant);
  const unsubscribed = subscriptionRefusal(logType, tenant);
  if (unsubscribed) return unsubscribed;
  if (route === 'content-list') return listContent(request, logType, tenant, api);
  // Only with webhooks, which nobody starts here.
  if (route === 'notifications') return json(200, []);
  return notFound(request);
}

function notFound(request: SimulatedRequest): SimulatedAnswer {
  return json(404, { Message: `No HTTP resource was found that matches the request URI '${request.path}'.` });
}
