import { join } from 'node:path';
import { findingsDataset } from '../../shared/datasets/findings.ts';
import type { Detection } from '../../shared/detections/detection.ts';
import { selectionsOn } from '../../shared/detections/evaluate/findings.ts';
import { levels } from '../../shared/detections/sigma/rule.ts';
import { findingOf, type Finding } from '../../shared/detections/finding.ts';
import { findingRow, type FindingRow } from '../../shared/detections/finding-row.ts';
import { noIndicators, type IndicatorIndex } from '../../shared/detections/indicators.ts';
import { silentBecause } from '../../shared/detections/lint.ts';
import { allowedBecause } from '../../shared/detections/switches.ts';
import { landingKey } from '../../shared/domain/landing-key.ts';
import { days, hours, type Instant } from '../../shared/domain/window.ts';
import type { Detecting } from '../../shared/ports/detecting.ts';
import { mostNotices, type Notice } from '../../shared/ports/ledger.ts';
import { detectObject, type RuleFailure } from './detect-object.ts';
import type { Attempt } from './fetching.ts';

/** What a job's rules found, as it lies in the lake. */
export type LandedFindings = readonly FindingRow[];

/**
 * Evaluates the rules of a job on the raw object at its key, and lands what they find beside it. Whoever puts that object decides, as with raw
 * ones: everybody else takes what it has, so that the job's final write notifies of what has landed. No findings leave no object.
 */
export async function detect(attempt: Attempt): Promise<LandedFindings> {
  const { deps, logType, key, folder, job } = attempt;
  const { detecting, lake } = deps;
  if (!detecting) return [];
  const detections = await detectionsFor(attempt, detecting);
  if (detections.length === 0) return [];

  const findingsKey = landingKey(findingsDataset, job);
  const landed = await findingsAt(attempt, findingsKey, detecting);
  if (landed) return landed;

  const file = await lake.get(key, folder);
  if (file === undefined) throw new Error(`the object at ${key} was there and is gone`);
  const object = { jobId: job.jobId, tenantId: job.stream.tenantId, dataset: logType.dataset, file };
  const { findings, failures } = await detectObject(object, {
    ...detecting,
    detections,
    indicators: await indicatorsFor(detections, detecting),
    now: () => deps.clock.now(),
  });
  for (const { detection, reason } of failures)
    deps.log.error('a rule failed and was left out', { tenant: job.tenantName, job: job.jobId, rule: detection.id, count: 1, reason });
  const rows = await rowsOf(attempt, detections, [...findings, ...failures.map((failure) => failureFinding(attempt, failure))]);
  if (rows.length === 0) return [];

  const into = join(folder, 'findings.parquet');
  const metadata = { job: job.jobId };
  await detecting.files.write(rows, into, metadata);
  if ((await lake.putOnce(findingsKey, into, metadata)) === 'put') return rows;
  return (await findingsAt(attempt, findingsKey, detecting)) ?? rows;
}

/** None are asked for where no rule looks anything up. */
export const indicatorsFor = (detections: readonly Detection[], { indicators }: Pick<Detecting, 'indicators'>): Promise<IndicatorIndex> =>
  detections.some(({ how }) => how.kind === 'indicator') ? indicators() : Promise.resolve(noIndicators);

/** After the job is final, nobody else has to land what it has landed. Never before: a job that dies takes its notices with it. */
export async function noteKnown({ deps }: Attempt, findings: LandedFindings): Promise<void> {
  const ids = findings.filter(({ state }) => state === 'new').map((row) => row.finding_id as string);
  if (ids.length > 0) await deps.detecting?.sightings.noteKnown(ids, deps.clock.now() + knownForMs);
}

/** A group whose window has passed so long ago is found again only by what is that late. */
export const knownForMs = days(40);

/** What the outbox gets: what is new, and not quiet for any reason. */
export function noticesOf(findings: LandedFindings, at: Instant): Notice[] {
  const loud = findings.filter(({ state, quiet_because: quiet }) => state === 'new' && quiet === null);
  return loud.map((row) => ({ findingId: row.finding_id as string, finding: JSON.stringify(row), at }));
}

async function detectionsFor({ job, logType, deps }: Attempt, { rules }: Detecting): Promise<readonly Detection[]> {
  const { detections } = await rules.read(job.rules);
  const about = detections.filter((detection) => selectionsOn(detection, logType.dataset).length > 0);
  if (!about.some(({ unlessCollected }) => unlessCollected.length > 0)) return about;
  const tenant = await deps.tenants.byName(job.tenantName);
  const collected = [...(tenant?.managementActivity?.logTypes ?? []), ...(tenant?.graph?.logTypes ?? [])] as readonly string[];
  return about.filter(({ unlessCollected }) => !unlessCollected.some((id) => collected.includes(id)));
}

async function findingsAt({ deps, folder }: Attempt, key: string, { files }: Detecting): Promise<LandedFindings | undefined> {
  const file = await deps.lake.get(key, folder);
  return file === undefined ? undefined : files.read(file);
}

/** A rule that failed is a row as well, once an object: somebody has to look at the rule. */
function failureFinding({ job, deps }: Attempt, { detection, reason }: RuleFailure): Finding {
  const hits = [{ time: deps.clock.now(), record: '', part: 0 }];
  const found = { key: ['error', job.jobId], hits, count: 1, evidence: { reason } };
  return { ...findingOf(detection, job.stream.tenantId, found), records: [], state: 'error' };
}

/** Events older than this come from an import, or from a tenant that was away: nobody is woken for them. */
const oldMs = hours(48);

async function rowsOf(attempt: Attempt, detections: readonly Detection[], findings: readonly Finding[]): Promise<FindingRow[]> {
  if (findings.length === 0) return [];
  const { job, deps, key } = attempt;
  const now = deps.clock.now();
  const gaps = await deps.ledger.gaps(job.stream);
  const losses = await deps.ledger.losses(job.stream);
  const byId = new Map(detections.map((detection) => [detection.id, detection]));
  let notified = 0;
  return mostSevereFirst(findings).map((finding) => {
    const detection = byId.get(finding.ruleId);
    const quiet = quietBecause(finding, detection, now) ?? (notified >= mostNotices ? 'more than can be sent at once' : undefined);
    if (quiet === undefined && finding.state === 'new') notified += 1;
    const window = { from: finding.firstTime - hours(1), to: finding.lastTime + hours(1) };
    return findingRow(finding, {
      tenantName: job.tenantName,
      cloud: job.stream.cloud,
      foundAt: now,
      object: key,
      isIncomplete:
        gaps.some(({ from, to }) => from < window.to && to > window.from) ||
        losses.some(({ created }) => created >= window.from && created < window.to + days(1)),
      ...(quiet !== undefined && { quietBecause: quiet }),
    });
  });
}

const mostSevereFirst = (findings: readonly Finding[]): Finding[] =>
  [...findings].sort((a, b) => levels.indexOf(b.level) - levels.indexOf(a.level) || a.firstTime - b.firstTime || (a.id < b.id ? -1 : 1));

/** Why nobody is notified of a finding; undefined where somebody is. */
export function quietBecause(finding: Finding, detection: Detection | undefined, now: Instant): string | undefined {
  const { lastTime, isLearning } = finding;
  const silent = (detection && silentBecause(detection)) ?? allowedBecause(finding.group, detection?.allowed ?? [], now);
  if (silent !== undefined) return silent;
  if (lastTime < now - oldMs) return 'it is older than 48 hours';
  return isLearning ? 'the rule is still learning what is usual' : undefined;
}
