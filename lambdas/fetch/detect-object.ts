/** One landed object and every rule: what the rules find in it, and in what it adds to the timelines of its groups. */

import {
  entitiesOf,
  entityKey,
  evidenceColumns,
  firstSeenFindings,
  groupsOf,
  hasVersions,
  indicatorFindings,
  selectionsOn,
  singleFindings,
  timelineFindings,
  type EntityDays,
} from '../../shared/detections/evaluate/findings.ts';
import type { Day } from '../../shared/detections/evaluate/first-seen.ts';
import { capped } from '../../shared/detections/evaluate/cap.ts';
import { eachOnce, groupKey, type GroupHits } from '../../shared/detections/evaluate/hit.ts';
import { fold } from '../../shared/detections/sigma/pattern.ts';
import type { Row } from '../../shared/detections/compile/row.ts';
import type { Detection } from '../../shared/detections/detection.ts';
import type { Finding } from '../../shared/detections/finding.ts';
import { forOneObject, type IndicatorIndex } from '../../shared/detections/indicators.ts';
import { days, type Instant } from '../../shared/domain/window.ts';
import type { ReadRows } from '../../shared/ports/detecting.ts';
import { togetherMs, type GroupRef, type SightedDays, type Sightings } from '../../shared/ports/sightings.ts';
import { hoursOf, presence } from './presence.ts';

/** A raw object that has landed. */
export interface LandedObject {
  /** Its job's id: what it puts is under this name, whoever puts it. */
  readonly jobId: string;
  readonly tenantId: string;
  readonly dataset: string;
  /** The object as a file. */
  readonly file: string;
}

/** What an object is asked with. */
export interface DetectObjectDeps {
  readonly detections: readonly Detection[];
  readonly indicators: IndicatorIndex;
  readonly sightings: Sightings;
  readonly readRows: ReadRows;
  readonly now: () => Instant;
}

/** A rule that could not be evaluated on an object. The others were. */
export interface RuleFailure {
  readonly detection: Detection;
  readonly reason: string;
}

/** What the rules say to an object. */
export interface Detected {
  readonly findings: readonly Finding[];
  readonly failures: readonly RuleFailure[];
}

/** A rule that takes longer than this over one row group is left out for the object: it costs itself alone. */
const ruleBudgetMs = 5_000;
/** What lands later than this is looked at with `lake detect`: what it would be counted with is forgotten by then. */
const latestMs = days(8);
const dayMs = days(1);

/**
 * Puts what the object has of each group, and only then reads the groups: of two workers whose objects make a finding together, the later
 * one sees both. Findings that are known already are left out. Safe to repeat; a repetition may find more, never less.
 *
 * @throws When a store fails. A rule that fails is logged, and stops nothing.
 */
export async function detectObject(object: LandedObject, deps: DetectObjectDeps): Promise<Detected> {
  const failures = new Map<Detection, string>();
  const asked = deps.detections.filter((detection) => selectionsOn(detection, object.dataset).length > 0);
  if (asked.length === 0) return { findings: [], failures: [] };
  const seen = await look(object, asked, failures, { ...deps, indicators: forOneObject(deps.indicators) });
  const findings = [
    ...seen.findings,
    ...(await ofTimelines(object, seen, failures, deps)),
    ...(await ofEntities(object, seen, failures, deps)),
  ];
  const known = await deps.sightings.known(findings.filter(({ state }) => state === 'new').map(({ id }) => id));
  return {
    findings: findings.filter(({ id, state }) => state !== 'new' || !known.has(id)),
    failures: [...failures].map(([detection, reason]) => ({ detection, reason })),
  };
}

interface Seen {
  readonly findings: Finding[];
  readonly groups: Map<Detection, Map<string, GroupHits>>;
  readonly entities: Map<Detection, Map<string, EntityDays>>;
  /** Of rules of absence: hours with a record. */
  readonly hours: Map<Detection, Set<number>>;
}

/** Nothing is found by it: the station of absences asks for it, once the stream is complete. */
const presencesOf = ({ tenantId }: LandedObject, { hours }: Seen, { now }: DetectObjectDeps): SightedDays[] =>
  [...hours].filter(([, seen]) => seen.size > 0).map(([detection, seen]) => presence(detection, tenantId, [...seen], now()));

type Failures = Map<Detection, string>;

