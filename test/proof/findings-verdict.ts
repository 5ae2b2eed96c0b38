/** The verdict over findings: those of one batch over everything that has landed, none lost, none that is not true, each notified once. */

import { batchFindings } from '../../shared/detections/evaluate/findings.ts';
import type { FindingRow } from '../../shared/detections/finding-row.ts';
import type { Finding } from '../../shared/detections/finding.ts';
import { noIndicators } from '../../shared/detections/indicators.ts';
import { findingsDataset } from '../../shared/datasets/findings.ts';
import { landingKey } from '../../shared/domain/landing-key.ts';
import type { FetchJob } from '../../shared/domain/fetch-job.ts';
import { logTypeById } from '../../shared/log-types/index.ts';
import { faultOfLanded, faultOfTruth } from '../detections/judge.ts';
import type { FindingsFile } from './detecting-port.ts';
import type { Harness } from './harness.ts';
import type { Landed } from './landed.ts';
import { asRow, rulesOn } from './proof-rules.ts';
import type { LandedRow } from './stand-in-landing.ts';

/** What is wrong at the end, one line each. */
export async function judgeFindings(harness: Harness, landed: readonly Landed[]): Promise<string[]> {
  const { stream, ledger } = harness;
  const { dataset } = logTypeById(stream.logType);
  const all = landed.flatMap(({ raw }) => raw.rows);
  const found = rulesOn(dataset).flatMap((rule) => ofRule(harness, rule, all));
  const truth = new Map(found.map((finding) => [finding.id, finding]));
  const objects = landed.flatMap(({ job }) => findingsOf(harness, job) ?? []);
  const ids = new Set(objects.flat().map((row) => row.finding_id));
  const notices = (await ledger.unsent(Infinity, Infinity)).filter(({ findingId }) => ids.has(findingId));
  const failed = objects.flat().filter(({ state }) => state === 'error');
  const faults = failed.map(({ title, evidence }) => `the rule '${String(title)}' failed: ${String(evidence)}`);
  const seen = { objects, notices };
  return [...faults, faultOfTruth([...truth.values()], seen), faultOfLanded(truth, seen)].filter((fault) => fault !== undefined);
}

/** What single records of a job show that is final, and lies nowhere yet. */
export function missingFindings(harness: Harness, job: FetchJob, rows: readonly LandedRow[]): string[] {
  const { dataset } = logTypeById(job.stream.logType);
  const single = rulesOn(dataset).filter(({ how }) => how.kind === 'single');
  const shown = single.flatMap((rule) => ofRule(harness, rule, rows));
  return shown.filter(({ id }) => !harness.environment.landedFindings.has(id)).map(({ title, key }) => `${title} ${key.join(' ')}`);
}

const ofRule = ({ stream }: Harness, rule: Parameters<typeof batchFindings>[0], rows: readonly LandedRow[]): Finding[] =>
  batchFindings(
    rule,
    [{ dataset: logTypeById(stream.logType).dataset, rows: rows.map((row) => asRow(row, stream.logType)) }],
    stream.tenantId,
    noIndicators,
  );

function findingsOf({ lake }: Harness, job: FetchJob): readonly (readonly FindingRow[])[] | undefined {
  const object = lake.objectAt(landingKey(findingsDataset, job))?.content as FindingsFile | undefined;
  return object && [object.rows];
}
