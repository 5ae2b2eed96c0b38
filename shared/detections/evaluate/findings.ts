/** From rows and timelines to findings, for each kind of rule. The station and a batch over the lake go through here alike. */

import { rawDataset } from '../../log-types/raw-dataset.ts';
import type { Row } from '../compile/row.ts';
import type { Detection, Selection } from '../detection.ts';
import { findingOf, type Finding } from '../finding.ts';
import type { Indicator, IndicatorIndex } from '../indicators.ts';
import { isNew, dayOf, firstSeen, type Day } from './first-seen.ts';
import { groupHits, groupKey, identityOf, timeOf, type GroupHits, type Hit } from './hit.ts';
import { sequenceOccurrences } from './sequence.ts';
import { travelOccurrences } from './travel.ts';
import { windowOccurrences, type Occurrence } from './window.ts';

/** Whether the records of a dataset have versions: then their id is the record. */
export function hasVersions(dataset: string): boolean {
  const known = versioned.get(dataset) ?? rawDataset(dataset).keeps.kind === 'newest version';
  versioned.set(dataset, known);
  return known;
}

/** Asked for every rule and object, and the catalog takes its time. */
const versioned = new Map<string, boolean>();

/** Selections of a detection that are about a dataset. */
export const selectionsOn = ({ selections }: Detection, dataset: string): readonly Selection[] =>
  selections.filter((selection) => selection.dataset === dataset);

/** Each record that a single rule matches. */
export function singleFindings(detection: Detection, rows: readonly Row[], dataset: string, tenantId: string): Finding[] {
  const { how } = detection;
  if (how.kind !== 'single') return [];
  const selections = selectionsOn(detection, dataset);
  const found: Finding[] = [];
  for (const row of rows) {
    if (!selections.some((selection) => selection.matches(row))) continue;
    found.push(findingOf(detection, tenantId, { ...recordFound(row, dataset, how.every), evidence: evidenceOf(row) }));
  }
  return found;
}

/** Each record and indicator that a rule of indicators finds in it. */
export function indicatorFindings(
  detection: Detection,
  rows: readonly Row[],
  dataset: string,
  tenantId: string,
  indicators: IndicatorIndex,
): Finding[] {
  const { how } = detection;
  if (how.kind !== 'indicator') return [];
  const selections = selectionsOn(detection, dataset);
  const found: Finding[] = [];
  for (const row of rows) {
    for (const selection of selections) {
      const indicator = selection.matches(row) ? lookedUp(selection, row, indicators) : none;
      for (const { value, ...listed } of indicator) {
        const record = recordFound(row, dataset, how.every);
        const evidence = { indicator: { value, ...listed }, ...evidenceOf(row) };
        found.push(findingOf(detection, tenantId, { ...record, key: [value, ...record.key], evidence }));
      }
    }
  }
  return found;
}

const none: readonly Indicator[] = [];

/** Each indicator once, however many fields of the row have it. Asked of every row, and nearly always of nothing that is listed: it makes nothing then. */
function lookedUp({ looksUp }: Selection, row: Row, indicators: IndicatorIndex): readonly Indicator[] {
  let found: Map<string, Indicator> | undefined;
  for (const { type, each } of looksUp) {
    each(row, (text) => {
      const indicator = indicators.find(type, text, timeOf(row));
      if (indicator) (found ??= new Map<string, Indicator>()).set(indicator.value, indicator);
      return false;
    });
  }
  return found ? [...found.values()] : none;
}

function recordFound(row: Row, dataset: string, every: 'record' | 'version') {
  const record = identityOf(row, hasVersions(dataset), every);
  return { key: [record], hits: [{ time: timeOf(row) ?? 0, record, part: 0 }], count: 1 };
}

/** What people look at first. */
export const evidenceColumns = [
  'operation',
  'actor_upn',
  'source_ip',
  'user_agent',
  'app_name',
  'target_name',
  'outcome',
  'country',
  'service',
  'log_type',
];

function evidenceOf(row: Row): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    evidenceColumns.flatMap((name) => (typeof row[name] === 'string' && row[name] !== '' ? [[name, row[name]]] : [])),
  );
}

/** The groups of an object that a stateful rule is about. */
export const groupsOf = (detection: Detection, rows: readonly Row[], dataset: string): readonly GroupHits[] =>
  groupHits(rows, selectionsOn(detection, dataset), hasVersions(dataset));

/** What the timeline of one group says to a rule of windows, sequences or travel. */
export function timelineFindings(detection: Detection, group: readonly string[], timeline: readonly Hit[], tenantId: string): Finding[] {
  return occurrencesOf(detection, timeline).map(({ bucket, hits, count }) =>
    findingOf(detection, tenantId, { key: [groupKey(group), String(bucket)], group, hits, count }),
  );
}

