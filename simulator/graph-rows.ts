/** Which rows a Graph query finds, in which order, and how the API version and the app's permissions render them. */

import type { Instant } from '../shared/domain/window.ts';
import type { Filter } from './graph-query.ts';
import type { GraphLogType } from './log-types.ts';
import type { Version, World } from './world.ts';

export interface Row {
  readonly logType: GraphLogType;
  readonly version: Version;
}

/** What is visible now and matches, newest first unless asked otherwise. */
export function findRows(
  world: World,
  tenantId: string,
  logTypes: readonly GraphLogType[],
  filter: Filter,
  order: 'asc' | 'desc',
  now: Instant,
): Row[] {
  const rows = logTypes.flatMap((logType) => world.versions(tenantId, logType.id, filter.window).map((version) => ({ logType, version })));
  const found = rows.filter(({ version }) => isVisible(version, now) && matchesFields(version, filter));
  return found.sort(order === 'desc' ? (a, b) => compareRows(b, a) : compareRows);
}

export function isVisible(version: Version, now: Instant): boolean {
  return version.visibleFrom <= now && now < version.visibleUntil;
}

/** Order by time and then by a key of no meaning, so that pages are stable. */
function compareRows(a: Row, b: Row): number {
  return a.version.time - b.version.time || (rowKey(a) < rowKey(b) ? -1 : rowKey(a) > rowKey(b) ? 1 : 0);
}

export function rowKey(row: Row): string {
  return `${row.logType.id} ${row.version.id}`;
}

function matchesFields(version: Version, filter: Filter): boolean {
  if (filter.fields.length === 0) return true;
  const record = JSON.parse(version.text) as Record<string, unknown>;
  return filter.fields.every(({ name, matches }) => matches(name.split('/').reduce<unknown>(step, record)));
}

function step(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

/** How a record is asked for. */
export interface Rendering {
  readonly api: 'v1.0' | 'beta';
  /** Without Policy.Read.* the applied policies are left out, without a word. */
  readonly hasPolicyRead: boolean;
  /** `Prefer: include-unknown-enum-members` was sent. */
  readonly knowsNewMembers: boolean;
}

/** The JSON text of a record for one way of asking. Given records are served as given. */
export function render(row: Row, rendering: Rendering, records: World['records']): string {
  if (records === 'given') return row.version.text;
  const isSignIn = row.logType.path === 'auditLogs/signIns';
  if (isSignIn && (rendering.api === 'v1.0' || !rendering.hasPolicyRead)) return renderSignIn(row.version.text, rendering);
  if (row.logType.path === 'security/alerts_v2' && !rendering.knowsNewMembers) return hideNewMembers(row.version.text);
  return row.version.text;
}

function renderSignIn(text: string, { api, hasPolicyRead }: Rendering): string {
  const entries = Object.entries(JSON.parse(text) as Record<string, unknown>);
  const kept = entries.filter(
    ([name]) => (api === 'beta' || signInV1Fields.has(name)) && (hasPolicyRead || name !== 'appliedConditionalAccessPolicies'),
  );
  return JSON.stringify(Object.fromEntries(kept));
}

/** @see https://learn.microsoft.com/graph/api/resources/signin */
const signInV1Fields = new Set(
  `id createdDateTime userId userPrincipalName userDisplayName appId appDisplayName resourceId resourceDisplayName clientAppUsed ipAddress
  isInteractive correlationId conditionalAccessStatus appliedConditionalAccessPolicies riskDetail riskEventTypes riskEventTypes_v2
  riskLevelAggregated riskLevelDuringSignIn riskState status deviceDetail location`.split(/\s+/),
);

/** Members added after `unknownFutureValue` show as that, unless the client says that it can take them. */
function hideNewMembers(text: string): string {
  const record = JSON.parse(text) as Record<string, unknown>;
  const hidden = Object.entries(record).map(([name, value]) => [
    name,
    newMembers.has(`${name} ${String(value)}`) ? 'unknownFutureValue' : value,
  ]);
  return JSON.stringify(Object.fromEntries(hidden));
}

/** @see https://learn.microsoft.com/graph/api/resources/security-alert */
const newMembers = new Set([
  'serviceSource microsoftDefenderForCloud',
  'serviceSource microsoftSentinel',
  'serviceSource microsoftInsiderRiskManagement',
  'serviceSource microsoftThreatIntelligence',
  'detectionSource microsoftSentinel',
  'detectionSource scheduledAlerts',
  'detectionSource microsoftDefenderForServers',
  'detectionSource microsoftDefenderThreatIntelligenceAnalytics',
]);
