/** Answers that take the place of the right one, whatever that is. */

import { tokenError } from './aadsts.ts';
import type { FaultName } from './fault-names.ts';
import type { Faults } from './faults.ts';
import { graphError } from './graph-errors.ts';
import { json, type HostKind, type SimulatedAnswer, type SimulatedRequest } from './http-message.ts';
import { managementError } from './management-errors.ts';

/**
 * The answer that takes the place of the right one, in the words of the API that was asked.
 *
 * @returns Undefined for faults that need the right answer (page-faults.ts) or spoil it on its way (delivery.ts).
 */
export function faultAnswer(fault: FaultName, request: SimulatedRequest, kind: HostKind, faults: Faults): SimulatedAnswer | undefined {
  const status = statusOf[fault];
  if (fault === 'html') return htmlPage('<p>We are having trouble signing you in.</p>');
  if (fault === 'captive-portal') return toCaptivePortal(request);
  if (fault === 'AF429')
    return managementError('AF429', [request.method, request.query.get('PublisherIdentifier') ?? ''], { isThrottled: true });
  if (fault === 'AF50000') return managementError('AF50000');
  if (fault === 'AF20050') return managementError('AF20050', [request.path]);
  if (fault === 'premium-403') return graphError(request, 403, 'Authentication_RequestFromNonPremiumTenantOrB2CTenant', noLicence);
  if (fault === 'partial-206') return json(206, { value: [] }, { Warning: '199 - "Microsoft/MCAS/504/10000"' });
  if (status === undefined) return undefined;

  const retryAfter = retryAfterOf[fault]?.(faults, request);
  const answer = errorAnswer(status, request, kind);
  return { ...answer, headers: { ...answer.headers, ...(retryAfter === undefined ? {} : { 'Retry-After': retryAfter }) } };
}

/** Where `captive-portal` leads; the simulator serves it too, for clients that follow. */
export const captivePortalHost = 'captive-portal.example';

/** A page for people with status 200, where JSON was expected. */
export function htmlPage(content: string): SimulatedAnswer {
  const body = `<!DOCTYPE html><html><head><title>Sign in to your account</title></head><body>${content}</body></html>`;
  return { status: 200, headers: { 'Content-Type': 'text/html; charset=utf-8' }, body };
}

function toCaptivePortal({ host, path }: SimulatedRequest): SimulatedAnswer {
  const location = `/${captivePortalHost}/login?url=${encodeURIComponent(`https://${host}${path}`)}`;
  return { status: 302, headers: { Location: location, 'Content-Type': 'text/html' }, body: `<a href="${location}">Sign in</a>` };
}

const noLicence = "Neither tenant is B2C or tenant doesn't have premium license";

const statusOf: Partial<Record<FaultName, number>> = {
  '429': 429,
  '429-retry-after': 429,
  '429-retry-after-list': 429,
  '429-retry-after-date': 429,
  '429-retry-after-years': 429,
  '401': 401,
  '403': 403,
  '404': 404,
  '500': 500,
  '502': 502,
  '503': 503,
  '503-retry-after': 503,
  '504': 504,
};

const seconds = ({ retryAfterSeconds }: Faults): string => String(retryAfterSeconds);
const retryAfterOf: Partial<Record<FaultName, (faults: Faults, request: SimulatedRequest) => string>> = {
  '429-retry-after': seconds,
  '503-retry-after': seconds,
  '429-retry-after-list': () => '30,120',
  '429-retry-after-date': ({ retryAfterSeconds }, { now }) => new Date(now + retryAfterSeconds * 1_000).toUTCString(),
  '429-retry-after-years': () => '315360000',
};

/** An error of this status, in the words of the API that was asked. */
export function errorAnswer(status: number, request: SimulatedRequest, kind: HostKind): SimulatedAnswer {
  const isThrottled = status === 429;
  if (kind === 'authority' && status !== 404) return { ...tokenError(isThrottled ? 90055 : 90033, '', request.now), status };
  if (kind === 'graph')
    return graphError(request, status, graphCodes[status] ?? 'UnknownError', 'The request could not be served.', {}, { isThrottled });
  // What stands before the Management API answers in its own way, without a code.
  return {
    status,
    headers: { 'Content-Type': 'text/html' },
    body: `<h2>Our services aren't available right now</h2><p>${String(status)}</p>`,
    facts: { isThrottled },
  };
}

const graphCodes: Readonly<Record<number, string>> = {
  401: 'InvalidAuthenticationToken',
  403: 'Authorization_RequestDenied',
  404: 'ResourceNotFound',
  429: 'TooManyRequests',
  500: 'InternalServerError',
  502: 'BadGateway',
  503: 'ServiceUnavailable',
  504: 'UnknownError',
};
