/** A small company at work: everything served is a function of seed, start and time, so that a restart changes nothing. */

import { days, gridFloor, hours, type Instant, type Window } from '../shared/domain/window.ts';
import { boundedCache } from './bounded-cache.ts';
import { readContentId } from './content-id.ts';
import { logTypeOfContentType, simulatedLogTypes } from './log-types/index.ts';
import { seededBlobs, type BlobsByWindow } from './seed-data/seeded-blobs.ts';
import type { VersionsByWindow } from './seed-data/seeded-versions.ts';
import type { IncidentEvent } from './seed-data/incident-event.ts';
import { incidentsOfDay } from './seed-data/incidents.ts';
import { company, type Company } from './people.ts';
import { simulatedTenant } from './tenants.ts';
import type { SimulatedTenant, World } from './world.ts';

/** What a seeded world is made from. */
export interface SeededWorldOptions {
  readonly seed: string;
  /** Seed data begins a day before, and goes on after it. */
  readonly startAt: Instant;
  /** Contoso alone when absent. */
  readonly tenants?: readonly SimulatedTenant[];
  /** All log types of a tenant together; about 30,000 when absent. */
  readonly recordsPerDay?: number;
  /** Attacks worth finding, about 450 records a day, whatever `recordsPerDay` says; there when absent. */
  readonly hasIncidents?: boolean;
}

/** A world of made-up records; the same options give the same world. */
export function seededWorld(options: SeededWorldOptions): World {
  const { startAt, seed } = options;
  const tenants = options.tenants ?? [simulatedTenant({ name: 'contoso' })];
  const byTenant = new Map(tenants.map((tenant) => [tenant.tenantId, tenantData({ ...options, company: company(seed, tenant) })]));

  const blobs: World['blobs'] = (tenantId, logTypeId, window) => byTenant.get(tenantId)?.content.get(logTypeId)?.(window) ?? [];
  return {
    startAt,
    tenants,
    records: 'seeded',
    blobs,
    blob(tenantId, contentId) {
      const { created, contentType } = readContentId(contentId) ?? {};
      const logType = contentType === undefined ? undefined : logTypeOfContentType(contentType);
      if (created === undefined || !logType) return undefined;
      return blobs(tenantId, logType.id, { start: created, end: created + 1 }).find((blob) => blob.contentId === contentId);
    },
    versions: (tenantId, logTypeId, window) => byTenant.get(tenantId)?.graph.get(logTypeId)?.(window) ?? [],
  };
}

interface TenantData {
  readonly content: ReadonlyMap<string, BlobsByWindow>;
  readonly graph: ReadonlyMap<string, VersionsByWindow>;
}

function tenantData(options: SeededWorldOptions & { readonly company: Company }): TenantData {
  const { seed, company: ours } = options;
  const scale = (options.recordsPerDay ?? usualRecordsPerDay) / usualRecordsPerDay;
  const from = gridFloor(options.startAt - days(1), hours(1));
  const incidents = options.hasIncidents === false ? () => () => [] : incidentsByLogType(seed, ours, from);

  const content = new Map<string, BlobsByWindow>();
  const graph = new Map<string, VersionsByWindow>();
  for (const logType of simulatedLogTypes) {
    const { id } = logType;
    const shared = { seed, company: ours, perDay: logType.seedData.perDay * scale, from, incidents: incidents(id) };
    if (logType.kind === 'content') content.set(id, seededBlobs({ ...shared, logType }));
    else graph.set(id, logType.seedData.versions({ ...shared, logTypeId: id }));
  }
  return { content, graph };
}

/** The sum over all log types, about. */
const usualRecordsPerDay = 30_000;

/** What incidents leave in a log type, by the window of the event. Days count from the first record: the first has all of them. */
function incidentsByLogType(
  seed: string,
  ours: Company,
  from: Instant,
): (logTypeId: string) => (window: Window) => readonly IncidentEvent[] {
  const daysKept = boundedCache<readonly IncidentEvent[]>(() => 1, 10);
  const ofDay = (day: Instant) => daysKept.get(String(day), () => incidentsOfDay(seed, ours, day));
  return (logTypeId) => (window) => {
    const found: IncidentEvent[] = [];
    for (let day = from + gridFloor(window.start - from, days(1)); day < window.end; day += days(1)) {
      found.push(...ofDay(day).filter((event) => event.logTypeId === logTypeId && event.at >= window.start && event.at < window.end));
    }
    return found;
  };
}
