/** Ordinary activity of the simulator's company, without any incident, as rows that rules are asked of. */

import { days, type Instant } from '../../shared/domain/window.ts';
import type { Detection } from '../../shared/detections/detection.ts';
import type { DatasetRows } from '../../shared/detections/evaluate/findings.ts';
import { logTypeById } from '../../shared/log-types/index.ts';
import { simulatedLogTypes } from '../../simulator/log-types/index.ts';
import { seededWorld } from '../../simulator/seeded-world.ts';
import { simulatedTenant } from '../../simulator/tenants.ts';
import { landRows, type LandingPlace } from './land-rows.ts';

/** How much of ordinary activity. */
export interface QuietChoice {
  readonly seed: string;
  readonly startAt: Instant;
  readonly days: number;
  readonly recordsPerDay: number;
}

/** The company's tenant. */
export const quietTenant = simulatedTenant({ name: 'contoso' });

/** What Microsoft concludes itself: an alert or a risk is an event in a quiet month, not its background. */
const verdicts: ReadonlySet<string> = new Set(['alerts', 'alerts-legacy', 'risk-detections']);

/** Rows of every log type but Microsoft's verdicts, with the columns that the rules read. */
export async function quietRecords(place: LandingPlace, detections: readonly Detection[], choice: QuietChoice): Promise<DatasetRows[]> {
  const { seed, startAt, recordsPerDay } = choice;
  const world = seededWorld({ seed, startAt, tenants: [quietTenant], recordsPerDay, hasIncidents: false });
  const lake: DatasetRows[] = [];
  for (const { id, kind } of simulatedLogTypes.filter((logType) => !verdicts.has(logType.id))) {
    const columns = columnsRead(detections, logTypeById(id).dataset);
    for (let day = 0; day < choice.days; day++) {
      const window = { start: startAt + days(day), end: startAt + days(day + 1) };
      const records =
        kind === 'content'
          ? world.blobs(quietTenant.tenantId, id, window).flatMap((blob) => [...blob.records()])
          : world.versions(quietTenant.tenantId, id, window).map(({ text }) => text);
      if (records.length > 0) lake.push(await landRows(place, { logTypeId: id, records, at: window.end, columns }));
    }
  }
  return lake;
}

const always = ['event_time', 'record_id', 'record_key', 'tenant_id', 'log_type', 'operation', 'actor_upn'];

function columnsRead(detections: readonly Detection[], dataset: string): readonly string[] {
  const selections = detections.flatMap((detection) => detection.selections.filter((selection) => selection.dataset === dataset));
  return [...new Set([...always, ...selections.flatMap(({ columns }) => [...columns])])];
}
