/** What Graph refuses before it looks at the query: too much, too little permission, no licence. */

import { seconds } from '../shared/domain/window.ts';
import type { SimulatedAnswer } from './http-message.ts';
import { diagnostics, graphError } from './graph-errors.ts';
import type { GraphApi, GraphCall } from './graph.ts';

/** The reporting APIs share one limit per app and tenant, and another per app. */
export function throttled({ request, path, claims }: GraphCall, { limiter, throttle }: GraphApi): SimulatedAnswer | undefined {
  const isReporting = path.startsWith('auditLogs/');
  const waits = isReporting
    ? [
        limiter.take(`reporting ${claims.appid} ${claims.tid}`, throttle.reportingPer10Seconds, seconds(10), request.now),
        limiter.take(`reporting ${claims.appid}`, throttle.reportingPerAppPer10Seconds, seconds(10), request.now),
      ]
    : [limiter.take(`alerts ${claims.appid} ${claims.tid}`, throttle.alertsPerMinute, seconds(60), request.now)];
  const waitMs = Math.max(...waits.map((wait) => wait ?? 0));
  if (waitMs === 0) return undefined;

  const headers: Record<string, string> = throttle.retryAfter === 'always' ? { 'Retry-After': String(Math.ceil(waitMs / 1_000)) } : {};
  const message = 'This request is throttled. Please try again after the value specified in the Retry-After header.';
  return graphError(request, 429, 'TooManyRequests', message, headers, { tenantId: claims.tid, isThrottled: true });
}

export function permissionRefusal(call: GraphCall): SimulatedAnswer | undefined {
  const roles = call.claims.roles ?? [];
  return call.path.startsWith('auditLogs/') ? reportingRefusal(call, roles) : alertsRefusal(call, roles);
}

function reportingRefusal({ request, tenant }: GraphCall, roles: readonly string[]): SimulatedAnswer | undefined {
  const facts = { tenantId: tenant.tenantId };
  if (!roles.includes('AuditLog.Read.All')) {
    const message = 'Calling principal does not have required MSGraph permissions AuditLog.Read.All';
    return graphError(request, 403, 'Authentication_MSGraphPermissionMissing', message, diagnostics, facts);
  }
  if (!tenant.licenceCheckNeedsDirectoryRead || roles.some((role) => role.startsWith('Directory.Read'))) return undefined;
  const message =
    "Failed to do premium license check for the tenant. The application has no directory read access; add 'Directory.Read.All'.";
  return graphError(request, 403, 'Authentication_ApplicationHasNoDirectoryReadAccess', message, diagnostics, facts);
}

function alertsRefusal({ request, path, tenant }: GraphCall, roles: readonly string[]): SimulatedAnswer | undefined {
  const needed =
    path === 'security/alerts'
      ? ['SecurityEvents.Read.All', 'SecurityEvents.ReadWrite.All']
      : ['SecurityAlert.Read.All', 'SecurityAlert.ReadWrite.All'];
  if (needed.some((role) => roles.includes(role))) return undefined;
  const message = `Missing application roles. API required roles: ${needed.join(', ')}, application roles: ${roles.join(', ')}.`;
  return graphError(request, 403, 'Forbidden', message, diagnostics, { tenantId: tenant.tenantId });
}

/** Sign-ins need a premium licence; directory audits do not. */
export function licenceRefusal({ request, path, tenant }: GraphCall): SimulatedAnswer | undefined {
  if (path !== 'auditLogs/signIns' || tenant.licence === 'premium') return undefined;
  const message = "Neither tenant is B2C or tenant doesn't have premium license";
  return graphError(request, 403, 'Authentication_RequestFromNonPremiumTenantOrB2CTenant', message, diagnostics, {
    tenantId: tenant.tenantId,
  });
}
