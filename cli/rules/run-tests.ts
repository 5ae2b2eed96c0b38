/** The tests inside rules: their records are landed as Microsoft's are, and the rule is asked. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { contentJob } from '../../shared/domain/fetch-job.ts';
import type { Detection } from '../../shared/detections/detection.ts';
import { silences } from '../../shared/detections/evaluate/absence.ts';
import { batchFindings, selectionsOn, type DatasetRows } from '../../shared/detections/evaluate/findings.ts';
import { floorTo } from '../../shared/detections/evaluate/window.ts';
import { timeOf } from '../../shared/detections/evaluate/hit.ts';
import type { IndicatorIndex } from '../../shared/detections/indicators.ts';
import type { RuleTest, TestRecords } from '../../shared/detections/sigma/rule-tests.ts';
import { recordsOf } from '../../shared/detections/test-records.ts';
import { openLanding } from '../../shared/landing/landing.ts';
import { readRows } from '../../shared/landing/read-rows.ts';
import { logTypeById } from '../../shared/log-types/index.ts';

/** What one test came to. */
export interface TestResult {
  readonly rule: string;
  readonly test: string;
  readonly wanted: number;
  readonly got: number;
}

const tenantId = '5f2a6c1e-3d0b-4c55-9c2f-7a1d0e6b9f31';

/** Runs every test of the rules, one after the other. Nothing of it stays. */
export async function runRuleTests(detections: readonly Detection[]): Promise<readonly TestResult[]> {
  const folder = await mkdtemp(join(tmpdir(), 'm365-audit-lake-rules-'));
  const landing = await openLanding({ memoryMb: 200, spillFolder: folder });
  try {
    const results: TestResult[] = [];
    for (const detection of detections) {
      for (const [index, test] of detection.tests.entries()) {
        const lake: DatasetRows[] = [];
        for (const [part, records] of test.records.entries()) {
          lake.push(await landed(records, `${String(index)}-${String(part)}`, { landing, folder }));
        }
        results.push({ rule: detection.title, test: test.name, wanted: test.findings, got: countOf(detection, test, lake) });
      }
    }
    return results;
  } finally {
    landing.close();
    await rm(folder, { recursive: true, force: true });
  }
}

interface Place {
  readonly landing: Awaited<ReturnType<typeof openLanding>>;
  readonly folder: string;
}

async function landed(records: TestRecords, salt: string, { landing, folder }: Place): Promise<DatasetRows> {
  const logType = logTypeById(records.logType);
  const [cloud = 'enterprise'] = logType.clouds;
  const [file, into] = [join(folder, 'records.json'), join(folder, 'landed.parquet')];
  await writeFile(file, JSON.stringify(recordsOf(records, salt)));
  await rm(into, { force: true });
  const at = Date.parse(records.at);
  const job = contentJob({ cloud, tenantId, logType: logType.id }, 'contoso', [], at);
  const result = await landing.toParquet({ logType, job, from: [{ file }], into, landedAt: at, without: [], metadata: {} });
  if (result.kind === 'unreadable') throw new Error('the records of a test could not be landed: a bug, please report it');
  const rows = [];
  for await (const group of readRows(into, [...Object.keys(logType.columns), 'record_key', 'raw'])) rows.push(...group);
  return { dataset: logType.dataset, rows };
}

/** Every value that the test's records have counts as an indicator where it is under `.test.` or a documentation address. */
const testIndicators: IndicatorIndex = {
  find: (type, text) => (/^198\.51\.100\.|indicator/.test(text) ? { value: text, source: `test (${type})` } : undefined),
};

function countOf(detection: Detection, test: RuleTest, lake: readonly DatasetRows[]): number {
  if (detection.how.kind !== 'absence') return batchFindings(detection, lake, tenantId, testIndicators).length;
  const times = lake.flatMap(({ dataset, rows }) =>
    rows.filter((row) => selectionsOn(detection, dataset).some((selection) => selection.matches(row))).flatMap((row) => timeOf(row) ?? []),
  );
  const completeTo = Date.parse(test.completeTo ?? '');
  return silences({ hours: times.map((time) => floorTo(time, 3_600_000)), completeTo }, detection.how.quietMs).length;
}