/** Every row once, and every rule of it. */
async function look(
  { file, dataset, tenantId }: LandedObject,
  asked: readonly Detection[],
  failures: Failures,
  deps: DetectObjectDeps,
): Promise<Seen> {
  const seen: Seen = { findings: [], groups: new Map(), entities: new Map(), hours: new Map() };
  const found = new Map<Detection, Map<string, Finding>>();
  for await (const rows of deps.readRows(file, columnsOf(asked, dataset))) {
    const byOperation = Map.groupBy(rows, ({ operation }) => (typeof operation === 'string' ? fold(operation) : ''));
    for (const detection of asked) {
      guard(detection, failures, deps, () => {
        const some = rowsFor(detection, dataset, rows, byOperation);
        if (some.length === 0) return;
        if (detection.how.kind === 'absence') addHours(seen, detection, hoursOf(detection, some, dataset));
        const own = [
          ...singleFindings(detection, some, dataset, tenantId),
          ...indicatorFindings(detection, some, dataset, tenantId, deps.indicators),
        ];
        const ids = found.get(detection) ?? new Map<string, Finding>();
        found.set(detection, ids);
        for (const finding of own) if (!ids.has(finding.id)) ids.set(finding.id, finding);
        if (detection.how.kind === 'first-seen') addEntities(seen, detection, entitiesOf(detection, some, dataset));
        else if ('bucketMs' in detection.how) addGroups(seen, detection, groupsOf(detection, some, dataset));
      });
    }
  }
  // What a rule found before it failed is true all the same.
  for (const ids of found.values()) seen.findings.push(...ids.values());
  return seen;
}

function columnsOf(asked: readonly Detection[], dataset: string): readonly string[] {
  // Ids and keys are all different, and take longest to read.
  const columns = new Set(['event_time', 'record_key', 'operation', ...(hasVersions(dataset) ? ['record_id'] : [])]);
  for (const detection of asked) {
    for (const selection of selectionsOn(detection, dataset)) for (const column of selection.columns) columns.add(column);
    if (detection.how.kind === 'single' || detection.how.kind === 'indicator') for (const column of evidenceColumns) columns.add(column);
  }
  return [...columns];
}

/** Only rows with an operation that the rule is about: most rules are never asked. */
function rowsFor(
  detection: Detection,
  dataset: string,
  rows: readonly Row[],
  byOperation: ReadonlyMap<string, readonly Row[]>,
): readonly Row[] {
  const operations = new Set<string>();
  for (const selection of selectionsOn(detection, dataset)) {
    if (!selection.operations) return rows;
    for (const operation of selection.operations) operations.add(operation);
  }
  return [...operations].flatMap((operation) => byOperation.get(operation) ?? []);
}

/** Runs what a rule asks. One that throws, or takes too long, is asked no more of this object. */
function guard(detection: Detection, failures: Failures, { now }: DetectObjectDeps, work: () => void): void {
  if (failures.has(detection)) return;
  const begun = now();
  try {
    work();
    if (now() - begun > ruleBudgetMs) failures.set(detection, `it took longer than ${String(ruleBudgetMs)} ms over one row group`);
  } catch (error) {
    failures.set(detection, error instanceof Error ? error.message : String(error));
  }
}

function addHours({ hours }: Seen, detection: Detection, more: readonly number[]): void {
  const known = hours.get(detection) ?? new Set<number>();
  hours.set(detection, known);
  for (const hour of more) known.add(hour);
}

function addGroups({ groups }: Seen, detection: Detection, more: readonly GroupHits[]): void {
  const known = groups.get(detection) ?? new Map<string, GroupHits>();
  groups.set(detection, known);
  for (const { group, hits } of more) {
    const key = groupKey(group);
    const before = known.get(key);
    known.set(key, { group, hits: before ? eachOnce([...before.hits, ...hits]) : hits });
  }
}

function addEntities({ entities }: Seen, detection: Detection, more: readonly EntityDays[]): void {
  const known = entities.get(detection) ?? new Map<string, EntityDays>();
  entities.set(detection, known);
  for (const entity of more) {
    const key = entityKey(entity);
    known.set(key, { ...entity, days: new Map([...entity.days, ...(known.get(key)?.days ?? [])]) });
  }
}

/** Id and version: a changed rule begins anew. */
const ruleKey = ({ id, version }: Detection): string => `${id}@${version}`;

