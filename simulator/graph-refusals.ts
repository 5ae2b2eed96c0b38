/** What Graph refuses before it looks at the query: too much, too little permission, no licence. */

import { seconds } from '../shared/domain/window.ts';
import type { SimulatedAnswer } from './http-message.ts';
import { diagnostics, graphError } from './graph-errors.ts';
import type { GraphApi, GraphCall } from './graph-call.ts';
import type { Throttle } from './throttle.ts';

interface Limit {
  readonly key: string;
  readonly requests: number;
  readonly spanMs: number;
}

/** The APIs have limits of their own, which their collections share: per app and tenant, and of the reporting APIs per app too. */
const limitsOf: Readonly<Record<GraphCall['collection']['api'], (call: GraphCall, throttle: Throttle) => readonly Limit[]>> = {
  reporting: ({ claims }, throttle) => [
    { key: `reporting ${claims.appid} ${claims.tid}`, requests: throttle.reportingPer10Seconds, spanMs: seconds(10) },
    { key: `reporting ${claims.appid}`, requests: throttle.reportingPerAppPer10Seconds, spanMs: seconds(10) },
  ],
  security: ({ claims }, throttle) => [
    { key: `alerts ${claims.appid} ${claims.tid}`, requests: throttle.alertsPerMinute, spanMs: seconds(60) },
  ],
  'identity-protection': ({ claims }, throttle) => [
    { key: `identity-protection ${claims.tid}`, requests: throttle.identityProtectionPerSecond, spanMs: seconds(1) },
  ],
};

/** The answer to a request over a limit. The request counts all the same. */
export function throttled(call: GraphCall, { limiter, throttle }: GraphApi): SimulatedAnswer | undefined {
  const { request, collection, claims } = call;
  const waits = limitsOf[collection.api](call, throttle).map(({ key, requests, spanMs }) =>
    limiter.take(key, requests, spanMs, request.now),
  );
  const waitMs = Math.max(...waits.map((wait) => wait ?? 0));
  if (waitMs === 0) return undefined;

  const headers: Record<string, string> = throttle.retryAfter === 'always' ? { 'Retry-After': String(Math.ceil(waitMs / 1_000)) } : {};
  const message = 'This request is throttled. Please try again after the value specified in the Retry-After header.';
  return graphError(request, 429, 'TooManyRequests', message, headers, { tenantId: claims.tid, isThrottled: true });
}

/** The answer to an app that lacks a permission. */
export function permissionRefusal(call: GraphCall): SimulatedAnswer | undefined {
  const roles = call.claims.roles ?? [];
  if (call.collection.permissions.some((role) => roles.includes(role))) return directoryRefusal(call, roles);
  const { code, message } = missing[call.collection.api](call.collection.permissions, roles);
  return graphError(call.request, 403, code, message, diagnostics, { tenantId: call.tenant.tenantId });
}

type Missing = (needed: readonly string[], roles: readonly string[]) => { readonly code: string; readonly message: string };

const missingRoles =
  (code: string): Missing =>
  (needed, roles) => ({
    code,
    message: `Missing application roles. API required roles: ${needed.join(', ')}, application roles: ${roles.join(', ')}.`,
  });

const missing: Readonly<Record<GraphCall['collection']['api'], Missing>> = {
  reporting: (needed) => ({
    code: 'Authentication_MSGraphPermissionMissing',
    message: `Calling principal does not have required MSGraph permissions ${needed.join(',')}`,
  }),
  security: missingRoles('Forbidden'),
  'identity-protection': missingRoles('Forbidden'),
};

/** The licence check of the reporting APIs reads the directory. */
function directoryRefusal({ request, tenant, collection }: GraphCall, roles: readonly string[]): SimulatedAnswer | undefined {
  if (collection.api !== 'reporting' || !tenant.licenceCheckNeedsDirectoryRead) return undefined;
  if (roles.some((role) => role.startsWith('Directory.Read'))) return undefined;
  const message =
    "Failed to do premium license check for the tenant. The application has no directory read access; add 'Directory.Read.All'.";
  return graphError(request, 403, 'Authentication_ApplicationHasNoDirectoryReadAccess', message, diagnostics, {
    tenantId: tenant.tenantId,
  });
}

/** The answer to a tenant without the premium licence that sign-ins and risk need; directory audits and alerts do not. */
export function licenceRefusal({ request, collection, tenant }: GraphCall): SimulatedAnswer | undefined {
  if (collection.needsPremium !== true || tenant.licence === 'premium') return undefined;
  const message = "Neither tenant is B2C or tenant doesn't have premium license";
  return graphError(request, 403, 'Authentication_RequestFromNonPremiumTenantOrB2CTenant', message, diagnostics, {
    tenantId: tenant.tenantId,
  });
}
