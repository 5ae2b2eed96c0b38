/** Content of the Management Activity API: listings, blobs, and the names that records mention by GUID. */

import { iso, isoSeconds, type Instant } from '../shared/domain/window.ts';
import { listingPage, listingWindow } from './content-listing.ts';
import { header, json, type SimulatedAnswer, type SimulatedRequest } from './http-message.ts';
import type { AccessTokenClaims } from './jwt.ts';
import { simulatedLogTypes } from './log-types/index.ts';
import type { ContentLogType } from './log-types/log-type.ts';
import { dlpIsWithheld, type ManagementApi } from './management-api.ts';
import { managementError } from './management-errors.ts';
import type { Blob, SimulatedTenant } from './world.ts';

/** `GET subscriptions/content`: one page of the blobs whose creation lies in the window, as far as they are listed by now. */
export function listContent(
  request: SimulatedRequest,
  logType: ContentLogType,
  tenant: SimulatedTenant,
  api: ManagementApi,
): SimulatedAnswer {
  const { query, now } = request;
  const window = listingWindow(query.get('startTime'), query.get('endTime'), now, api.quirks);
  const facts = { tenantId: tenant.tenantId, logTypeIds: [logType.id] };
  if (typeof window === 'string') return managementError(window, [], facts);

  const after = query.get('nextPage');
  const [issuedAt = '', indicator = ''] = after?.split('.') ?? [];
  if (after !== null && Number.parseInt(issuedAt, 36) <= api.pagesExpiredAt()) return managementError('AF20031', [after], facts);
  const page = listingPage(api.world.blobs(tenant.tenantId, logType.id, window), now, after === null ? null : indicator, api.quirks);
  if (!page) return managementError('AF20031', [after ?? ''], facts);

  const rows = page.blobs.map((blob) => contentRow(blob, logType, tenant, request.host));
  const next = page.next === undefined ? undefined : `${now.toString(36)}.${page.next}`;
  const headers: Record<string, string> =
    next === undefined ? {} : { [api.quirks.nextPageHeader]: nextPageUri(request, tenant, window, next, api) };
  return json(200, rows, headers, { ...facts, window, rows: rows.length });
}

/** The window as it was asked for, the page, and no PublisherIdentifier, as in the reference. */
function nextPageUri(
  request: SimulatedRequest,
  tenant: SimulatedTenant,
  window: { start: Instant; end: Instant },
  next: string,
  api: ManagementApi,
): string {
  const { query, host } = request;
  const time = (name: string, fallback: Instant) => query.get(name) ?? isoSeconds(fallback).slice(0, 19);
  const parameters = [
    `contentType=${query.get('contentType') ?? ''}`,
    `startTime=${time('startTime', window.start)}`,
    `endTime=${time('endTime', window.end)}`,
    `nextPage=${next}`,
  ];
  return `https://${host}/api/${api.quirks.nextPagePath}/${tenant.tenantId}/activity/feed/subscriptions/content?${parameters.join('&')}`;
}

function contentRow(blob: Blob, logType: ContentLogType, tenant: SimulatedTenant, host: string): Readonly<Record<string, string>> {
  return {
    contentUri: `https://${host}/api/v1.0/${tenant.tenantId}/activity/feed/audit/${blob.contentId}`,
    contentId: blob.contentId,
    contentType: logType.contentType,
    contentCreated: iso(blob.created),
    contentExpiration: iso(blob.expires),
  };
}

/** `GET audit/{contentId}`: the records of one blob, made and packed once. */
export function fetchContent(
  request: SimulatedRequest,
  tenant: SimulatedTenant,
  claims: AccessTokenClaims,
  api: ManagementApi,
): SimulatedAnswer {
  const contentId = decodeURIComponent(request.path.slice(request.path.indexOf('/audit/') + '/audit/'.length));
  const facts = { tenantId: tenant.tenantId, contentId };
  if (!/^[\w$.-]+$/.test(contentId) || !contentId.includes('$')) return managementError('AF20052', [contentId], facts);

  const blob = api.world.blob(tenant.tenantId, contentId);
  const logType = simulatedLogTypes.find((one) => one.id === blob?.logTypeId);
  if (!blob || logType?.kind !== 'content' || blob.visibleAt > request.now) return managementError('AF20050', [contentId], facts);
  if (dlpIsWithheld(logType.contentType, tenant, claims)) return managementError('AF10001', [(claims.roles ?? []).join(' ')], facts);
  if (blob.expires <= request.now) return managementError('AF20051', [contentId], facts);

  return {
    status: 200,
    headers: { 'Content-Type': 'application/json; charset=utf-8' },
    body: '',
    content: () => Buffer.from(`[${blob.records().join(',')}]`),
    cacheKey: `${tenant.tenantId} ${contentId}`,
    facts: { ...facts, logTypeIds: [logType.id] },
  };
}

/** `GET resources/dlpSensitiveTypes`, in one language. */
export function friendlyNames(request: SimulatedRequest): SimulatedAnswer {
  const language = header(request, 'accept-language') ?? 'en-US';
  if (language.includes(',')) return managementError('AF20053');
  if (!/^(\*|[a-z]{2,3}(-[A-Za-z0-9]{2,8})*)$/i.test(language)) return managementError('AF20054');
  return json(200, [
    { id: '50842eb7-edc8-4019-85dd-5a5c1f2bb085', name: 'Credit Card Number' },
    { id: '0e9b3178-9678-47dd-a509-37222ca96b42', name: 'EU Debit Card Number' },
    { id: 'e7dc4711-11b7-4cb0-b88b-2c394a771f0e', name: 'International Banking Account Number (IBAN)' },
  ]);
}
