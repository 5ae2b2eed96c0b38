/** `auditLogs/signIns`, the collection that the four log types of sign-ins share. */

import { days } from '../shared/domain/window.ts';
import type { GraphCollection, Rendering } from './log-types/log-type.ts';

/** Sign-ins of all four kinds. @see https://learn.microsoft.com/graph/api/signin-list */
export const signInCollection: GraphCollection = {
  path: 'auditLogs/signIns',
  route: 'sign-ins',
  api: 'reporting',
  permissions: ['AuditLog.Read.All'],
  needsPremium: true,
  timeField: 'createdDateTime',
  filterable: [
    'appId',
    'appDisplayName',
    'conditionalAccessStatus',
    'correlationId',
    'id',
    'ipAddress',
    'isInteractive',
    'userId',
    'userPrincipalName',
    'userDisplayName',
    'resourceId',
    'servicePrincipalId',
    'riskState',
  ],
  strictComparisons: 'ignored',
  oldestMs: days(90),
  render: renderSignIn,
};

/** Seed data is what beta sends; v1.0 sends a part of it. */
function renderSignIn(text: string, { api, hasPolicyRead }: Rendering): string {
  if (api === 'beta' && hasPolicyRead) return text;
  const entries = Object.entries(JSON.parse(text) as Record<string, unknown>);
  const kept = entries.filter(
    ([name]) => (api === 'beta' || v1Fields.has(name)) && (hasPolicyRead || name !== 'appliedConditionalAccessPolicies'),
  );
  return JSON.stringify(Object.fromEntries(kept));
}

/** @see https://learn.microsoft.com/graph/api/resources/signin */
const v1Fields = new Set(
  `id createdDateTime userId userPrincipalName userDisplayName appId appDisplayName resourceId resourceDisplayName clientAppUsed ipAddress
  isInteractive correlationId conditionalAccessStatus appliedConditionalAccessPolicies riskDetail riskEventTypes riskEventTypes_v2
  riskLevelAggregated riskLevelDuringSignIn riskState status deviceDetail location`.split(/\s+/),
);