async function ofTimelines(
  { jobId, tenantId }: LandedObject,
  { groups }: Seen,
  failures: Failures,
  deps: DetectObjectDeps,
): Promise<Finding[]> {
  const sighted = [...groups].flatMap(([detection, byKey]) =>
    [...byKey].map(([key, { group, hits }]) => {
      const withinMs = 'withinMs' in detection.how ? detection.how.withinMs : 0;
      const ref: GroupRef = { rule: ruleKey(detection), tenantId, group: key, isTogether: withinMs <= togetherMs };
      const kept = capped(hits, detection.how);
      return { ...ref, detection, of: group, withinMs, hits: kept, keepUntil: deps.now() + withinMs + latestMs };
    }),
  );
  if (sighted.length === 0) return [];
  await deps.sightings.put(
    jobId,
    sighted.map(({ rule, group, isTogether = false, hits, keepUntil }) => ({ rule, tenantId, group, isTogether, hits, keepUntil })),
  );
  const ranges = sighted.map(({ rule, group, isTogether = false, hits, withinMs }) => ({
    ...{ rule, tenantId, group, isTogether },
    from: (hits[0]?.time ?? 0) - withinMs,
    to: (hits.at(-1)?.time ?? 0) + withinMs + 1,
  }));
  const timelines = await deps.sightings.timelines(ranges);
  const findings: Finding[] = [];
  for (const [index, { detection, of }] of sighted.entries()) {
    guard(detection, failures, deps, () => {
      findings.push(...timelineFindings(detection, of, timelines[index] ?? [], tenantId));
    });
  }
  return findings;
}

async function ofEntities(object: LandedObject, seen: Seen, failures: Failures, deps: DetectObjectDeps): Promise<Finding[]> {
  const { tenantId } = object;
  const { entities } = seen;
  const presences = presencesOf(object, seen, deps);
  const sighted = [...entities].flatMap(([detection, byKey]) =>
    [...byKey].map(([group, entity]) => {
      const withinDays = detection.how.kind === 'first-seen' ? detection.how.withinDays : 0;
      const own = [...entity.days.keys()];
      const keepUntil = Math.max(deps.now(), Math.max(...own) * dayMs) + withinDays * dayMs + latestMs;
      return { rule: ruleKey(detection), tenantId, group, detection, entity, days: own, withinDays, keepUntil };
    }),
  );
  if (sighted.length === 0) {
    if (presences.length > 0) await deps.sightings.remember(presences);
    return [];
  }
  const rules = daysOfRules(tenantId, sighted);
  const known = await rememberAndRecall(tenantId, sighted, [...rules, ...presences], deps);
  const learning = await learningRules(rules, deps);
  const findings: Finding[] = [];
  for (const [index, { detection, entity, rule }] of sighted.entries()) {
    guard(detection, failures, deps, () => {
      const found = firstSeenFindings(detection, entity, known[index] ?? [], tenantId);
      findings.push(...(learning.has(rule) ? found.map((finding): Finding => ({ ...finding, isLearning: true })) : found));
    });
  }
  return findings;
}

interface SightedEntity {
  readonly rule: string;
  readonly group: string;
  readonly days: readonly Day[];
  readonly withinDays: number;
  readonly keepUntil: Instant;
}

/** All in one write: each costs a wait for the disk. */
async function rememberAndRecall(
  tenantId: string,
  sighted: readonly SightedEntity[],
  rules: readonly SightedDays[],
  { sightings }: DetectObjectDeps,
) {
  const entities = sighted.map(({ rule, group, days, keepUntil }) => ({ rule, tenantId, group, days, keepUntil }));
  await sightings.remember([...entities, ...rules]);
  const ranges = sighted.map(({ rule, group, days: own, withinDays }) => ({
    ...{ rule, tenantId, group },
    // What comes within so many days after may be new because of what came as many days before it.
    from: Math.min(...own) - withinDays,
    to: Math.max(...own) + withinDays,
  }));
  return sightings.days(ranges);
}

/** What a first-seen rule keeps its own days under; no entity is called so. */
const ruleItself = '';

interface RuleDays extends SightedDays {
  readonly withinDays: number;
}

/** The days on which each rule saw anything. */
function daysOfRules(tenantId: string, sighted: readonly SightedEntity[]): readonly RuleDays[] {
  return [...Map.groupBy(sighted, ({ rule }) => rule)].map(([rule, of]) => {
    const own = of.flatMap((one) => one.days);
    const withinDays = Math.max(...of.map((one) => one.withinDays));
    return {
      rule,
      tenantId,
      group: ruleItself,
      days: [...new Set(own)],
      withinDays,
      keepUntil: Math.max(...of.map((one) => one.keepUntil)) + withinDays * dayMs,
    };
  });
}

/** Rules that saw their first day less than they look back before the days at hand: to them everything is new. */
async function learningRules(rules: readonly RuleDays[], { sightings }: DetectObjectDeps): Promise<ReadonlySet<string>> {
  const before = await sightings.days(
    rules.map((one) => ({ ...one, from: Math.min(...one.days) - 2 * one.withinDays, to: Math.min(...one.days) - one.withinDays })),
  );
  return new Set(rules.filter((_, index) => before[index]?.length === 0).map(({ rule }) => rule));
}
