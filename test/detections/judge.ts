/** What a simulated run has to come to: the findings of one batch over everything, none lost, none that is not true, each notified once. */

import type { Detection } from '../../shared/detections/detection.ts';
import { silences } from '../../shared/detections/evaluate/absence.ts';
import { batchFindings, selectionsOn, type DatasetRows } from '../../shared/detections/evaluate/findings.ts';
import { timeOf } from '../../shared/detections/evaluate/hit.ts';
import type { FindingRow } from '../../shared/detections/finding-row.ts';
import type { Finding } from '../../shared/detections/finding.ts';
import { indicatorsOf } from '../../shared/detections/indicators.ts';
import { days, hours } from '../../shared/domain/window.ts';
import { logTypeById } from '../../shared/log-types/index.ts';
import type { Notice } from '../../shared/ports/ledger.ts';
import { silenceFinding } from '../../lambdas/fetch/find-absences.ts';
import { simulatedRules } from './rules.ts';
import { afterEverything, type SimulatedObject } from './world.ts';

/** The one tenant. */
export const tenantId = '5f2a6c1e-3d0b-4c55-9c2f-7a1d0e6b9f31';
/** The one list of indicators. */
export const indicators = indicatorsOf([{ type: 'ip', value: '198.51.100.9', source: 'list' }]);

/** What the run has landed so far. */
export interface Landed {
  /** Rows of each object of findings. */
  readonly objects: readonly (readonly FindingRow[])[];
  readonly notices: readonly Pick<Notice, 'findingId'>[];
}

const datasetRows = ({ logType, rows }: SimulatedObject): DatasetRows => ({ dataset: logTypeById(logType).dataset, rows });

/** What single records of a final object show is notified by then, and not when some other job is final that shows it too. */
export function faultOfFinal(object: SimulatedObject, { objects, notices }: Landed): string | undefined {
  const single = simulatedRules.detections.filter(({ how }) => how.kind === 'single' || how.kind === 'indicator');
  const shown = single.flatMap((rule) => batchFindings(rule, [datasetRows(object)], tenantId, indicators));
  const quiet = objects.flat().flatMap((row) => (row.quiet_because === null ? [] : [row.finding_id]));
  const accounted = new Set<unknown>([...notices.map(({ findingId }) => findingId), ...quiet]);
  const missing = shown.find(({ id }) => !accounted.has(id));
  return missing && `an object is final, and nobody is notified of what it shows: ${missing.title} ${missing.key.join(' ')}`;
}

/** Everything is final: what is wrong first. */
export function faultOfEnd(objects: readonly SimulatedObject[], landed: Landed): string | undefined {
  const all = objects.map(datasetRows);
  const truth = new Map(
    simulatedRules.detections
      .flatMap((rule) => [...batchFindings(rule, all, tenantId, indicators), ...silencesIn(rule, all)])
      .map((one) => [one.id, one]),
  );
  return faultOfTruth([...truth.values()], landed) ?? faultOfLanded(truth, landed);
}

const idsIn = (rows: readonly FindingRow[], state: string): ReadonlySet<string> =>
  new Set(rows.flatMap((row) => (row.state === state ? [row.finding_id as string] : [])));

/** Everything that is true is there, as it should be. */
export function faultOfTruth(truth: readonly Finding[], { objects, notices }: Landed): string | undefined {
  const rows = objects.flat();
  const [found, superseded] = [idsIn(rows, 'new'), idsIn(rows, 'superseded')];
  for (const { id, title, key } of truth) {
    if (!found.has(id)) return `lost: ${title} ${key.join(' ')}`;
    if (superseded.has(id)) return `superseded though it is true: ${title} ${key.join(' ')}`;
    const isQuiet = rows.some((row) => row.finding_id === id && row.quiet_because !== null);
    if (!isQuiet && !notices.some(({ findingId }) => findingId === id)) return `landed, and not notified: ${title} ${key.join(' ')}`;
  }
  return undefined;
}

/** Everything that is there is true, or superseded, and there once an object. */
export function faultOfLanded(truth: ReadonlyMap<string, Finding>, { objects, notices }: Landed): string | undefined {
  const rows = objects.flat();
  const [found, superseded] = [idsIn(rows, 'new'), idsIn(rows, 'superseded')];
  for (const id of found) {
    const row = rows.find((one) => one.finding_id === id);
    if (!truth.has(id) && !superseded.has(id)) return `not true: ${JSON.stringify([row?.title, row?.finding_key])}`;
  }
  for (const { findingId } of notices) if (!found.has(findingId)) return `notified, and not landed: ${findingId}`;
  const isTwice = (own: readonly FindingRow[]): boolean =>
    new Set(own.map((row) => JSON.stringify([row.finding_id, row.state]))).size < own.length;
  return objects.some(isTwice) ? 'an object has a finding twice' : undefined;
}

/** What is absent in everything at once, as far back as it is looked for. */
function silencesIn(rule: Detection, lake: readonly DatasetRows[]): Finding[] {
  const { how } = rule;
  if (how.kind !== 'absence') return [];
  const times = lake.flatMap(({ dataset, rows }) =>
    rows.filter((row) => selectionsOn(rule, dataset).some(({ matches }) => matches(row))).flatMap((row) => timeOf(row) ?? []),
  );
  const completeTo = afterEverything();
  const seen = times.map((time) => Math.floor(time / hours(1)) * hours(1)).filter((hour) => hour >= completeTo - how.quietMs - days(3));
  return silences({ hours: seen, completeTo }, how.quietMs).map((begins) =>
    silenceFinding(rule, tenantId, { begins, quietMs: how.quietMs }),
  );
}