function occurrencesOf({ how }: Detection, timeline: readonly Hit[]): readonly Occurrence[] {
  switch (how.kind) {
    case 'window':
      return windowOccurrences(timeline, how);
    case 'sequence':
      return sequenceOccurrences(timeline, how);
    case 'travel':
      return travelOccurrences(timeline, how);
    default:
      return [];
  }
}

/** The days of an object on which an entity had a value. */
export interface EntityDays {
  readonly group: readonly string[];
  readonly value: string;
  /** Of each day the first hit. */
  readonly days: ReadonlyMap<Day, Hit>;
}

/** Entities and their values, of the rows that a first-seen rule matches. */
export function entitiesOf(detection: Detection, rows: readonly Row[], dataset: string): readonly EntityDays[] {
  const entities = new Map<string, { group: readonly string[]; value: string; days: Map<Day, Hit> }>();
  for (const { group, hits } of groupsOf(detection, rows, dataset)) {
    for (const hit of hits) {
      if (hit.value === undefined) continue;
      const key = entityKey({ group, value: hit.value });
      const entry = entities.get(key) ?? { group, value: hit.value, days: new Map<Day, Hit>() };
      entities.set(key, entry);
      if (!entry.days.has(dayOf(hit.time))) entry.days.set(dayOf(hit.time), hit);
    }
  }
  return [...entities.values()];
}

/** One text for an entity and a value. */
export const entityKey = ({ group, value }: Pick<EntityDays, 'group' | 'value'>): string => JSON.stringify([...group, value]);

/** What the days of one entity and value say to a first-seen rule, and what is no more true of what was found before. */
export function firstSeenFindings(detection: Detection, entity: EntityDays, known: readonly Day[], tenantId: string): Finding[] {
  const { how } = detection;
  if (how.kind !== 'first-seen') return [];
  const { found, superseded } = firstSeen([...entity.days.keys()], known, how.withinDays);
  const { group, value } = entity;
  const of = (day: Day, hit: Hit, state: Finding['state']): Finding =>
    findingOf(detection, tenantId, {
      key: [entityKey(entity), String(day)],
      group,
      hits: [hit],
      count: 1,
      state,
      evidence: { value, record: hit.record },
    });
  const [own] = entity.days.values();
  return [
    ...found.flatMap((day) => {
      const hit = entity.days.get(day);
      return hit ? [of(day, hit, 'new')] : [];
    }),
    // The record that shows it is one of ours.
    ...superseded.flatMap((day) => (own ? [of(day, own, 'superseded')] : [])),
  ];
}

/** Rows of one object, or of all of a dataset. */
export interface DatasetRows {
  readonly dataset: string;
  readonly rows: readonly Row[];
}

/** A rule over everything at once: what the station's findings of the single objects have to come to together. */
export function batchFindings(detection: Detection, lake: readonly DatasetRows[], tenantId: string, indicators: IndicatorIndex): Finding[] {
  const byId = new Map<string, Finding>();
  const add = (findings: readonly Finding[]): void => {
    for (const finding of findings) if (!byId.has(finding.id)) byId.set(finding.id, finding);
  };
  for (const { dataset, rows } of lake) {
    add(singleFindings(detection, rows, dataset, tenantId));
    add(indicatorFindings(detection, rows, dataset, tenantId, indicators));
  }
  if (detection.how.kind === 'first-seen') add(batchFirstSeen(detection, lake, tenantId));
  const timelines = new Map<string, { group: readonly string[]; hits: Hit[] }>();
  for (const { dataset, rows } of lake) {
    for (const { group, hits } of groupsOf(detection, rows, dataset)) {
      const entry = timelines.get(groupKey(group)) ?? { group, hits: [] };
      timelines.set(groupKey(group), entry);
      entry.hits.push(...hits);
    }
  }
  for (const { group, hits } of timelines.values()) add(timelineFindings(detection, group, hits, tenantId));
  return [...byId.values()];
}

function batchFirstSeen(detection: Detection, lake: readonly DatasetRows[], tenantId: string): Finding[] {
  const { how } = detection;
  const entities = new Map<string, EntityDays[]>();
  for (const { dataset, rows } of lake) {
    for (const entity of entitiesOf(detection, rows, dataset))
      entities.set(entityKey(entity), [...(entities.get(entityKey(entity)) ?? []), entity]);
  }
  return [...entities.values()].flatMap((parts) => {
    const all = new Set(parts.flatMap(({ days }) => [...days.keys()]));
    const [first] = parts;
    const days = new Map(
      parts.flatMap((part) => [...part.days]).filter(([day]) => how.kind === 'first-seen' && isNew(day, all, how.withinDays)),
    );
    return first ? firstSeenFindings(detection, { ...first, days }, [...all], tenantId).filter(({ state }) => state === 'new') : [];
  });
}
