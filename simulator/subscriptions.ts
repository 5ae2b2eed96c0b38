/** Subscriptions of a tenant to content types: they are listed, started, stopped, and asked for before any content is. */

import { minutes, type Instant } from '../shared/domain/window.ts';
import { json, type SimulatedAnswer } from './http-message.ts';
import type { ContentLogType } from './log-types/log-type.ts';
import type { ManagementApi } from './management-api.ts';
import { managementError } from './management-errors.ts';
import type { SimulatedTenant } from './world.ts';

/** `GET subscriptions/list`. */
export function listSubscriptions(tenant: SimulatedTenant): SimulatedAnswer {
  const rows = [...tenant.subscriptions].map(([contentType, status]) => ({ contentType, status, webhook: null }));
  return json(200, rows, {}, { tenantId: tenant.tenantId });
}

/** Starts within 15 minutes of the last one are refused, unless there is nothing to change. */
export function startSubscription(logType: ContentLogType, tenant: SimulatedTenant, now: Instant, api: ManagementApi): SimulatedAnswer {
  const { contentType } = logType;
  const facts = { tenantId: tenant.tenantId, logTypeIds: [logType.id] };
  if (tenant.subscriptions.get(contentType) === 'enabled') return managementError('AF20024', [], facts);

  const key = `${tenant.tenantId} ${contentType}`;
  const isTooSoon = now - (api.startedAt.get(key) ?? Number.NEGATIVE_INFINITY) < minutes(15);
  // The reference says to wait, and not what happens to those who do not: the state is simply left as it was.
  if (isTooSoon) return managementError('AF20023', [], facts);
  api.startedAt.set(key, now);
  tenant.subscriptions.set(contentType, 'enabled');
  return json(200, { contentType, status: 'enabled', webhook: null }, {}, facts);
}

/** `POST subscriptions/stop`: 200 and nothing, also where there is none. */
export function stopSubscription(logType: ContentLogType, tenant: SimulatedTenant): SimulatedAnswer {
  tenant.subscriptions.delete(logType.contentType);
  return { status: 200, body: '', facts: { tenantId: tenant.tenantId, logTypeIds: [logType.id] } };
}

/** Undefined when the content type is subscribed. */
export function subscriptionRefusal(logType: ContentLogType, tenant: SimulatedTenant): SimulatedAnswer | undefined {
  const status = tenant.subscriptions.get(logType.contentType);
  if (status === 'enabled') return undefined;
  return managementError(status === undefined ? 'AF20022' : 'AF20023', [], { tenantId: tenant.tenantId, logTypeIds: [logType.id] });
}
