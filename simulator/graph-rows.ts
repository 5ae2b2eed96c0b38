/** Which rows a Graph query finds, in which order, and how the API version and the app's permissions render them. */

import type { Instant } from '../shared/domain/window.ts';
import type { Filter } from './graph-query.ts';
import type { GraphLogType, Rendering } from './log-types/log-type.ts';
import type { Version, World } from './world.ts';

/** A version, and the log type that it is of. */
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

/** Whether Graph serves this version now. */
export function isVisible(version: Version, now: Instant): boolean {
  return version.visibleFrom <= now && now < version.visibleUntil;
}

/** Order by time and then by a key of no meaning, so that pages are stable. */
function compareRows(a: Row, b: Row): number {
  return a.version.time - b.version.time || (rowKey(a) < rowKey(b) ? -1 : rowKey(a) > rowKey(b) ? 1 : 0);
}

/** Distinguishes rows of one time. */
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

/** The JSON text of a record for one way of asking. Given records are served as given. */
export function render({ logType, version }: Row, rendering: Rendering, records: World['records']): string {
  return records === 'given' ? version.text : (logType.collection.render?.(version.text, rendering) ?? version.text);
}
