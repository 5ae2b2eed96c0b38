/** The verdict over findings: those of one batch over everything that has landed, none lost, none that is not true, each notified once. */

import type { FindingRow } from '../../shared/detections/finding-row.ts';
import { findingsDataset } from '../../shared/datasets/findings.ts';
import { landingKey } from '../../shared/domain/landing-key.ts';
import type { FetchJob } from '../../shared/domain/fetch-job.ts';
import { logTypeById } from '../../shared/log-types/index.ts';
import { faultOfLanded, faultOfTruth } from '../detections/judge.ts';
import type { FindingsFile } from './detecting-port.ts';
import type { Harness } from './harness.ts';
import type { Landed } from './landed.ts';
import { ofRule } from './missing-findings.ts';
import { rulesOn } from './proof-rules.ts';

/** What is wrong at the end, one line each. */
export async function judgeFindings(harness: Harness, landed: readonly Landed[]): Promise<string[]> {
  const { stream, ledger } = harness;
  const { dataset } = logTypeById(stream.logType);
  const all = landed.flatMap(({ raw }) => raw.rows);
  const found = rulesOn(dataset).flatMap((rule) => ofRule(stream, rule, all));
  const truth = new Map(found.map((finding) => [finding.id, finding]));
  const objects = landed.flatMap(({ job }) => findingsOf(harness, job) ?? []);
  const ids = new Set(objects.flat().map((row) => row.finding_id));
  const notices = (await ledger.unsent(Infinity, Infinity)).filter(({ findingId }) => ids.has(findingId));
  const failed = objects.flat().filter(({ state }) => state === 'error');
  const faults = failed.map(({ title, evidence }) => `the rule '${title as string}' failed: ${evidence as string}`);
  const seen = { objects, notices };
  return [...faults, faultOfTruth([...truth.values()], seen), faultOfLanded(truth, seen)].filter((fault) => fault !== undefined);
}

function findingsOf({ lake }: Harness, job: FetchJob): readonly (readonly FindingRow[])[] | undefined {
  const object = lake.objectAt(landingKey(findingsDataset, job))?.content as FindingsFile | undefined;
  return object && [object.rows];
}
