/** A small company at work: everything served is a function of seed, start and time, so that a restart changes nothing. */

import { days, gridFloor, hours, minutes, type Instant, type Window } from '../shared/domain/window.ts';
import { boundedCache } from './bounded-cache.ts';
import { readContentId } from './content-id.ts';
import { seededAlerts } from './seed-data/seeded-alerts.ts';
import { legacyAlert } from './seed-data/alerts-legacy.ts';
import { seededBlobs, type BlobsByWindow } from './seed-data/seeded-blobs.ts';
import { correctAudit, directoryAudit } from './seed-data/directory-audits.ts';
import { dlp } from './seed-data/dlp.ts';
import { entraAudit } from './seed-data/entra-audit.ts';
import { exchangeAudit } from './seed-data/exchange.ts';
import { generalAudit } from './seed-data/general.ts';
import { seededVersions, type VersionsByWindow } from './seed-data/seeded-versions.ts';
import { incidentsOfDay, type IncidentEvent } from './seed-data/incidents.ts';
import type { JsonRecord, Maker, Moment } from './seed-data/maker.ts';
import { correctServiceSignIn, managedIdentitySignIn, servicePrincipalSignIn } from './seed-data/service-sign-ins.ts';
import { sharePointAudit } from './seed-data/sharepoint.ts';
import { correctSignIn, interactiveSignIn, nonInteractiveSignIn } from './seed-data/sign-ins.ts';
import { simulatedLogTypes } from './log-types.ts';
import { company, type Company } from './people.ts';
import { simulatedTenant } from './tenants.ts';
import type { SimulatedTenant, World } from './world.ts';

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
      const logType = simulatedLogTypes.find((one) => one.kind === 'content' && one.contentType === contentType);
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

  const content = simulatedLogTypes.flatMap((logType) => {
    const seedData = contentSeedData[logType.id];
    if (logType.kind !== 'content' || !seedData) return [];
    const slotMs = minutes(seedData.slotMinutes);
    return [
      [
        logType.id,
        seededBlobs({
          seed,
          company: ours,
          logType,
          make: seedData.make,
          perDay: seedData.perDay * scale,
          slotMs,
          from,
          incidents: incidents(logType.id),
        }),
      ] as const,
    ];
  });
  const graph = Object.entries(graphSeedData).map(([logTypeId, { make, correct, perDay }]) => {
    return [
      logTypeId,
      seededVersions({ seed, company: ours, logTypeId, make, correct, perDay: perDay * scale, from, incidents: incidents(logTypeId) }),
    ] as const;
  });
  return {
    content: new Map(content),
    graph: new Map([...graph, ['alerts', seededAlerts({ seed, company: ours, perDay: alertsPerDay * scale, from })]]),
  };
}

const usualRecordsPerDay = 30_000;
const alertsPerDay = 48;

/** Records of a usual day, and how often blobs are created. Together with the Graph log types: about 30,000. */
const contentSeedData: Readonly<Record<string, { readonly make: Maker; readonly perDay: number; readonly slotMinutes: number }>> = {
  'audit-azure-active-directory': { make: entraAudit, perDay: 3_200, slotMinutes: 20 },
  'audit-exchange': { make: exchangeAudit, perDay: 9_700, slotMinutes: 20 },
  'audit-sharepoint': { make: sharePointAudit, perDay: 8_600, slotMinutes: 20 },
  'audit-general': { make: generalAudit, perDay: 3_600, slotMinutes: 20 },
  'dlp-all': { make: dlp, perDay: 900, slotMinutes: 30 },
};

interface GraphSeedData {
  readonly make: Maker;
  readonly correct: (record: JsonRecord, moment: Moment) => JsonRecord;
  readonly perDay: number;
}

/** Few, as Graph allows five requests in ten seconds. */
const graphSeedData: Readonly<Record<string, GraphSeedData>> = {
  'sign-ins-interactive': { make: interactiveSignIn, correct: correctSignIn, perDay: 900 },
  'sign-ins-non-interactive': { make: nonInteractiveSignIn, correct: correctSignIn, perDay: 1_200 },
  'sign-ins-service-principal': { make: servicePrincipalSignIn, correct: correctServiceSignIn, perDay: 800 },
  'sign-ins-managed-identity': { make: managedIdentitySignIn, correct: correctServiceSignIn, perDay: 350 },
  'directory-audits': { make: directoryAudit, correct: correctAudit, perDay: 550 },
  'alerts-legacy': { make: legacyAlert, correct: (record) => ({ ...record, status: 'inProgress' }), perDay: 20 },
};

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
