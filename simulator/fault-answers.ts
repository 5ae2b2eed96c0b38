import { json, type SimulatedAnswer, type SimulatedRequest } from './http-message.ts';
import type { FaultName, Faults } from './faults.ts';
import { graphError } from './graph-errors.ts';
import { managementError } from './management-errors.ts';
import type { HostKind } from './dispatch.ts';
import { tokenError } from './aadsts.ts';

/**
 * The answer that takes the place of the right one, in the words of the API that was asked.
 *
 * @returns Undefined for faults that spoil the right answer on its way (see delivery.ts).
 */
export function faultAnswer(fault: FaultName, request: SimulatedRequest, kind: HostKind, faults: Faults): SimulatedAnswer | undefined {
  const status = statusOf[fault];
  if (fault === 'html') return { status: 200, headers: { 'Content-Type': 'text/html; charset=utf-8' }, body: page };
  if (fault === 'AF429')
    return managementError('AF429', [request.method, request.query.get('PublisherIdentifier') ?? ''], { isThrottled: true });
  if (fault === 'AF50000') return managementError('AF50000');
  if (fault === 'AF20050') return managementError('AF20050', [request.path]);
  if (fault === 'premium-403') return graphError(request, 403, 'Authentication_RequestFromNonPremiumTenantOrB2CTenant', noLicence);
  if (fault === 'partial-206') return json(206, { value: [] }, { Warning: '199 - "Microsoft/MCAS/504/10000"' });
  if (status === undefined) return undefined;

  const headers: Record<string, string> = fault.endsWith('retry-after') ? { 'Retry-After': String(faults.retryAfterSeconds) } : {};
  const answer = errorOf(status, request, kind);
  return { ...answer, headers: { ...answer.headers, ...headers } };
}

const noLicence = "Neither tenant is B2C or tenant doesn't have premium license";

const statusOf: Partial<Record<FaultName, number>> = {
  '429': 429,
  '429-retry-after': 429,
  '401': 401,
  '403': 403,
  '404': 404,
  '500': 500,
  '502': 502,
  '503': 503,
  '503-retry-after': 503,
};

function errorOf(status: number, request: SimulatedRequest, kind: HostKind): SimulatedAnswer {
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
};

const page =
  '<!DOCTYPE html><html><head><title>Sign in to your account</title></head><body><p>We are having trouble signing you in.</p></body></html>';
